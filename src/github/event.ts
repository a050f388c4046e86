import { isRecord } from '../http.ts';

/** The step's environment, as far as it tells what the run is about. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Whether GitHub passes no secrets to this run: a pull request from a fork, or anything that Dependabot set off.
 * Source: GitHub's documentation. `pull_request_target` runs in the base repository and does get them.
 */
export function secretsWithheld(env: Env, payload: unknown): boolean {
  if (env.GITHUB_ACTOR === 'dependabot[bot]') return true;
  const pull = isRecord(payload) ? payload.pull_request : undefined;
  if (!isRecord(pull) || env.GITHUB_EVENT_NAME === 'pull_request_target') return false;
  return repository(pull.head) !== repository(pull.base);
}

/** `owner/name` of one end of a pull request; empty where the fork is gone. */
function repository(end: unknown): string {
  const repo = isRecord(end) ? end.repo : undefined;
  return isRecord(repo) && typeof repo.full_name === 'string' ? repo.full_name : '';
}
