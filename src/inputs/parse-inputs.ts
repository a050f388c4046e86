import type { Env } from '../base/env.ts';
import { InputError, type InputIssue } from '../base/errors.ts';
import type { Credentials } from '../datadog/client.ts';
import { parseCredentials } from './credentials.ts';
import type { RawInputs } from './raw-inputs.ts';
import { INPUT_NAMES, INPUTS, type ParsedValues } from './schema.ts';
import { parseSiteUrls, type SiteLocation } from './site-urls.ts';
import type { ValueParser } from './value-parsers.ts';

/** All inputs of the step, validated. A text that was not set is empty. */
export interface Inputs extends ParsedValues {
  readonly credentials: Credentials;
  readonly site: SiteLocation;
  /** What was probably meant differently. The step goes on. */
  readonly warnings: readonly InputIssue[];
  /** Values that used to be right and no longer apply. The case is opened without them. */
  readonly omissions: readonly InputIssue[];
  /** Whether `dedupKey` was derived from the job, rather than given. */
  readonly isKeyDerived: boolean;
}

/** When an error fails the step: always, never, or only if a person must fix something. */
export type FailurePolicy = Inputs['failOnError'];

/**
 * Parses every input, and the environment variables that replace empty ones. `nowMs` is the time in milliseconds since
 * 1970. Throws an InputError with all issues at once, which contains no secret that is only in a secret input.
 */
export async function parseInputs(
  raw: RawInputs,
  env: Env,
  nowMs: number,
  { isKeyDerived = false }: { readonly isKeyDerived?: boolean } = {},
): Promise<Inputs> {
  const { values, issues, warnings, omissions } = await parseSingleInputs(raw, nowMs);
  const credentials = parseCredentials(raw, env);
  const site = parseSiteUrls(raw, env);
  const allIssues = [...issues, ...findCombinationIssues(values), ...credentials.issues, ...site.issues];
  if (allIssues.length) throw new InputError(allIssues);
  return {
    ...values,
    credentials: credentials.value,
    site: site.value,
    warnings: [...warnings, ...credentials.warnings],
    omissions,
    isKeyDerived,
  };
}

/** Parses `fail_on_error` alone, for when other inputs are invalid. `true` if it is invalid itself. */
export function parseFailOnError(raw: RawInputs): FailurePolicy {
  return INPUTS.fail_on_error.parse(raw.fail_on_error).value;
}

/** Parses `dry_run` alone, for when other inputs are invalid. `false` if it is invalid itself. */
export function parseDryRun(raw: RawInputs): boolean {
  const { value, issues } = INPUTS.dry_run.parse(raw.dry_run);
  return value && !issues.length;
}

/** Parses `mode` alone, for when other inputs are invalid. `open` if it is invalid itself. */
export function parseMode(raw: RawInputs): Inputs['mode'] {
  return INPUTS.mode.parse(raw.mode).value;
}

interface SingleInputs {
  readonly values: ParsedValues;
  readonly issues: readonly InputIssue[];
  readonly warnings: readonly InputIssue[];
  readonly omissions: readonly InputIssue[];
}

/** What decides whether the end of a watched job opens or closes a case. */
export type Trigger = Pick<Inputs, 'jobStatus' | 'shouldClose' | 'onCancelled'>;

/** Parses the trigger alone, for when other inputs are invalid. Invalid values become the defaults. */
export function parseTrigger(raw: RawInputs): Trigger {
  return {
    jobStatus: raw.job_status,
    shouldClose: INPUTS.close.parse(raw.close).value,
    onCancelled: INPUTS.on_cancelled.parse(raw.on_cancelled).value,
  };
}

/** Parses the inputs whose meaning does not depend on others. */
async function parseSingleInputs(raw: RawInputs, nowMs: number): Promise<SingleInputs> {
  const issues: InputIssue[] = [];
  const warnings: InputIssue[] = [];
  const omissions: InputIssue[] = [];
  const values: Partial<Record<keyof ParsedValues, unknown>> = {};
  for (const name of INPUT_NAMES) {
    const definition = INPUTS[name];
    if (!('parse' in definition)) continue;
    const parse: ValueParser<unknown> = definition.parse;
    const result = await parse(raw[name], nowMs);
    values[definition.property] = result.value;
    const nameInput = (text: string): InputIssue => ({ input: name, text });
    issues.push(...result.issues.map(nameInput));
    warnings.push(...(result.warnings ?? []).map(nameInput));
    omissions.push(...(result.omissions ?? []).map(nameInput));
  }
  // Complete, since ParsedValues has exactly the properties and types of the table's rows.
  return { values: values as ParsedValues, issues, warnings, omissions };
}

/** Rules that involve several inputs. */
function findCombinationIssues({ mode, title, dedupKey, reopenWithinMs }: ParsedValues): InputIssue[] {
  if (mode === 'open' && reopenWithinMs && !dedupKey)
    return [{ input: 'dedup_key', text: 'is required with reopen_within: it finds the case to reopen.' }];
  if (mode === 'close' && !dedupKey)
    return [
      {
        input: 'dedup_key',
        text: 'is required with mode: close. Use the dedup_key that the case was opened with.',
      },
    ];
  if (mode === 'open' && !title)
    return [{ input: 'title', text: 'is required. Say in a few words what happened.' }];
  return [];
}
