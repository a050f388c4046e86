import { type Env, markGiven } from '../../src/base/env.ts';
import { InputError } from '../../src/base/errors.ts';
import { Redactor } from '../../src/base/redactor.ts';
import { type Inputs, parseInputs } from '../../src/inputs/parse-inputs.ts';
import {
  type ParseContext,
  type RawInputs,
  readRawInputs,
  redactInputs,
} from '../../src/inputs/raw-inputs.ts';
import { PROJECT } from './fake-datadog/catalog.ts';

/** The time at which inputs are parsed here. */
export const NOW = '2026-01-02T03:04:05Z';

/** The variables of a step with the required inputs. */
export const VALID_ENV = {
  INPUT_TITLE: 'Deploy failed',
  INPUT_PROJECT: PROJECT.id,
  INPUT_API_KEY: 'api-key-1',
  INPUT_APP_KEY: 'app-key-1',
};

/** The inputs of an environment, and what parsing them depends on besides. No text counts as a secret. */
export function readEnv(env: Env): { readonly raw: RawInputs; readonly context: ParseContext } {
  const givenEnv = markGiven(env);
  const redactor = new Redactor();
  const raw = redactInputs(readRawInputs(givenEnv, 'case').values, redactor);
  return { raw, context: { env, givenEnv, redactor, nowMs: Date.parse(NOW) } };
}

/** Parses the inputs of an environment. */
export function parseEnv(env: Env): Promise<Inputs> {
  const { raw, context } = readEnv(env);
  return parseInputs(raw, context);
}

/** The issues of an environment, by input: all of them, because a dry run reports those of optional inputs, too. */
export async function findIssues(env: Env): Promise<Record<string, string>> {
  const error = await parseEnv({ INPUT_DRY_RUN: 'true', ...env }).then(
    () => new InputError([]),
    (rejection) => rejection as InputError,
  );
  return Object.fromEntries(error.issues.map(({ input, text }) => [input, text]));
}
