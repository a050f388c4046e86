import { sentence } from '../errors.ts';
import type { Service } from '../http.ts';
import { code, cut, fence } from '../text.ts';
import type { About } from './event.ts';
import type { FailedJob, FailedStep } from './failures.ts';

/** Bytes of a job's log that are read at the most. */
const LARGEST_LOG = 16 * 1024 * 1024;
/** How many jobs' logs are read. */
const JOBS = 5;
/** Characters of all logs together. */
const LARGEST = 30_000;
const LINE = 1000;

/** The last lines of each failed step, as Markdown. Never throws: a log that cannot be had is told to `log`. */
export async function tails(
  service: Service,
  about: About,
  jobs: readonly FailedJob[],
  lines: number,
  log: (line: string) => void,
): Promise<string> {
  for (const { name, ended } of jobs)
    if (!ended) log(`The log of the job ${name} is left out, since the job has not ended.`);
  const ended = jobs.filter((job) => job.ended && job.steps.length);
  if (ended.length > JOBS) log(`The logs of ${ended.length - JOBS} more jobs are left out.`);
  const parts = await Promise.all(
    ended.slice(0, JOBS).map(async (job) => {
      try {
        const text = await download(service, `/repos/${about.repository}/actions/jobs/${job.id}/logs`);
        return job.steps.map((step) => ({ job, step, tail: tailOf(text, step, lines) }));
      } catch (error) {
        log(`The log of the job ${job.name} is left out: ${sentence(error)}`);
        return [];
      }
    }),
  );
  const found = parts.flat().filter(({ tail }) => tail);
  const share = Math.floor(LARGEST / Math.max(1, found.length));
  return found
    .map(
      ({ job, step, tail }) =>
        `Last lines of ${code(step.name)} in ${code(job.name)}:\n\n${fence(lastOf(tail, share))}`,
    )
    .join('\n\n');
}

/** Follows the redirect to where logs are kept without taking the token along. */
async function download(service: Service, path: string): Promise<string> {
  const { clock, deadline, fetch, headers, url } = service;
  const signal = clock.expiry(Math.max(1, deadline - clock.now()));
  const first = await fetch(url + path, { headers, redirect: 'manual', signal, size: LARGEST_LOG });
  const elsewhere = first.headers.get('location');
  const answer = elsewhere ? await fetch(new URL(elsewhere, url).href, { signal, size: LARGEST_LOG }) : first;
  if (!answer.ok) throw new Error(`GitHub answered with ${answer.status}.`);
  return answer.text();
}

/**
 * The last lines of a step, up to its last error: what follows that in a job's log is the clean-up.
 * The log tells times, not steps, so a step is cut out by when it ran (whole seconds, both included).
 */
export function tailOf(log: string, { startedAt, completedAt }: FailedStep, lines: number): string {
  const within = (at: number) => !(at < startedAt) && !(at >= completedAt + 1000);
  const own: string[] = [];
  let inside = Number.isNaN(startedAt);
  for (const line of log.split(/\r?\n/)) {
    const [, time, text] = /^\ufeff?(\d{4}-\d\d-\d\dT[\d:.]+Z) ?(.*)$/s.exec(line) ?? [];
    // A line without a time goes on with the one above it.
    if (time) inside = within(Date.parse(time));
    if (inside) own.push(text ?? line);
  }
  const last = own.findLastIndex((line) => line.startsWith('##[error]'));
  return (last < 0 ? own : own.slice(0, last + 1)).flatMap(readable).slice(-lines).join('\n').trim();
}

/** Commands to the runner in words; those that say nothing are dropped. */
function readable(line: string): string[] {
  const [, command, text = ''] = /^##\[(\w+)\](.*)$/s.exec(line) ?? [];
  if (!command) return [cut(line, LINE)];
  if (command === 'endgroup' || command === 'debug') return [];
  const lead = { error: 'Error: ', warning: 'Warning: ', notice: 'Notice: ', command: '$ ' }[command] ?? '';
  return [cut(`${lead}${text}`, LINE)];
}

function lastOf(tail: string, longest: number): string {
  if (tail.length <= longest) return tail;
  const kept = tail.slice(-longest);
  return `[… ${tail.length - kept.length} characters left out]\n${kept.slice(kept.indexOf('\n') + 1)}`;
}
