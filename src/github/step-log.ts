import { mayBeWrapped, mayContinueBase64 } from '../base/hidden-secrets.ts';
import { stripControlCharacters } from '../base/log-text.ts';
import type { Redactor } from '../base/redactor.ts';
import { truncate } from '../base/truncate.ts';
import { Unredacted } from '../base/unredacted.ts';
import type { FailedStep } from './jobs.ts';

const MAX_LINE_CHARS = 1000;
/** How much of a line is redacted. */
const MAX_RAW_LINE_CHARS = 64 * 1024;
/** The end of a line that was cut, which may be the beginning of a secret. No form of a secret is longer. */
const UNSAFE_END_CHARS = 16 * 1024;
/** How much of a step's log is redacted. */
const MAX_RAW_CHARS = 512 * 1024;
/** More lines than a log of 16 MiB has if the runner wrote it: each starts with a time. */
const MAX_SCANNED_LINES = 1_000_000;
/** The most lines that continue another one. */
const MAX_CONTINUATION_LINES = 10_000;

const LEFT_OUT = '[… earlier lines left out]\n';

/** The time at the start of a line, up to the second. */
const LINE_START = /^\ufeff?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[\d:.]*Z ?/;

/** Words for the runner's own markers, in place of `##[marker]`. Any other is text that a program wrote. */
const MARKER_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['group', ''],
  ['section', ''],
  ['error', 'Error: '],
  ['warning', 'Warning: '],
  ['notice', 'Notice: '],
  ['command', '$ '],
]);

/** A line without its time, as the program wrote it. */
interface RawLine {
  /** At most its first 64 KiB. */
  readonly text: Unredacted;
  readonly chars: number;
  readonly isCut: boolean;
  /** Whether it may be Base64 that the line below continues: half a secret in it is not recognized. */
  readonly isWrapped: boolean;
  /** Whether it may continue the line above. */
  readonly isContinuation: boolean;
}

/**
 * The last lines of a step, up to its last error: what follows in a job's log is cleanup. Without control characters,
 * and at most about `maxChars` characters. A log has times but no steps, so the step's lines are those
 * written while it ran (in whole seconds).
 */
export function extractStepLog(
  log: Unredacted,
  step: FailedStep,
  options: { readonly maxLines: number; readonly maxChars: number; readonly redactor: Redactor },
): string {
  const { maxLines, maxChars, redactor } = options;
  const lines: string[] = [];
  let chars = 0;
  let rawChars = 0;
  // With the line above, to see whether it continues below.
  const newestFirst = selectStepLines(log, step, maxLines + 1);
  for (const line of newestFirst.slice(0, maxLines)) {
    if (chars >= maxChars || rawChars >= MAX_RAW_CHARS) break;
    const text = formatLogLine(line, redactor);
    lines.push(text);
    chars += text.length + 1;
    rawChars += line.chars;
  }
  const isWhole = lines.length === Math.min(newestFirst.length, maxLines);
  while (newestFirst[lines.length]?.isWrapped && newestFirst[lines.length - 1]?.isContinuation) lines.pop();
  // Once more, for secrets in Base64 that goes over several lines.
  const text = redactor.redact(lines.reverse().join('\n').trim());
  return isWhole || text.length > maxChars ? shortenLog(text, maxChars) : LEFT_OUT + text;
}

/** The whole lines at the end of a text, at most `maxChars` characters of them, below a line that says so. */
export function shortenLog(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const end = text.slice(-maxChars);
  return LEFT_OUT + end.slice(end.indexOf('\n') + 1);
}

/** The last lines of a step that are to be shown, newest first. */
function selectStepLines(log: Unredacted, step: FailedStep, maxLines: number): RawLine[] {
  const [firstSecond, lastSecond] = [toSecond(step.startedAtMs), toSecond(step.completedAtMs)];
  let selected: RawLine[] = [];
  let hasError = false;
  const select = (line: string) => {
    if (!hasError && line.startsWith('##[error]')) {
      hasError = true;
      selected = [];
    }
    if (selected.length < maxLines && !isHiddenMarker(line)) selected.push(toRawLine(line));
  };
  /** Lines without a time, which continue the one above them. */
  let continuation: string[] = [];
  for (const line of readBackwards(log.reveal())) {
    const [start, second] = LINE_START.exec(line.slice(0, 64)) ?? [];
    if (!start || !second) {
      if (continuation.length < MAX_CONTINUATION_LINES) continuation.push(line);
      continue;
    }
    if (second < firstSecond) return selected;
    if (!lastSecond || second <= lastSecond) [...continuation, line.slice(start.length)].forEach(select);
    if (hasError && selected.length >= maxLines) return selected;
    continuation = [];
  }
  if (!firstSecond) continuation.forEach(select);
  return selected;
}

/** The lines of a text, the last one first. */
function* readBackwards(text: string): Generator<string> {
  let end = text.length;
  for (let count = 0; end >= 0 && count < MAX_SCANNED_LINES; count += 1) {
    const start = end === 0 ? -1 : text.lastIndexOf('\n', end - 1);
    yield text.slice(start + 1, text[end - 1] === '\r' ? Math.max(start + 1, end - 1) : end);
    end = start;
  }
}

/** As at the start of a line; empty if the time is unknown. */
function toSecond(timeMs: number): string {
  return Number.isNaN(timeMs) ? '' : new Date(timeMs).toISOString().slice(0, 19);
}

/** Whether the line is for debugging, or the end of a group. */
function isHiddenMarker(line: string): boolean {
  return line.startsWith('##[debug]') || line.startsWith('##[endgroup]');
}

function toRawLine(line: string): RawLine {
  const start = line.slice(0, MAX_RAW_LINE_CHARS);
  const isCut = line.length > start.length;
  return {
    text: new Unredacted(start),
    chars: start.length,
    isCut,
    isWrapped: mayBeWrapped(line),
    isContinuation: mayContinueBase64(start),
  };
}

/** The beginning of a line, with the runner's markers as text. */
function formatLogLine({ text: rawText, isCut }: RawLine, redactor: Redactor): string {
  const redacted = redactor.redact(rawText);
  const [, marker = '', text = ''] = /^##\[(\w+)\](.*)$/s.exec(redacted) ?? [];
  const prefix = MARKER_PREFIXES.get(marker);
  const visible = stripControlCharacters(prefix === undefined ? redacted : prefix + text);
  if (!isCut) return truncate(visible, MAX_LINE_CHARS);
  const safe = visible.slice(0, Math.max(0, visible.length - UNSAFE_END_CHARS));
  return `${safe.slice(0, MAX_LINE_CHARS - 1).trimEnd()}…`.toWellFormed();
}
