import { getOctokit } from '@actions/github';
import { Unredacted } from '../base/unredacted.ts';
import { MAX_RESPONSE_BYTES } from '../http/attempt.ts';
import type { ApiClient } from '../http/client.ts';
import { RETRY } from '../http/time-plan.ts';
import { isGitHubRateLimit } from './errors.ts';

export type Octokit = ReturnType<typeof getOctokit>;

const MAX_ATTEMPTS = 3;

/** Creates an octokit that sends through the client, within its deadline, with secrets redacted from request bodies. */
export function createOctokit(client: ApiClient, token: Unredacted): Octokit {
  const { clock, deadlineMs, url, fetch, redactor } = client;
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const redactBody = (body: unknown) =>
    typeof body === 'string' ? { body: JSON.stringify(redactor.parseJson(new Unredacted(body))) } : {};
  return getOctokit(token.reveal(), {
    baseUrl: url,
    log,
    request: {
      log, // Otherwise, a response with a Deprecation header is a warning on the console.
      // Octokit's own fetch would load undici, and knows neither our proxy nor our deadline.
      fetch: (address: string, init: Parameters<typeof fetch>[1]) =>
        fetch(address, {
          ...init,
          ...redactBody(init.body),
          size: MAX_RESPONSE_BYTES,
          redirect: 'error', // Another host must not get the token.
          signal: clock.timeoutSignal(Math.max(1, deadlineMs - clock.now())),
        }),
    },
  });
}

/** Calls `attempt` up to three times, as long as its error may pass. Throws the last error. */
export async function retryGitHub<T>(client: ApiClient, attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      const delayMs = attempts < MAX_ATTEMPTS ? retryDelayMs(error, attempts, client) : undefined;
      if (delayMs === undefined || client.clock.now() + delayMs >= client.deadlineMs) throw error;
      await client.clock.sleep(delayMs);
    }
  }
}

/** Milliseconds to wait after a server error or a rate limit; `undefined` if retrying won't help. */
function retryDelayMs(error: unknown, attempts: number, { random }: ApiClient): number | undefined {
  const { status, response } = (error ?? {}) as {
    status?: number;
    response?: { headers?: Record<string, string | undefined> };
  };
  const retryAfterMs = Number(response?.headers?.['retry-after']) * 1000;
  if (!isGitHubRateLimit(error) && !(status !== undefined && status >= 500)) return undefined;
  const delayMs = retryAfterMs >= 0 ? retryAfterMs : (1 + random()) * 500 * 2 ** (attempts - 1);
  return delayMs <= RETRY.maxCommentMs ? delayMs : undefined;
}
