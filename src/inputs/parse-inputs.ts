import type { Env } from '../base/env.ts';
import { InputError, type InputIssue } from '../base/errors.ts';
import type { Credentials } from '../datadog/client.ts';
import type { SiteUrls } from '../datadog/sites.ts';
import { parseCredentials } from './credentials.ts';
import type { RawInputs } from './raw-inputs.ts';
import { INPUT_NAMES, INPUTS, type ParsedValues } from './schema.ts';
import { parseSiteUrls } from './site-urls.ts';

/** All inputs of the step, validated. A text that was not given is empty. */
export interface Inputs extends ParsedValues {
  readonly credentials: Credentials;
  readonly site: SiteUrls;
}

/** When an error fails the step: always, never, or only if a person must fix something. */
export type FailurePolicy = Inputs['failOnError'];

/**
 * Parses every input, and the environment variables that replace empty ones.
 * Throws an InputError with all issues at once, which contains no secret that is only in a secret input.
 */
export async function parseInputs(raw: RawInputs, env: Env): Promise<Inputs> {
  const { values, issues } = await parseSingleInputs(raw);
  const credentials = parseCredentials(raw, env);
  const site = parseSiteUrls(raw, env);
  const allIssues = [...issues, ...findCombinationIssues(values), ...credentials.issues, ...site.issues];
  if (allIssues.length) throw new InputError(allIssues);
  return { ...values, credentials: credentials.value, site: site.value };
}

/** Parses `fail_on_error` alone, for when other inputs are invalid. `true` if it is invalid itself. */
export function parseFailOnError(raw: RawInputs): FailurePolicy {
  return INPUTS.fail_on_error.parse(raw.fail_on_error).value;
}

/** Parses `mode` alone, for when other inputs are invalid. `open` if it is invalid itself. */
export function parseMode(raw: RawInputs): Inputs['mode'] {
  return INPUTS.mode.parse(raw.mode).value;
}

/** Parses the inputs whose meaning does not depend on others. */
async function parseSingleInputs(raw: RawInputs): Promise<{ values: ParsedValues; issues: InputIssue[] }> {
  const issues: InputIssue[] = [];
  const values: Partial<Record<keyof ParsedValues, unknown>> = {};
  for (const name of INPUT_NAMES) {
    const definition = INPUTS[name];
    if (!('parse' in definition)) continue;
    const result = await definition.parse(raw[name]);
    values[definition.property] = result.value;
    issues.push(...result.issues.map((text) => ({ input: name, text })));
  }
  // Complete, since ParsedValues has exactly the properties and types of the table's rows.
  return { values: values as ParsedValues, issues };
}

/** Rules that involve several inputs. */
function findCombinationIssues({ mode, title, dedupKey, reopenWithinMs }: ParsedValues): InputIssue[] {
  if (mode === 'open' && reopenWithinMs && !dedupKey)
    return [{ input: 'dedup_key', text: 'is required with reopen_within: it finds the case to reopen.' }];
  if (mode === 'close' && !dedupKey)
    return [
      {
        input: 'dedup_key',
        text: 'is required to close a case: give the one that it was opened with.',
      },
    ];
  if (mode === 'open' && !title)
    return [{ input: 'title', text: 'is required: say in a few words what happened.' }];
  return [];
}
