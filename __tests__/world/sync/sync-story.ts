import { BEGINNING } from '../schedule.ts';
import { groupingOf, type ReportEntry, type SyncHistory } from './history.ts';
import type { SyncStep, SyncWorldRecord } from './record.ts';

/** What a step is about. */
export function describeSync({ number, attempt, sync }: SyncStep): string {
  const { job, event, entries, last } = sync;
  const again = attempt.attempt > 1 ? `, attempt ${attempt.attempt}` : '';
  const about = [
    `${job.source} by ${groupingOf(job)}`,
    job.format === 'sarif' && job.tool !== 'Scanner' && job.tool,
    job.branch !== 'main' && `branch ${job.branch}`,
    event.on !== 'push' && `for a ${event.on}`,
    event.isDryRun && 'dry run',
    event.flaw && `file ${event.flaw.file + 1} ${event.flaw.kind} ${event.flaw.percent} %`,
    last && `${last} time more`,
  ];
  const shown = entries.map(describeEntry).join(', ') || 'nothing';
  return `step ${number} (run ${attempt.run}${again}) syncs ${about.filter((text) => text).join(', ')}: ${shown}`;
}

function describeEntry({ what, where, how, severity, file }: ReportEntry): string {
  return `${what}/${where} ${how} ${severity} in ${file + 1}`;
}

/** The whole story, for people to read. */
export function tellSyncStory({ service, jobs }: SyncHistory, { story, quietAt }: SyncWorldRecord): string {
  const lines = story.map(({ at, text }) => {
    const mark = at >= quietAt ? 'at last ' : '';
    return `${((at - BEGINNING) / 1000).toFixed(2).padStart(10)} s  ${mark}${text}`;
  });
  return [
    `Datadog: ${JSON.stringify(service)}`,
    ...jobs.map((job) => `Job: ${JSON.stringify(job)}`),
    ...lines,
  ].join('\n');
}
