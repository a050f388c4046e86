import type { InputIssue } from '../base/errors.ts';
import type { RawInputs } from './raw-inputs.ts';
import { INPUT_NAMES, INPUTS, type InputDefinition, type InputName, type ParsedValues } from './schema.ts';
import type { ParseResult } from './value-parsers.ts';

/** Something in an input that can't be used. */
export interface InputProblem {
  readonly issue: InputIssue;
  readonly definition: InputDefinition;
  /** What the step does instead, as a sentence. */
  readonly consequence: string;
}

/** The values of all inputs whose meaning does not depend on others. */
export interface SingleInputs {
  readonly values: ParsedValues;
  readonly problems: readonly InputProblem[];
  /** What was probably meant differently. */
  readonly warnings: readonly InputIssue[];
}

/** Parses these inputs. Of a list, the valid entries are kept; any other invalid value is replaced by its default. */
export async function parseSingleInputs(
  raw: RawInputs,
  nowMs: number,
  defaults: RawInputs,
): Promise<SingleInputs> {
  const problems: InputProblem[] = [];
  const warnings: InputIssue[] = [];
  const values: Partial<Record<keyof ParsedValues, unknown>> = {};
  for (const input of INPUT_NAMES) {
    const definition: InputDefinition = INPUTS[input];
    const { property, parse, isList } = definition;
    if (!property || !parse) continue;
    const result = await parse(raw[input], nowMs);
    const mustReplace = result.issues.length > 0 && !isList;
    const { value } = mustReplace ? await parse(defaults[input], nowMs) : result;
    values[property as keyof ParsedValues] = value;
    problems.push(...toProblems(input, result, defaults[input]));
    warnings.push(...(result.warnings ?? []).map((text) => ({ input, text })));
  }
  // Complete, since ParsedValues has exactly the properties and types of the table's rows.
  return { values: values as ParsedValues, problems, warnings };
}

function toProblems(
  input: InputName,
  { value, issues }: ParseResult<unknown>,
  defaultText: string,
): InputProblem[] {
  const definition: InputDefinition = INPUTS[input];
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
  return defaultText ? `The default (${defaultText}) is used.` : 'It is ignored.';
}

function hasEntries(value: unknown): boolean {
  return (value instanceof Map && value.size > 0) || (Array.isArray(value) && value.length > 0);
}
