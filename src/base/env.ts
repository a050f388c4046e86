import type { Redactor } from './redactor.ts';
import { Unredacted } from './unredacted.ts';

/** Environment variables, redacted. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Environment variables as they were given. Their names may hold secrets, too. */
export type GivenEnv = Readonly<Record<string, Unredacted | undefined>>;

/** The variables of a step: for words, and to be used as they were given. */
export interface StepVariables {
  readonly env: Env;
  readonly givenEnv: GivenEnv;
}

/** Marks the values of environment variables as unredacted. */
export function markGiven(env: Readonly<Record<string, string | undefined>>): GivenEnv {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.map(([name, text]) => [name, new Unredacted(text)]));
}

/** The variables with every secret redacted, also in names. */
export function redactEnv(env: GivenEnv, redactor: Redactor): Env {
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [redactor.redact(name), text && redactor.redact(text)]),
  );
}
