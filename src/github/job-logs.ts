import { toSentence } from '../base/errors.ts';
import { stripControlCharacters } from '../base/log-text.ts';
import { truncate, truncateStart } from '../base/truncate.ts';
import type { ApiClient } from '../http/client.ts';
import type { FailedJob, FailedStep } from './failed-jobs.ts';

/** The last lines of a failed step's log. */
export interface LogTail {
  readonly jobName: string;
  readonly stepName: string;
  readonly text: string;
}

const MAX_LOG_BYTES = 16 * 1024 * 1024;
const MAX_JOBS_WITH_LOGS = 5;
/** Of all logs together. */
const MAX_LOGS_CHARS = 30_000;
const MAX_LINE_CHARS = 1000;

/** Words for the runner's own markers, in place of `##[marker]`. Any other is text that a program wrote. */
const MARKER_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['group', ''],
  ['section', ''],
  ['error', 'Error: '],
  ['warning', 'Warning: '],
  ['notice', 'Notice: '],
  ['command', '$ '],
]);

/** Fetches the last lines of each failed step. Never throws: `log` is told which logs are missing. */
export async function fetchLogTails(
  client: ApiClient,
  repository: string,
  jobs: readonly FailedJob[],
  { logLines, log }: { readonly logLines: number; readonly log: (line: string) => void },
): Promise<LogTail[]> {
  for (const { name, isCompleted } of jobs)
    if (!isCompleted) log(`The log of the job ${name} is left out, since the job has not ended.`);
  const completed = jobs.filter((job) => job.isCompleted && job.steps.length);
  const omitted = completed.length - MAX_JOBS_WITH_LOGS;
  if (omitted > 0) log(`The logs of ${omitted} more jobs are left out.`);
  const tails = await Promise.all(
    completed.slice(0, MAX_JOBS_WITH_LOGS).map(async (job) => {
      try {
        const text = await downloadLog(client, `/repos/${repository}/actions/jobs/${job.id}/logs`);
        return job.steps.map((step) => ({
          jobName: job.name,
          stepName: step.name,
          text: extractStepLog(text, step, logLines),
        }));
      } catch (error) {
        log(`The log of the job ${job.name} is left out: ${toSentence(error)}`);
        return [];
      }
    }),
  );
  const found = tails.flat().filter(({ text }) => text);
  const maxChars = Math.floor(MAX_LOGS_CHARS / Math.max(1, found.length));
  return found.map((tail) => ({ ...tail, text: truncateStart(tail.text, maxChars) }));
}

/** Follows the redirect by hand so that the token is not sent to the storage host. */
async function downloadLog(client: ApiClient, path: string): Promise<string> {
  const { clock, deadlineMs, fetch, headers, url, redactor } = client;
  const signal = clock.timeoutSignal(Math.max(1, deadlineMs - clock.now()));
  const response = await fetch(url + path, { headers, redirect: 'manual', signal, size: MAX_LOG_BYTES });
  const location = response.headers.get('location');
  const log = location ? await fetch(new URL(location, url).href, { signal, size: MAX_LOG_BYTES }) : response;
  if (!log.ok) throw new Error(`GitHub answered with ${log.status}.`);
  return redactor.redact(stripControlCharacters(await log.text()));
}

/**
 * The last lines of a step, up to its last error: what follows in a job's log is cleanup.
 * A log has times but no steps, so the step's lines are those written while it ran (in whole seconds).
 */
export function extractStepLog(log: string, step: FailedStep, maxLines: number): string {
  const ranDuringStep = (timeMs: number) =>
    !(timeMs < step.startedAtMs) && !(timeMs >= step.completedAtMs + 1000);
  const stepLines: string[] = [];
  let isInStep = Number.isNaN(step.startedAtMs);
  for (const line of log.split(/\r?\n/)) {
    const [, time, text] = /^\ufeff?(\d{4}-\d\d-\d\dT[\d:.]+Z) ?(.*)$/s.exec(line) ?? [];
    // A line without a time continues the one above it.
    if (time) isInStep = ranDuringStep(Date.parse(time));
    if (isInStep) stepLines.push(text ?? line);
  }
  const lastError = stepLines.findLastIndex((line) => line.startsWith('##[error]'));
  const relevant = lastError < 0 ? stepLines : stepLines.slice(0, lastError + 1);
  return relevant.flatMap(formatLogLine).slice(-maxLines).join('\n').trim();
}

/** Renders the runner's markers as text and drops those without any. */
function formatLogLine(line: string): string[] {
  const [, marker = '', text = ''] = /^##\[(\w+)\](.*)$/s.exec(line) ?? [];
  if (marker === 'endgroup' || marker === 'debug') return [];
  const prefix = MARKER_PREFIXES.get(marker);
  return [truncate(prefix === undefined ? line : prefix + text, MAX_LINE_CHARS)];
}
