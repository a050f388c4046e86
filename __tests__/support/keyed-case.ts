import { sharedWords } from '../../src/datadog/reference.ts';
import { PROJECT } from './fake-datadog/catalog.ts';
import type { StoredCase } from './fake-datadog/stored-case.ts';
import type { FakeDatadog } from './fake-datadog.ts';
import { validInputs } from './run-step.ts';

export const DEDUP_KEY = 'deploy-main';
/** The reference that all cases with the `dedup_key` of `keyedInputs` share. */
export const SHARED_REFERENCE = sharedWords(PROJECT.id, DEDUP_KEY)[0];

/** The run that a keyed step belongs to. */
export const RUN_ENV = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_WORKFLOW: 'Deploy',
  GITHUB_RUN_NUMBER: '7',
};
export const RUN_URL = 'https://github.com/acme/shop/actions/runs/42/attempts/2';

/** Inputs that open a case with a `dedup_key`. */
export function keyedInputs(datadog: FakeDatadog): Record<string, string> {
  return { ...validInputs(datadog), dedup_key: DEDUP_KEY };
}

/** Stores an open case with the `dedup_key` of `keyedInputs`. */
export function seedKeyedCase(datadog: FakeDatadog, attributes = {}, projectId = PROJECT.id): StoredCase {
  return datadog.seed({ description: `Words.\n\n${SHARED_REFERENCE}`, ...attributes }, projectId);
}
