import { distance } from 'fastest-levenshtein';

// Words that others wrote (titles, branch and job names, answers of an API) are data. What stands in a code span
// or a fence makes no link, mention, image, HTML or heading, on GitHub or in Datadog: so that is where they go.

/** Characters that steer a terminal or turn the direction of text around, and so make it read as what it is not. */
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Colours and other terminal sequences. */
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** Someone else's words on one line, as a Markdown code span: they are shown as they are and do nothing. */
export function code(words: string, longest = 200): string {
  const line = cut(visible(words).replace(/\s+/g, ' ').trim(), longest);
  if (!line) return '–';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A row of a table. A bar would end a cell even inside a code span, so a sign that looks like one stands in its place. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll('|', '\u2223')).join(' | ')} |`;
}

/** A link whose text is someone else's words. The address must be one that we built. */
export function link(words: string, address: string): string {
  return `[${code(words)}](${address.replace(/[()\s<>"'`\\[\]]/g, (mark) => `%${mark.charCodeAt(0).toString(16).padStart(2, '0')}`)})`;
}

/** Lines in a Markdown fence that nothing in them can close. */
export function fence(lines: string, language = 'text'): string {
  const inner = visible(lines);
  const marks = '`'.repeat(Math.max(3, longestRun(inner) + 1));
  return `${marks}${language}\n${inner}\n${marks}`;
}

/** Text for the step's log, where a line that begins with two colons, or holds `##[`, would be a command to the runner. */
export function logged(text: string): string {
  return visible(text)
    .replace(/^(\s*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '# #[');
}

/** The text without what steers a terminal, and with a mark for half a character. */
function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(ANSI, '').replace(STEERING, '').toWellFormed();
}

/** At most so many characters, with a sign where something is gone. */
export function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…`.toWellFormed() : text;
}

/** The text with each secret gone, whatever it stood in. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
}

/** Text as it was given, in quotes, short enough for a message and on one line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** The candidates, the most alike first, without regard to case. Words of a name are nearly as good as the whole. */
export function nearest(wanted: string, candidates: readonly string[]): string[] {
  const sought = wanted.toLowerCase();
  const far = (candidate: string) => {
    const name = candidate.toLowerCase();
    const parts = [...name.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)].map(({ index }) =>
      name.slice(index, index + sought.length),
    );
    return Math.min(distance(sought, name), ...parts.map((part) => distance(sought, part) + 1));
  };
  return candidates
    .map((name) => ({ name, by: far(name) }))
    .sort((a, b) => a.by - b.by)
    .map(({ name }) => name);
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
