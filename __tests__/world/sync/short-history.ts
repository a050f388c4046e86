import type { PersonEvent, Service } from '../history.ts';
import { SERVICE } from '../short-history.ts';
import type { ReportEntry, SyncEvent, SyncHistory, SyncJob } from './history.ts';
import { CALM } from './run-history.ts';

/** A history without what is usual, so that it can be read and kept. */
export interface ShortSyncHistory {
  readonly service?: Partial<Service>;
  readonly jobs?: readonly Partial<SyncJob>[];
  readonly reports?: readonly (readonly Partial<ReportEntry>[])[];
  readonly events: readonly (Partial<SyncEvent> | (Partial<PersonEvent> & { readonly kind: 'person' }))[];
  readonly ends?: readonly number[];
}

const JOB: SyncJob = {
  format: 'sarif',
  grouping: 0,
  source: 'left',
  tool: 'Scanner',
  branch: 'main',
  isBranchNamed: false,
  fileCount: 1,
  isPattern: false,
  minSeverity: 'medium',
  maxNew: 20,
  maxClosed: 20,
  close: true,
  onClosed: '',
  timeoutSeconds: 300,
  isLeaky: false,
  isDetailed: false,
};
const ENTRY: ReportEntry = { what: 0, where: 0, how: 'fails', severity: 'medium', file: 0 };
const EVENT: SyncEvent = { ...CALM, wait: 60_000, job: 0, report: 0, salt: 0 };
const PERSON_EVENT: PersonEvent = { kind: 'person', wait: 60_000, does: 'closes', which: 0 };
const ENDS: SyncHistory['ends'] = [0, 0, 0];

/** Fills in what is usual. */
export function expandSync({ service, jobs, reports, events, ends = ENDS }: ShortSyncHistory): SyncHistory {
  return {
    service: { ...SERVICE, ...service },
    jobs: (jobs ?? [{}]).map((job) => ({ ...JOB, ...job })),
    reports: (reports ?? [[{}]]).map((entries) => entries.map((entry) => ({ ...ENTRY, ...entry }))),
    events: events.map((event) =>
      event.kind === 'person' ? { ...PERSON_EVENT, ...event } : { ...EVENT, ...event, kind: 'sync' },
    ),
    ends,
  };
}

/** Leaves out what is usual. */
export function shortenSync({ service, jobs, reports, events, ends }: SyncHistory): ShortSyncHistory {
  const short = {
    service: leaveOut(service, SERVICE),
    jobs: jobs.map((job) => leaveOut(job, JOB)),
    reports: reports.map((entries) => entries.map((entry) => leaveOut(entry, ENTRY))),
    events: events.map((event) =>
      event.kind === 'person'
        ? { ...leaveOut(event, PERSON_EVENT), kind: event.kind }
        : leaveOut(event, EVENT),
    ),
    ends,
  };
  const usual = { service: {}, jobs: [{}], reports: [[{}]], ends: ENDS };
  return { events: short.events, ...leaveOut(short, usual) };
}

function leaveOut<T extends object>(value: T, usual: object): Partial<T> {
  const isUnusual = ([name, field]: [string, unknown]) =>
    JSON.stringify(field) !== JSON.stringify((usual as Record<string, unknown>)[name]);
  return Object.fromEntries(Object.entries(value).filter(isUnusual)) as Partial<T>;
}
