import { type ParseError, parse } from 'jsonc-parser';

const EXCERPT_CHARS = 20;
const USE_TO_JSON =
  'If it comes from an expression, use `toJSON()` there, or write lines of "key: value" instead.';

/**
 * Says where invalid JSON breaks, and what to change. V8's own message does not always contain a position, so this uses
 * a second parser, which is loaded only here.
 */
export function describeJsonProblem(text: string): string {
  const offset = findError(text);
  return `is not valid JSON at ${describeLocation(text, offset)}. ${suggestFix(text, offset)}`;
}

function findError(text: string): number {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true });
  } catch {
    // Thousands of nested brackets exhaust the stack; they are never closed, or V8 would have parsed them.
  }
  return errors[0]?.offset ?? text.length;
}

function describeLocation(text: string, offset: number): string {
  const preceding = text.slice(0, offset).split('\n');
  const column = (preceding.at(-1)?.length ?? 0) + 1;
  const before = text.slice(Math.max(0, offset - EXCERPT_CHARS), offset);
  const excerpt = `${before}⟨here⟩${text.slice(offset, offset + EXCERPT_CHARS)}`;
  return `line ${preceding.length}, column ${column}, near \`${excerpt.replace(/\s+/g, ' ').trim()}\``;
}

/** What to change, judged by the text on both sides of the error. */
function suggestFix(text: string, offset: number): string {
  const before = text.slice(0, offset).trimEnd();
  const after = text.slice(offset);
  if (!after) return 'It ends too early: a closing } or ] is missing.';
  if (/^[}\]]/.test(after) && before.endsWith(',')) return `Remove the comma before ${after[0]}.`;
  if (/^[},\]]/.test(after) && before.endsWith(':'))
    return 'A value is missing: an expression may have returned nothing. Use `toJSON()` in the expression.';
  if (/^['‘’“”]/.test(after)) return 'Use double quotes (") around keys and strings.';
  if (/^(?:\/\/|\/\*|#)/.test(after)) return 'Remove the comment: JSON allows none.';
  if (after.startsWith('"')) return describeStringProblem(before, after);
  // A string has just ended, and text follows it: its quote was meant as part of the string.
  if (before.endsWith('"') && /^[^\s,:{}[\]]/.test(after))
    return `A quote inside a string must be written as \\". ${USE_TO_JSON}`;
  if (/^[\p{L}_]/u.test(after)) return 'Put keys and strings in double quotes (").';
  return USE_TO_JSON;
}

/** What is wrong with the string that starts here. */
function describeStringProblem(before: string, after: string): string {
  if (/["}\]\w]$/.test(before)) return 'A comma or a colon is missing there.';
  const [content = ''] = /^(?:[^"\\\n]|\\.)*/.exec(after.slice(1)) ?? [];
  const end = after[content.length + 1];
  if (end === '\n') return `A line break inside a string must be written as \\n. ${USE_TO_JSON}`;
  if (end === undefined) return 'The closing quote of this string is missing.';
  return `A backslash inside a string must be written as \\\\. ${USE_TO_JSON}`;
}
