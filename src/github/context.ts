import { code, link } from '../text.ts';
import type { About } from './event.ts';
import type { FailedJob } from './failures.ts';

/** Failed jobs, and steps of one job, that are named at the most. */
const NAMED = 20;

/** Which run it was, linked, in a few words of Markdown; empty where that is not known. */
export function runLink({ run }: About): string {
  if (!run) return '';
  return link(run.attempt > 1 ? `${run.title}, attempt ${run.attempt}` : run.title, run.url);
}

/** What a case is about, as a short list in Markdown; empty where nothing is known. */
export function block(about: About, jobs: readonly FailedJob[]): string {
  const { home, repository, sha, ref, refType, pull, environment, actor, event } = about;
  const on = ref && ` on ${refType} ${code(ref)}`;
  const items: [string, string][] = [
    ['Run', runLink(about)],
    ['Repository', repository && link(repository, home)],
    ['Commit', sha && home && `${link(sha.slice(0, 7), `${home}/commit/${sha}`)}${on}`],
    ['Pull request', pull && home ? link(`#${pull}`, `${home}/pull/${pull}`) : ''],
    ['Environment', environment && code(environment)],
    ['Actor', actor && code(actor)],
    ['Event', event && code(event)],
  ];
  const lines = items.filter(([, value]) => value).map(([name, value]) => `- ${name}: ${value}`);
  return [...lines, ...failedLines(about, jobs)].join('\n');
}

/** Each failed job with its failed steps, linked: a line each. */
function failedLines({ home, run }: About, jobs: readonly FailedJob[]): string[] {
  const lines = jobs.slice(0, NAMED).map(({ id, name, steps }) => {
    const page = `${home}/actions/runs/${run?.id}/job/${id}`;
    const named = steps.slice(0, NAMED).map((step) => link(step.name, `${page}#step:${step.number}:1`));
    return `- Failed: ${link(name, page)}${named.length ? `, at ${named.join(', ')}` : ''}`;
  });
  return jobs.length > NAMED ? [...lines, `- and ${jobs.length - NAMED} more failed jobs`] : lines;
}

/** What to write into the timeline of a case that was open already. */
export function again(about: About, title: string, jobs: readonly FailedJob[]): string {
  const where = runLink(about);
  return [
    `**It happened again**${where && ` in ${where}`}: ${code(title, 500)}`,
    '',
    ...failedLines(about, jobs),
  ]
    .join('\n')
    .trim();
}

/** What to write into the timeline of a case whose problem is gone. */
export function resolved(about: About): string {
  const where = runLink(about);
  return `**Resolved**${where && ` in ${where}`}. This case is closed by the workflow.`;
}
