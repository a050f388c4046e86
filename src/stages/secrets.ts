import { docsLink } from '../base/docs-link.ts';
import type { Result } from '../cases/result.ts';
import { areSecretsWithheld, isForeignRun, mayBeForeign } from '../github/forks.ts';
import { hasCredentials } from '../inputs/credentials.ts';
import type { Step } from './step.ts';

/** Why a run can't report anything, to go on after "so". */
export const SECRETS_WITHHELD = 'GitHub gives no secrets to pull requests from forks or Dependabot';

/** Whether GitHub withholds the credentials from this run. */
export function lacksSecrets({ env, givenEnv, event, values }: Step): boolean {
  return !hasCredentials(values, { env, givenEnv }) && areSecretsWithheld(env, event);
}

/** The result of a run without secrets. */
export const SKIPPED: Result = {
  outcome: 'skipped',
  reason: `${SECRETS_WITHHELD}, so this run cannot open a case. The step passes.`,
};

/** The result of a run that may report on a fork; `undefined` for others. */
export function skipForeignRun({ env, event, isEventKnown }: Step): Result | undefined {
  if (!isEventKnown && mayBeForeign(env))
    return {
      outcome: 'skipped',
      reason: `The payload of this ${env.GITHUB_EVENT_NAME} event can't be read (GITHUB_EVENT_PATH), so this run may report on a fork. Such runs do not open, update or close cases. The step passes. More: ${docsLink(env, 'docs/forks.md')}`,
    };
  if (!isForeignRun(env, event)) return undefined;
  return {
    outcome: 'skipped',
    reason: `This run may report on a fork. Anyone can create a fork with a branch of the same name, so runs for forks do not open, update or close cases. The step passes. More: ${docsLink(env, 'docs/forks.md')}`,
  };
}
