import type { InputIssue } from '../base/errors.ts';
import { Unredacted } from '../base/unredacted.ts';
import type { RawInputs } from './raw-inputs.ts';
import { INPUTS, type InputDefinition, type InputName, type ParsedValues } from './schema.ts';
import type { ParseResult } from './value-parsers.ts';
import { parseSecret } from './value-parsers.ts';

/** Something in an input that can't be used. */
export interface InputProblem {
  readonly issue: InputIssue;
  readonly definition: InputDefinition;
  /** What the step does instead, as a sentence. */
  readonly consequence: string;
}

/** The values of all inputs whose meaning does not depend on others. */
interface SingleInputs {
  readonly values: ParsedValues;
  readonly problems: readonly InputProblem[];
  /** What was probably meant differently. */
  readonly warnings: readonly InputIssue[];
}

/** Parses these inputs. Of a list, the valid entries are kept; any other invalid value becomes the default. */
export async function parseSingleInputs(
  raw: RawInputs,
  nowMs: number,
  defaults: Readonly<Record<InputName, string>>,
): Promise<SingleInputs> {
  const { values, ...messages } = await parseRows(INPUTS, raw, { nowMs, defaults });
  // Complete, since ParsedValues has exactly the properties and types of the table's rows.
  return { values: values as unknown as ParsedValues, ...messages };
}

/** The values of a table's rows by property, and messages about them. */
interface ParsedRows extends Omit<SingleInputs, 'values'> {
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Parses the inputs of a table. Of a list, the valid entries are kept; any other invalid value is replaced by its
 * default.
 */
export async function parseRows<N extends string>(
  table: Readonly<Record<N, InputDefinition>>,
  raw: Readonly<Record<N, string | Unredacted>>,
  { nowMs, defaults }: { readonly nowMs: number; readonly defaults: Readonly<Record<N, string>> },
): Promise<ParsedRows> {
  const problems: InputProblem[] = [];
  const warnings: InputIssue[] = [];
  const values: Record<string, unknown> = {};
  for (const input of Object.keys(table) as N[]) {
    const definition: InputDefinition = table[input];
    const { property, parse, isList } = definition;
    const text = raw[input];
    if (!property || !parse || text instanceof Unredacted) continue;
    const result = await parse(text, nowMs);
    const mustReplace = result.issues.length > 0 && !isList;
    const { value } = mustReplace ? await parse(defaults[input], nowMs) : result;
    values[property] = value;
    problems.push(...toProblems(input, definition, result, defaults[input]));
    warnings.push(...(result.warnings ?? []).map((text) => ({ input, text })));
  }
  return { values, problems, warnings };
}

/** Parses `github_token`. An invalid one is left out. */
export function parseGitHubToken({ github_token: token }: Pick<RawInputs, 'github_token'>): {
  value: Unredacted;
  problems: readonly InputProblem[];
} {
  const result = parseSecret(token);
  return {
    value: result.issues.length ? new Unredacted('') : token,
    problems: toProblems('github_token', INPUTS.github_token, result, ''),
  };
}

function toProblems(
  input: string,
  definition: InputDefinition,
  { value, issues }: ParseResult<unknown>,
  defaultText: string,
): InputProblem[] {
  const consequence = describeConsequence(definition, hasEntries(value), defaultText);
  return issues.map((text) => ({ issue: { input, text }, definition, consequence }));
}

function describeConsequence(
  { isList, decidesClosing }: InputDefinition,
  hasValidEntries: boolean,
  defaultText: string,
): string {
  if (decidesClosing) return 'No case is closed.';
  if (isList && hasValidEntries) return 'The rest is used.';
  return defaultText ? `The default (${defaultText}) is used.` : 'The input is ignored.';
}

function hasEntries(value: unknown): boolean {
  return (value instanceof Map && value.size > 0) || (Array.isArray(value) && value.length > 0);
}
