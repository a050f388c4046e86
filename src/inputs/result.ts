import { describeType } from '../base/json.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import type { ParseResult } from './value-parsers.ts';

/** What to report: the result of what the event is about, or the results that were given. */
export type ReportedResult =
  | { readonly kind: 'job' }
  | { readonly kind: 'results'; readonly values: readonly string[] };

/** What to do about one or more results. */
type ResultDecision =
  /** A failure. `isCancelled` if it only counts as one, because of `on_cancelled: open`. */
  | { readonly operation: 'open'; readonly isCancelled: boolean }
  /** Certainly a success. */
  | { readonly operation: 'close' }
  /** `unknown` if a value has no known meaning, or if there is none: a warning is due. */
  | { readonly operation: 'none'; readonly cause: 'cancelled' | 'undecided' | 'unknown' };

/**
 * The results of jobs and steps, conclusions of runs and checks, and states of deployments.
 * Source: https://docs.github.com/rest
 */
const FAILURES: readonly string[] = ['failure', 'error', 'timed_out', 'startup_failure'];
const UNDECIDED: readonly string[] = [
  'skipped',
  'neutral',
  'action_required',
  'stale',
  'pending',
  'in_progress',
  'queued',
  'waiting',
  'inactive',
];
/** Several results are a success if one of them is, and the others are among these. */
const HARMLESS: readonly string[] = ['success', 'skipped', 'neutral'];
const KNOWN: readonly string[] = ['success', 'cancelled', ...FAILURES, ...UNDECIDED];

const MAX_QUOTED = 5;
const ALLOWED =
  'Use job, or results such as success, failure, cancelled and skipped: `${{ needs.test.result }}` or `${{ toJSON(needs.*.result) }}`.';

/** Decides by the values, in upper or lower case: one failure is enough, and nothing is closed on a guess. */
export function decideByResults(values: readonly string[], onCancelled: 'ignore' | 'open'): ResultDecision {
  const results = values.map((value) => value.toLowerCase());
  if (results.some((result) => FAILURES.includes(result))) return { operation: 'open', isCancelled: false };
  if (!results.length || results.some((result) => !KNOWN.includes(result)))
    return { operation: 'none', cause: 'unknown' };
  if (results.includes('cancelled'))
    return onCancelled === 'open'
      ? { operation: 'open', isCancelled: true }
      : { operation: 'none', cause: 'cancelled' };
  const isSuccess = results.includes('success') && results.every((result) => HARMLESS.includes(result));
  return isSuccess ? { operation: 'close' } : { operation: 'none', cause: 'undecided' };
}

/**
 * Parses `result`: `job`, or results separated by spaces or commas, or a JSON list of them. Without any, or with an
 * unknown one, an issue names what was read.
 */
export function parseResult(text: string): ParseResult<ReportedResult> {
  const items = splitResults(text);
  if (typeof items === 'string') return reject(items);
  const values = items.map((item) => item.toLowerCase());
  if (values.length === 1 && values[0] === 'job') return { value: { kind: 'job' }, issues: [] };
  if (!values.length || values.includes(''))
    return reject(
      `${text ? `contains an empty result: ${quoteShort(text)}` : 'is empty'}. Check the name of the job in \`needs.<job>.result\`, and that \`needs\` lists it.`,
    );
  const unknown = values.filter((value) => !KNOWN.includes(value));
  if (unknown.length) return reject(describeUnknown(unknown));
  return { value: { kind: 'results', values }, issues: [] };
}

/** The value is a placeholder. */
function reject(issue: string): ParseResult<ReportedResult> {
  return { value: { kind: 'job' }, issues: [issue] };
}

/** The results one by one, or what is wrong with the text as a whole. */
function splitResults(text: string): string[] | string {
  if (!/^[[{"]|^null$/.test(text)) return text.split(/\s*,\s*|\s+/);
  const json = parseJson(text);
  if (json === undefined) return `${quoteShort(text)} is not valid JSON. ${ALLOWED}`;
  const items = [json].flat().map((item) => item ?? '');
  const other = items.find((item) => typeof item !== 'string');
  return other === undefined ? items.map(String) : `contains ${describeType(other)}. ${ALLOWED}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeUnknown(unknown: readonly string[]): string {
  const names = [...new Set(unknown)];
  const rest = names.length - MAX_QUOTED;
  const list = names.slice(0, MAX_QUOTED).map(quoteShort).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const hint = didYouMean(suggest(names[0] ?? '', ['job', ...KNOWN]));
  return `${list} ${names.length > 1 ? 'are' : 'is'} not valid.${hint} ${ALLOWED}`;
}
