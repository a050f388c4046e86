import type { ShortSyncHistory } from './short-history.ts';

/** A fault that was found and fixed, with the history that showed it. */
export interface KnownSyncFault {
  readonly name: string;
  /** The seed that it was found with. */
  readonly seed: number;
  readonly history: ShortSyncHistory;
}

export const KNOWN_SYNC_FAULTS: readonly KnownSyncFault[] = [
  {
    name: 'a case that another run had unmarked looks as if a person had closed it',
    seed: 1,
    history: {
      reports: [[{}], []],
      events: [{}, {}, { report: 1, salt: 8490 }, { wait: 1000, salt: 162 }, {}],
    },
  },
  {
    name: 'a case that another run changes after it was closed looks as if a person had closed it',
    seed: 2,
    history: {
      reports: [[{}], [], [{ severity: 'high' }]],
      events: [{ report: 2 }, {}, { wait: 0, report: 1 }, {}],
    },
  },
  {
    name: 'duplicates stay open when their cases are closed, and older runs leave their own open',
    seed: 2,
    history: {
      reports: [[{ what: 1 }, {}, { what: 2 }], []],
      events: [{ salt: 8572 }, { wait: 300 }, { report: 3 }],
    },
  },
  {
    name: 'a duplicate of another group_by is closed',
    seed: 4,
    history: {
      jobs: [
        { format: 'junit', source: 'right' },
        { format: 'junit', grouping: 1, source: 'right' },
      ],
      events: [{ lasts: 3000, salt: 1271 }, { wait: 3000 }, { job: 1 }, {}],
    },
  },
  {
    name: 'a last line that is cut off in its middle counts as whole',
    seed: 21,
    history: {
      service: { limit: { characters: 1000, how: 'cuts' } },
      reports: [[{ what: 3 }, { what: 3, where: 1 }]],
      events: [{}],
    },
  },
  {
    name: 'the case of a suite forgets the tests of its duplicate',
    seed: 31,
    history: {
      service: { newCaseLag: [0, 5000] },
      jobs: [{ format: 'junit', grouping: 1 }],
      reports: [[{ what: 3 }], [{ what: 1 }], [{ what: 1, how: 'passes' }]],
      events: [{ report: 1 }, { wait: 1000 }],
      ends: [2, 0, 0],
    },
  },
  {
    name: 'a note below the last line makes a description too long to be updated',
    seed: 51,
    history: {
      service: { limit: { characters: 1000, how: 'cuts' } },
      jobs: [{ fileCount: 2 }],
      reports: [[{ file: 1 }, {}]],
      events: [
        { flaw: { kind: 'cut', file: 0, percent: 0 } },
        { kind: 'person', does: 'writes below' },
        { stop: { request: 1, when: 'after', how: 'kill' } },
      ],
    },
  },
  {
    name: 'a case of a create request without a response lacks its priority',
    seed: 62,
    history: {
      service: { refusesDetails: true },
      jobs: [{}, { branch: 'topic' }, { format: 'junit', isDetailed: true }],
      events: [
        {
          job: 2,
          faults: [{ on: 'any', skip: 3, times: 1, name: 'gets no answer and is processed later' }],
        },
        {},
      ],
    },
  },
  {
    name: 'a case that another run opens while pages are read hides another one',
    seed: 211,
    history: {
      service: { pageSize: 1 },
      jobs: [{ source: 'right' }, {}, { grouping: 1, source: 'right' }],
      reports: [[{ where: 1 }, {}], []],
      events: [
        { report: 3 },
        { job: 2 },
        {},
        { wait: 0, job: 2, salt: 3754 },
        { job: 2, run: 'same', lasts: 100_000, report: 3, salt: 1884 },
      ],
      ends: [3, 0, 1],
    },
  },
  {
    name: 'a last line that was cut off is lost when several runs close the case',
    seed: 311,
    history: {
      service: { limit: { characters: 1000, how: 'cuts' }, refusesDetails: true },
      jobs: [{ isDetailed: true }],
      reports: [[], [{}, { what: 3 }, { what: 3, where: 1 }], []],
      events: [
        {},
        {},
        {},
        { report: 1, salt: 3565 },
        { wait: 1000 },
        { wait: 0, job: 1, run: 'again', salt: 1160 },
        { wait: 0, lasts: 200, salt: 174 },
        {
          wait: 100,
          job: 1,
          run: 'older',
          report: 3,
          faults: [
            { on: 'any', skip: 2, times: 1, name: 'is refused a connection' },
            { on: 'status', skip: 0, times: 1, name: 'gets a 504 and is processed later' },
          ],
          salt: 3547,
        },
      ],
    },
  },
  {
    name: 'a case is called not reopened because its description is refused',
    seed: 888000,
    history: {
      service: { limit: { characters: 1000, how: 'refuses' } },
      jobs: [{}, { tool: 'Linter' }],
      reports: [[], [], [{}], [{}, { what: 1 }]],
      events: [
        {
          job: 1,
          report: 2,
          faults: [{ on: 'any', skip: 0, times: 1, name: 'meets a rate limit' }],
        },
        { job: 1, lasts: 100_000 },
        { kind: 'person', does: 'writes above' },
        { kind: 'person', wait: 0, does: 'writes below' },
        {},
      ],
      ends: [0, 3, 0],
    },
  },
  {
    name: 'a suite is closed although another attempt has recorded a failing test since this was decided',
    seed: 20261128,
    history: {
      jobs: [{ format: 'junit', grouping: 1 }, {}],
      reports: [[{ how: 'passes' }], [{ what: 2 }], [], [{}]],
      events: [
        { stop: { request: 1, when: 'after', how: 'kill' } },
        { lasts: 100_000, report: 1, salt: 2172 },
        { wait: 100, job: 1 },
        { wait: 100, run: 'again', lasts: 100_000, salt: 6 },
        { run: 'older', report: 3 },
        {},
      ],
    },
  },
  {
    name: 'a case takes from its duplicate what it knows better, and the next run writes it again',
    seed: 20261129,
    history: {
      service: { newCaseLag: [0, 5000] },
      jobs: [{}, { tool: 'Linter' }, { source: 'right', fileCount: 2 }],
      reports: [[{}], [], [{ file: 1 }]],
      events: [{ job: 2 }, { wait: 1000, job: 2 }, {}],
      ends: [0, 0, 2],
    },
  },
];
