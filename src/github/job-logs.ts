import type { Response } from 'node-fetch';
import { findSafeStart } from '../base/hidden-secrets.ts';
import { quoteShort } from '../base/truncate.ts';
import { Unredacted } from '../base/unredacted.ts';
import type { ApiClient } from '../http/client.ts';
import { parseErrorBody } from '../http/error-body.ts';
import { HttpError } from '../http/errors.ts';
import { explainGitHubError, LogStorageError } from './errors.ts';
import type { FailedJob } from './failed-jobs.ts';
import { extractStepLog, shortenLog } from './step-log.ts';

/** The last lines of a failed step's log. */
export interface LogTail {
  readonly jobName: string;
  readonly stepName: string;
  readonly text: string;
}

const MAX_LOG_BYTES = 16 * 1024 * 1024;
const MAX_JOBS_WITH_LOGS = 5;
/** More failed steps of one job than anybody reads. */
const MAX_STEPS_WITH_LOGS = 10;
/** Of all logs together. */
const MAX_LOGS_CHARS = 30_000;

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
  const { redactor } = client;
  const tails = await Promise.all(
    completed.slice(0, MAX_JOBS_WITH_LOGS).map(async (job) => {
      try {
        const log = await fetchLog(client, `/repos/${repository}/actions/jobs/${job.id}/logs`);
        return job.steps.slice(0, MAX_STEPS_WITH_LOGS).map((step) => ({
          jobName: job.name,
          stepName: step.name,
          text: extractStepLog(log, step, { maxLines: logLines, maxChars: MAX_LOGS_CHARS, redactor }),
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
  return found.map((tail) => ({ ...tail, text: shortenLog(tail.text, maxChars) }));
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
 * host.
 */
async function fetchLog(client: ApiClient, path: string): Promise<Unredacted> {
  const { clock, deadlineMs, fetch, headers, url, redactor } = client;
  const signal = clock.timeoutSignal(Math.max(1, deadlineMs - clock.now()));
  const response = await fetch(url + path, { headers, redirect: 'manual', signal });
  const location = response.headers.get('location');
  const storage = location ? new URL(location, url) : undefined;
  const log = storage ? await fetch(storage.href, { signal }) : response;
  const text = await readEnd(log, MAX_LOG_BYTES);
  if (!log.ok && storage) throw new LogStorageError(log.status, storage.host);
  if (!log.ok)
    throw new HttpError({
      method: 'GET',
      path,
      status: log.status,
      details: parseErrorBody(text, redactor),
      retryAfterMs: undefined,
      host: new URL(url).host,
      source: client.source,
      credentials: client.credentials,
      provenAccess: client.session.provenAccess,
    });
  return text;
}

/**
 * The last bytes of a response as text, from the beginning of a line. Throws an Error if they contain none: the end of a
 * line may begin with the end of a secret.
 */
async function readEnd({ body }: Response, maxBytes: number): Promise<Unredacted> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    while (chunks[0] && length - chunks[0].length >= maxBytes) length -= chunks.shift()?.length ?? 0;
  }
  const text = Buffer.concat(chunks).subarray(-maxBytes).toString('utf8');
  if (length <= maxBytes) return new Unredacted(text);
  const start = findSafeStart(text);
  if (start === undefined) throw new Error('Its last line is longer than 16 MiB');
  return new Unredacted(text.slice(start));
}
