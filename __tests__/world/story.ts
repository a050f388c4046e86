import type { History } from './history.ts';
import type { CaseRecord, Change, RunningJob, StepRecord, WorldRecord } from './record.ts';
import { BEGINNING } from './schedule.ts';

/** Such as `run 1001, job test (#3)`. */
export function describeStep({
  number,
  job,
  attempt,
}: Pick<StepRecord, 'number' | 'job' | 'attempt'>): string {
  return `${describeAttempt({ job, attempt })} (step ${number})`;
}

export function describeJob({ job, attempt }: Pick<RunningJob, 'job' | 'attempt'>): string {
  const settings = [
    ACTIONS[job.action],
    job.dedupKey && `key ${job.dedupKey}`,
    job.matrix !== 'null' && job.matrix,
    `branch ${job.branch}`,
    job.server !== 'https://github.com' && job.server,
  ];
  return `${describeAttempt({ job, attempt })}, ${settings.filter((text) => text).join(', ')},`;
}

const ACTIONS: Readonly<Record<RunningJob['job']['action'], string>> = {
  main: 'with the main action',
  watch: 'watched',
  auto: 'with mode auto',
  needs: 'which reports the jobs it needs',
};

function describeAttempt({ job, attempt }: Pick<StepRecord, 'job' | 'attempt'>): string {
  const again = attempt.attempt > 1 ? `, attempt ${attempt.attempt}` : '';
  return `run ${attempt.run}${again}: job ${job.name}`;
}

const DONE: Readonly<Record<Change['kind'], string>> = {
  created: 'opens',
  closed: 'closes',
  reopened: 'reopens',
  archived: 'archives',
  moved: 'moves to another project',
  described: 'writes the description of',
  commented: 'comments on',
  other: 'changes',
};

export function tellChange({ by, kind, id }: Change, record: CaseRecord | undefined): string {
  const who = by === 'somebody' ? 'a person' : describeStep(by);
  return `${who} ${DONE[kind]} ${record?.label ?? id}`;
}

/** The whole story, for people to read. */
export function tellStory(history: History, { story, quietAt }: WorldRecord): string {
  const { service } = history;
  const lines = story.map(({ at, text }) => {
    const mark = at >= quietAt ? 'once more ' : '';
    return `${((at - BEGINNING) / 1000).toFixed(2).padStart(10)} s  ${mark}${text}`;
  });
  return [
    `Datadog: ${JSON.stringify(service)}. The project is written as its ${history.project}.`,
    ...lines,
  ].join('\n');
}
