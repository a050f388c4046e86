import type { History, HistoryEvent, Job, JobEvent, PersonEvent, Service } from './history.ts';

/** A history without what is usual, so that it can be read and kept. */
export interface ShortHistory {
  readonly service?: Partial<Service>;
  readonly project?: History['project'];
  readonly jobs?: readonly Partial<Job>[];
  readonly events: readonly (Partial<JobEvent> | (Partial<PersonEvent> & { readonly kind: 'person' }))[];
  readonly ends?: readonly ('failure' | 'success')[];
}

/** A Datadog of which nothing is special. */
export const SERVICE: Service = {
  newCaseLag: [0, 0],
  changeLag: [0, 0],
  pageSize: 100,
  pageLag: 0,
  isOld: false,
  hasClosingTime: true,
  limit: null,
  refusesDetails: false,
  wantsStatusNames: false,
};
const JOB: Job = {
  action: 'watch',
  name: 'test',
  dedupKey: '',
  branch: 'main',
  matrix: 'null',
  server: 'https://github.com',
  reopenHours: 0,
  afterFailures: 1,
  timeoutSeconds: 60,
  onExisting: 'comment',
  isWordy: false,
  leak: 'nowhere',
  isDetailed: false,
};
const JOB_EVENT: JobEvent = {
  kind: 'job',
  wait: 0,
  job: 0,
  run: 'new',
  result: 'failure',
  lasts: 1000,
  faults: [],
  stop: null,
  skew: 0,
  isDryRun: false,
  isRespelled: false,
  atEnd: 'same',
  salt: 0,
};
const PERSON_EVENT: PersonEvent = { kind: 'person', wait: 0, does: 'closes', which: 0 };
const ENDS: History['ends'] = ['success', 'success', 'success'];

/** Fills in what is usual. */
export function expand({ service, project = 'id', jobs = [{}], events, ends = ENDS }: ShortHistory): History {
  return {
    service: { ...SERVICE, ...service },
    project,
    jobs: jobs.map((job) => ({ ...JOB, ...job })),
    events: events.map(
      (event): HistoryEvent =>
        event.kind === 'person' ? { ...PERSON_EVENT, ...event } : { ...JOB_EVENT, ...event, kind: 'job' },
    ),
    ends,
  };
}

/** Leaves out what is usual. */
export function shorten({ service, project, jobs, events, ends }: History): ShortHistory {
  return {
    ...(hasMore(service, SERVICE) && { service: leaveOut(service, SERVICE) }),
    ...(project !== 'id' && { project }),
    ...((jobs.length > 1 || jobs.some((job) => hasMore(job, JOB))) && {
      jobs: jobs.map((job) => leaveOut(job, JOB)),
    }),
    events: events.map((event) =>
      event.kind === 'person'
        ? { ...leaveOut(event, PERSON_EVENT), kind: event.kind }
        : leaveOut(event, JOB_EVENT),
    ),
    ...(hasMore({ ends }, { ends: ENDS }) && { ends }),
  };
}

function leaveOut<T extends object>(value: T, usual: T): Partial<T> {
  const isUnusual = ([name, field]: [string, unknown]) =>
    JSON.stringify(field) !== JSON.stringify((usual as Record<string, unknown>)[name]);
  return Object.fromEntries(Object.entries(value).filter(isUnusual)) as Partial<T>;
}

function hasMore<T extends object>(value: T, usual: T): boolean {
  return Object.keys(leaveOut(value, usual)).length > 0;
}
