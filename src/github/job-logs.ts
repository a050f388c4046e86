import type { Response } from 'node-fetch';
import { stripControlCharacters } from '../base/log-text.ts';
import { quoteShort, truncate, truncateStart } from '../base/truncate.ts';
import type { ApiClient } from '../http/client.ts';
import { parseErrorBody } from '../http/error-body.ts';
import { HttpError } from '../http/errors.ts';
import { explainGitHubError } from './errors.ts';
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

/** Fetches the last lines of each failed step. Never throws: `warn` receives which logs are missing, and why. */
export async function fetchLogTails(
  client: ApiClient,
  repository: string,
  jobs: readonly FailedJob[],
  { logLines, warn }: { readonly logLines: number; readonly warn: (text: string) => void },
): Promise<LogTail[]> {
  const completed = jobs.filter((job) => job.isCompleted && job.steps.length);
  warnAboutRunningJobs(jobs, warn);
  if (completed.length > MAX_JOBS_WITH_LOGS)
    warn(
      `log_lines: ${completed.length} jobs failed, and only the logs of the first ${MAX_JOBS_WITH_LOGS} were read.`,
    );
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
        const reason = explainGitHubError(error, 'actions: read');
        warn(`log_lines: could not read the log of job ${quoteShort(job.name)}. ${reason}`);
        return [];
      }
    }),
  );
  const found = tails.flat().filter(({ text }) => text);
  const maxChars = Math.floor(MAX_LOGS_CHARS / Math.max(1, found.length));
  return found.map((tail) => ({ ...tail, text: truncateStart(tail.text, maxChars) }));
}

/** One warning for all jobs that are still running: a matrix may have hundreds. */
function warnAboutRunningJobs(jobs: readonly FailedJob[], warn: (text: string) => void): void {
  const running = jobs.filter((job) => !job.isCompleted);
  const [first] = running;
  if (!first) return;
  const others = running.length > 1 ? ` and ${running.length - 1} more are` : ' is';
  warn(
    `log_lines: job ${quoteShort(first.name)}${others} still running, so the log isn't available yet. Report from a later job (\`needs:\`).`,
  );
}

/**
 * Downloads a log, of a large one its end. Follows the redirect manually so that the token is not sent to the storage
 * host. Redacted, but with control characters: the times in it are only those of its lines.
 */
async function downloadLog(client: ApiClient, path: string): Promise<string> {
  const { clock, deadlineMs, fetch, headers, url, redactor } = client;
  const signal = clock.timeoutSignal(Math.max(1, deadlineMs - clock.now()));
  const response = await fetch(url + path, { headers, redirect: 'manual', signal });
  const location = response.headers.get('location');
  const log = location ? await fetch(new URL(location, url).href, { signal }) : response;
  const text = await readEnd(log, MAX_LOG_BYTES);
  if (!log.ok)
    throw new HttpError({
      request: `GET ${path}`,
      status: log.status,
      details: parseErrorBody(text, redactor),
      retryAfterMs: undefined,
      host: new URL(url).host,
      source: client.source,
      credentials: client.credentials,
      provenAccess: client.session.provenAccess,
    });
  return redactor.redact(text);
}

/** The last bytes of a response as text, from the beginning of a line; empty if that line began before them. */
async function readEnd({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    while (chunks[0] && length - chunks[0].length >= maxBytes) length -= chunks.shift()?.length ?? 0;
  }
  const text = Buffer.concat(chunks).subarray(-maxBytes).toString('utf8');
  if (length <= maxBytes) return text;
  const lineBreak = text.search(/[\r\n]/);
  // Half a secret is not recognized.
  return lineBreak < 0 ? '' : text.slice(lineBreak + 1);
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

/** Renders the runner's markers as text. Drops debug lines and the ends of groups. */
function formatLogLine(line: string): string[] {
  const [, marker = '', text = ''] = /^##\[(\w+)\](.*)$/s.exec(line) ?? [];
  if (marker === 'endgroup' || marker === 'debug') return [];
  const prefix = MARKER_PREFIXES.get(marker);
  return [truncate(stripControlCharacters(prefix === undefined ? line : prefix + text), MAX_LINE_CHARS)];
}
