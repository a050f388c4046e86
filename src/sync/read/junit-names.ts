import { stripControlCharacters } from '../../base/log-text.ts';
import { hashParts } from '../identity.ts';
import { CONTAINER_WORKSPACE } from './paths.ts';

/** Colors whose escape character was replaced on the way. */
const ESCAPED_COLORS = /(?:\u241b|\\u001b|\\x1b|#x1B|&#27;|\ufffd)\[[\d;]{0,15}m/gi;
/** Colors whose escape character was lost. Not what parameters begin with: `[5m]`, `[5ms]`, `[mysql]`. */
const BARE_COLORS = /\[(?:\d{1,3}(?:;\d{1,3}){0,5})?m(?!\w{0,99}\])/g;
/** What ends a color. Without one of these after another, what looks like a color is text, such as `[25m freestyle]`. */
const END_OF_COLOR = /^\[(?:0|2[2-9]|39|49)m$/;
/** After `at` or `@`, as Python, Ruby and C write it. */
const NAMED_ADDRESS = /(?<=\bat |@)0x[0-9a-f]{6,16}\b/gi;
/** As long as a pointer, and where systems put them. Shorter numbers, and others, are parameters. */
const POINTER =
  /\b0x(?:0000(?:0[12]|5[5-7]|7[ef])[0-9a-f]{10}|(?:5[5-7]|60|7[ef])[0-9a-f]{10}|ffff[0-9a-f]{8}|c0[0-9a-f]{8})\b/gi;
/** The hash of an object after its qualified class, as Java's `toString` writes it. */
const JAVA_HASH = /(?<![\w$.])((?:[a-z_$][\w$]*\.)+[A-Z][\w$.]*(?:\[\])*)@[0-9a-f]{5,8}(?!\.?\w)/g;
/** What unittest-xml-reporting adds to the name of a suite. */
const TIME_OF_RUN = /-20\d{12}$/;

/** What a name must have so that anything about it may change. Most have none of it. */
const MAY_CHANGE = /[^ -~]|[[@\\/]|0x|^ | $| {2}/i;

/** Longer names end in a hash, so that reading a report takes no more time than its size explains. */
const MAX_NAME_CHARS = 1000;

/**
 * The name of a test, class or suite as it is in every run: without colors, addresses in memory and the path of the
 * workspace, on one line.
 */
export function normalizeName(name: string, workspace: string): string {
  if (!MAY_CHANGE.test(name)) return limitName(name);
  const visible = stripControlCharacters(name).replace(ESCAPED_COLORS, '');
  const text = dropWorkspace(dropBareColors(visible), workspace)
    .replace(NAMED_ADDRESS, '0x…')
    .replace(POINTER, '0x…')
    .replace(JAVA_HASH, '$1@…')
    .replace(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
  return limitName(text);
}

/** The name of a suite as it is in every run: after the names of those around it, and without the time of the run. */
export function normalizeSuiteName(name: string, outer: string, workspace: string): string {
  const own = normalizeName(name, workspace).replace(TIME_OF_RUN, '');
  return limitName([outer, own].filter((part) => part).join(' > '));
}

function dropBareColors(text: string): string {
  const codes = text.match(BARE_COLORS) ?? [];
  const isColored = codes.slice(1).some((code) => END_OF_COLOR.test(code));
  return isColored ? text.replace(BARE_COLORS, '') : text;
}

/** Each instance of a self-hosted runner has a folder of its own. */
function dropWorkspace(text: string, workspace: string): string {
  if (!/[\\/]/.test(text)) return text;
  return [workspace, workspace.replaceAll('\\', '/'), CONTAINER_WORKSPACE]
    .filter((folder) => /[^\\/][\\/]+[^\\/]/.test(folder))
    .flatMap((folder) => [`${folder}/`, `${folder}\\`])
    .reduce((shorter, prefix) => shorter.replaceAll(prefix, ''), text);
}

/** A name as it is, or its beginning and a hash of it. */
export function limitName(name: string): string {
  if (name.length <= MAX_NAME_CHARS) return name;
  return `${name.slice(0, MAX_NAME_CHARS).toWellFormed()}… ${hashParts([name])}`;
}
