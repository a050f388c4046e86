import type { Feature } from './history.ts';
import { FEATURES } from './history.ts';
import type { ShortHistory } from './short-history.ts';

/** A fault that was found, with the history that shows it. */
export interface KnownFault {
  readonly name: string;
  /** `open`: its history still fails, and random histories have none of its features. `fixed`: both must pass. */
  readonly state: 'open' | 'fixed';
  /** What the world needs to show the fault, and nothing that it can show without. */
  readonly features: readonly Feature[];
  /** The seed that it was found with. */
  readonly seed: number;
  readonly history: ShortHistory;
}

/** Set `state` to `fixed` with the fix. */
export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    name: 'shards of the index that lag differently leave two cases open',
    state: 'fixed',
    features: ['uneven-index'],
    seed: 1,
    history: {
      service: { newCaseLag: [0, 5000] },
      events: [{}, { result: 'success' }, { wait: 10_000 }, {}],
      ends: ['failure'],
    },
  },
  {
    name: 'a failure that finds two open cases leaves both open',
    state: 'fixed',
    features: [],
    seed: 1,
    history: {
      events: [
        {},
        { result: 'success' },
        { wait: 10_000 },
        { kind: 'person', wait: 3_600_000, does: 'reopens', which: 1 },
        {},
      ],
      ends: ['failure'],
    },
  },
  {
    name: 'one step opens a case while another one reopens one',
    state: 'fixed',
    features: [],
    seed: 7,
    history: {
      service: { newCaseLag: [5000, 5000], changeLag: [5000, 5000] },
      jobs: [{ action: 'main', dedupKey: 'production', reopenHours: 24 }, { dedupKey: 'production' }],
      events: [{}, { wait: 10_000, result: 'success' }, { lasts: 3000 }, { job: 1, salt: 551 }],
    },
  },
  {
    name: 'of two runs that reopen a case, the older one is recorded',
    state: 'fixed',
    features: [],
    seed: 1,
    history: {
      project: 'name',
      jobs: [{ action: 'main', dedupKey: 'production', reopenHours: 24 }, {}],
      events: [
        { job: 1 },
        { job: 1 },
        {},
        {},
        {},
        { job: 1 },
        { job: 1 },
        { result: 'success' },
        { wait: 3_600_000, job: 1 },
        {},
        { wait: 1000, result: 'success' },
        { job: 1 },
        { job: 1, lasts: 0 },
        { lasts: 0, salt: 6375 },
        {},
      ],
    },
  },
  {
    name: 'a job that succeeds closes what another job of its attempt opened',
    state: 'fixed',
    features: ['twin-jobs'],
    seed: 1,
    history: {
      events: [
        {},
        {},
        { wait: 100, run: 'twin' },
        { run: 'twin', result: 'success', salt: 797 },
        { wait: 10_000 },
        {},
      ],
    },
  },
  {
    name: 'a project that is written in another way is another project',
    state: 'fixed',
    features: ['spellings'],
    seed: 1,
    history: { events: [{ isRespelled: true }] },
  },
  {
    name: "a person's note below the last line loses the case",
    state: 'fixed',
    features: ['notes-below'],
    seed: 1,
    history: { events: [{}, { kind: 'person', wait: 60_000, does: 'writes below' }, {}] },
  },
  {
    name: 'a page with fewer cases than asked for ends the search',
    state: 'fixed',
    features: ['short-pages', 'uneven-pages'],
    seed: 7,
    history: { service: { pageSize: 1 }, events: [{ lasts: 100_000 }, { lasts: 100_000 }] },
  },
  {
    name: 'a limit on descriptions costs the case',
    state: 'fixed',
    features: ['text-limits'],
    seed: 1,
    history: { service: { limit: { characters: 300, how: 'refuses' } }, events: [{}] },
  },
  {
    name: 'a step that is interrupted does not end by itself',
    state: 'fixed',
    features: ['signals'],
    seed: 1,
    history: { events: [{ stop: { request: 1, when: 'after', how: 'signal' } }, {}] },
  },
  {
    name: 'a case that was closed without closed_at is not reopened',
    state: 'fixed',
    features: ['no-closing-time'],
    seed: 1,
    history: {
      service: { hasClosingTime: false },
      jobs: [{ reopenHours: 24 }, {}],
      events: [{}, { result: 'success', lasts: 3000 }, { lasts: 100_000 }, { result: 'cancelled' }],
    },
  },
  {
    name: 'the same repository on two servers shares cases',
    state: 'fixed',
    features: ['two-servers'],
    seed: 1,
    history: {
      jobs: [
        { name: 'deploy', branch: 'topic', server: 'https://ghe.acme.example' },
        { name: 'deploy', branch: 'topic' },
        {},
      ],
      events: [{ job: 1 }, {}],
    },
  },
  {
    name: 'the runs of two servers that share a key are compared',
    state: 'fixed',
    features: ['two-servers'],
    seed: 1,
    history: {
      jobs: [{ dedupKey: 'production', server: 'https://ghe.acme.example' }, { dedupKey: 'production' }],
      events: [{}, { lasts: 0 }, { job: 1, result: 'success' }, {}],
    },
  },
  {
    name: 'a failure on another server hides the newer run from an older one',
    state: 'fixed',
    features: ['two-servers'],
    seed: 1,
    history: {
      jobs: [{ dedupKey: 'production' }, { dedupKey: 'production', server: 'https://ghe.acme.example' }],
      events: [{ result: 'success', lasts: 100_000 }, { wait: 1000 }, { job: 1, wait: 10_000 }],
    },
  },
  {
    name: 'closes the duplicates of a case that another step has closed since',
    state: 'fixed',
    features: [],
    seed: 917191270,
    history: {
      service: { wantsStatusNames: true },
      events: [
        { faults: [{ on: 'any', skip: 0, times: 1, name: 'meets a rate limit' }] },
        {
          faults: [{ on: 'any', skip: 0, times: 1, name: 'meets a rate limit' }],
          stop: { request: 1, when: 'after', how: 'kill' },
        },
        { lasts: 0, faults: [{ on: 'case', skip: 0, times: 1, name: 'meets a rate limit' }] },
        { lasts: 200, faults: [{ on: 'any', skip: 0, times: 1, name: 'gets a 403' }], salt: 2 },
        { result: 'success', lasts: 200, isRespelled: true },
        { kind: 'person' },
      ],
    },
  },
  {
    name: 'closes its duplicate of a case that was closed while closing took two requests',
    state: 'fixed',
    features: [],
    seed: 2091318668,
    history: {
      service: { limit: { characters: 1000, how: 'refuses' }, wantsStatusNames: true },
      jobs: [{ isWordy: true }],
      events: [
        { faults: [{ on: 'any', skip: 0, times: 1, name: 'meets a rate limit' }], salt: 1100 },
        { wait: 3000, faults: [{ on: 'any', skip: 0, times: 1, name: 'meets a rate limit' }] },
        { lasts: 200, faults: [{ on: 'lookup', skip: 0, times: 1, name: 'meets a rate limit' }] },
        { wait: 1000, result: 'success', lasts: 0, salt: 1526 },
        { kind: 'person', wait: 300, does: 'writes above' },
        {},
      ],
    },
  },
  {
    name: 'recording a run cuts off that of another server',
    state: 'fixed',
    features: ['text-limits', 'two-servers'],
    seed: 78,
    history: {
      service: { limit: { characters: 1000, how: 'cuts' } },
      jobs: [
        { dedupKey: 'production', isWordy: true },
        { dedupKey: 'production', server: 'https://ghe.acme.example' },
      ],
      events: [
        {
          job: 1,
          lasts: 100_000,
          faults: [{ on: 'any', skip: 0, times: 1, name: 'meets a rate limit' }],
        },
        { faults: [{ on: 'any', skip: 0, times: 1, name: 'meets a rate limit' }] },
        { wait: 3000, result: 'success', lasts: 100_000 },
        {},
      ],
    },
  },
  {
    name: 'an older run closes a reopened case before it names the run that failed',
    state: 'fixed',
    features: ['reopening'],
    seed: 555001,
    history: {
      jobs: [{ reopenHours: 24 }],
      events: [
        {},
        {},
        { result: 'success', lasts: 20_000 },
        { wait: 3_600_000, result: 'success', salt: 4673 },
        { wait: 300, lasts: 200, salt: 4250 },
        { wait: 1000 },
      ],
    },
  },
  {
    name: 'the inputs of another action send keys to its address',
    state: 'fixed',
    features: ['evaluated-again'],
    seed: 1,
    history: { events: [{ atEnd: 'other' }, {}] },
  },
  {
    name: 'inputs that are empty at the end of the job cost the case',
    state: 'fixed',
    features: ['evaluated-again'],
    seed: 1,
    history: { events: [{ atEnd: 'empty' }, {}] },
  },
  {
    name: 'a case can only be closed with a deprecated field',
    state: 'fixed',
    features: ['status-names-only'],
    seed: 1,
    history: { service: { wantsStatusNames: true }, events: [{}] },
  },
  {
    name: 'a case can only be reopened with a deprecated field',
    state: 'fixed',
    features: ['status-names-only', 'reopening'],
    seed: 21,
    history: {
      service: { wantsStatusNames: true },
      jobs: [{ reopenHours: 24 }],
      events: [{}, { wait: 10_000, result: 'success' }],
      ends: ['failure'],
    },
  },
  {
    name: 'a part of a key in a long dedup_key is shown',
    state: 'fixed',
    features: ['secrets-in-keys'],
    seed: 1,
    history: { jobs: [{ dedupKey: 'production', leak: 'key' }], events: [{ result: 'success' }] },
  },
  {
    name: 'a case that cannot be fetched is believed to be open',
    state: 'fixed',
    features: [],
    seed: -874224259,
    history: {
      service: { changeLag: [30_000, 30_000] },
      events: [
        {},
        { kind: 'person', wait: 3000 },
        { faults: [{ on: 'case', skip: 0, times: 1, name: 'gets a 403' }] },
        { result: 'cancelled' },
      ],
    },
  },
  {
    name: 'a success needs the whole timeout to find out that nothing is open',
    state: 'fixed',
    features: [],
    seed: 1,
    history: {
      jobs: [{ action: 'main', dedupKey: 'production' }],
      events: [
        {
          result: 'success',
          faults: [{ on: 'any', skip: 0, times: 1, name: 'gets no answer and is processed later' }],
        },
        {},
      ],
    },
  },
  {
    name: 'a step reopens a case while another one, with another reopen_within, opens one',
    state: 'fixed',
    features: [],
    seed: 55001,
    history: {
      jobs: [
        {},
        { action: 'main', dedupKey: 'production', reopenHours: 24 },
        { action: 'main', dedupKey: 'production' },
      ],
      events: [
        { job: 1 },
        {},
        { job: 1, result: 'success' },
        { wait: 10_000, job: 1, lasts: 0 },
        { job: 2, lasts: 200, salt: 1779 },
        { wait: 3000 },
      ],
    },
  },
];

/** What random histories have: everything except what only shows open faults. */
export const SOUND_FEATURES: readonly Feature[] = FEATURES.filter(
  (feature) => !KNOWN_FAULTS.some(({ state, features }) => state === 'open' && features.includes(feature)),
);
