import { createHash } from 'node:crypto';
import { stripControlCharacters } from '../base/log-text.ts';
import { Unredacted } from '../base/unredacted.ts';

// Every case that this action opens carries a reference in the last line of its description. Its words are `ghac` and 32
// hexadecimal digits each, so that a phrase search matches one exactly. The text above that line may quote anything,
// including the reference of another case.

/** What the reference line of a description says about its case. */
export interface CaseReference {
  /** Carried by every case with the same `dedup_key`. Equals `unique` if the case has no key. */
  readonly shared: string;
  /** Carried by no other case, except one that the same step opened by accident. */
  readonly unique: string;
  /**
   * The newest run of each repository that opened or reopened the case, or failed again; the one that was recorded last
   * comes first. None in cases of an earlier version. At most `MAX_RUNS` are written.
   */
  readonly runs: readonly RunReference[];
  /** What follows on the line: the state of a report, or a person's words. */
  readonly tail?: string;
}

export interface RunReference {
  readonly id: number;
  /** 1 in cases of an earlier version. */
  readonly attempt: number;
  /** `owner/name`. */
  readonly repository: string;
  /** The host of the GitHub instance, unless that is github.com. */
  readonly server?: string;
  /** What started the run, as one word. */
  readonly trigger?: string;
}

/** A reference that was read from a description. */
export interface FoundReference extends CaseReference {
  /**
   * Whether the text below the last line makes it unclear which of several references is the case's own. Such a case
   * must not be closed or rewritten.
   */
  readonly isAmbiguous: boolean;
}

const EXPLANATION_TEXT = 'The workflow finds this case by the line below. Please keep it at the end.';
const EXPLANATION = `*${EXPLANATION_TEXT}*`;
/** Anything may follow: an editor escapes characters such as `_`, adds a line break, or makes a link. */
const REFERENCE_LINE = /^Reference:\s+(ghac[0-9a-f]{32})(?:\s+(ghac[0-9a-f]{32}))?\b(.*)$/;
const RUN =
  /^, (?:opened by|and) run (\d{1,15}) of ([\w.\\-]+\/[\w.\\-]+)(?: on \[?([\w\\-]+(?:\.[\w\\-]+)+(?::\d+)?)(?:\]\([^)]*\))?)?(?:, attempt (\d{1,6})\b)?(?:, started by ((?:[a-z]|\\?_){1,50}(?:\\?-[0-9a-f]{3})?)(?![\w\\-]))?/;
/** Steps of more repositories than this rarely share a case. */
const MAX_RUNS = 5;
/** Version 1.0 wrote the references alone: the shared one last, the unique one in the line above it. */
const LEGACY_LINE = /^ghac[0-9a-f]{32}$/;

/**
 * The word that all cases with this `dedup_key` in this project share, and after it the one that version 1.0 wrote, if it
 * differs. Keys that look the same are the same: Unicode and line endings are normalized.
 */
export function sharedWords(projectId: string, key: Unredacted | string): readonly [string, ...string[]] {
  const dedupKey = key instanceof Unredacted ? key.reveal() : key;
  const normalized = dedupKey.normalize('NFC').replace(/\r\n?/g, '\n');
  const current = hashToWord(projectId, normalized);
  return normalized === dedupKey ? [current] : [current, hashToWord(projectId, dedupKey)];
}

function hashToWord(projectId: string, dedupKey: string): string {
  const hash = createHash('sha256').update(`${projectId.toLowerCase()}\n${dedupKey}`).digest('hex');
  return `ghac${hash.slice(0, 32)}`;
}

/** The word that no other case has, made from a random UUID. */
export function uniqueWord(uuid: string): string {
  return `ghac${uuid.toLowerCase().replaceAll('-', '')}`;
}

/** The end of a description that holds the reference. */
export function renderReference({ shared, unique, runs, tail = '' }: CaseReference): string {
  const words = shared === unique ? unique : `${shared} ${unique}`;
  const list = runs.slice(0, MAX_RUNS).map(renderRun).join(', and');
  return `${EXPLANATION}\n\nReference: ${words}${list && `, opened by${list}`}${tail}`;
}

function renderRun({ id, attempt, repository, server, trigger }: RunReference): string {
  const place = `${repository}${server ? ` on ${server}` : ''}`;
  const start = trigger ? `, started by ${trigger}` : '';
  return ` run ${id} of ${place}${attempt > 1 ? `, attempt ${attempt}` : ''}${start}`;
}

/** The description with another reference at its end, below everything that people wrote. */
export function replaceReference(description: string, reference: CaseReference): string {
  const texts = splitAtReference(description);
  return [...texts, renderReference(reference)].filter((part) => part).join('\n\n');
}

/** The text above the reference, and what people wrote below it. Without a reference, all of it is above. */
export function splitAtReference(description: string): [above: string, below: string] {
  const lines = description.trimEnd().split('\n');
  const found = findReferenceLine(lines);
  const join = (part: readonly string[]) =>
    part
      .join('\n')
      .replace(/^\s*\n/, '')
      .trimEnd();
  return found
    ? [join(lines.slice(0, found.firstLine)), join(lines.slice(found.lastLine + 1))]
    : [join(lines), ''];
}

/**
 * Reads the reference of a description; `undefined` if there is none. The last line counts, in every form that was ever
 * written. If people wrote below it, the last line counts that follows our explanation.
 */
export function parseReference(description: string): FoundReference | undefined {
  return findReferenceLine(description.trimEnd().split('\n'))?.reference;
}

interface ReferenceLine {
  readonly reference: FoundReference;
  /** The first and last line of the block, which holds the explanation as well. */
  readonly firstLine: number;
  readonly lastLine: number;
}

function findReferenceLine(lines: readonly string[]): ReferenceLine | undefined {
  const atEnd = readLine(lines, findTextAbove(lines, lines.length));
  if (atEnd) return atEnd;
  const explained = lines.flatMap((line, index) =>
    line.includes('Reference:') && isExplanation(lines[findTextAbove(lines, index)])
      ? (readLine(lines, index) ?? [])
      : [],
  );
  const found = explained.at(-1);
  if (!found) return undefined;
  const different = new Set(explained.map(({ reference }) => `${reference.shared} ${reference.unique}`));
  return { ...found, reference: { ...found.reference, isAmbiguous: different.size > 1 } };
}

function readLine(lines: readonly string[], index: number): ReferenceLine | undefined {
  const line = clean(lines[index]);
  const above = findTextAbove(lines, index);
  const [, shared, unique, rest = ''] = REFERENCE_LINE.exec(line) ?? [];
  if (shared) {
    const { runs, tail } = readRuns(rest);
    const reference = { shared, unique: unique ?? shared, runs, isAmbiguous: false, ...(tail && { tail }) };
    return { reference, firstLine: isExplanation(lines[above]) ? above : index, lastLine: index };
  }
  if (!LEGACY_LINE.test(line)) return undefined;
  const unique10 = clean(lines[above]);
  const isPair = LEGACY_LINE.test(unique10);
  return {
    reference: { shared: line, unique: isPair ? unique10 : line, runs: [], isAmbiguous: false },
    firstLine: isPair ? above : index,
    lastLine: index,
  };
}

/** Reads the runs that follow the references, and what follows the runs. */
function readRuns(text: string): { runs: RunReference[]; tail: string } {
  const runs: RunReference[] = [];
  let tail = text;
  for (let found = RUN.exec(tail); found; found = RUN.exec(tail)) {
    const [all, id, repository = '', server, attempt = 1, trigger] = found;
    runs.push({
      id: Number(id),
      attempt: Number(attempt),
      repository: repository.replaceAll('\\', ''),
      ...(server && { server: server.replaceAll('\\', '') }),
      ...(trigger && { trigger: trigger.replaceAll('\\', '') }),
    });
    tail = tail.slice(all.length);
  }
  return { runs, tail };
}

/** The index of the next line above `index` that holds text; -1 if there is none. */
function findTextAbove(lines: readonly string[], index: number): number {
  let above = index - 1;
  while (above >= 0 && !clean(lines[above])) above -= 1;
  return above;
}

function clean(line = ''): string {
  return stripControlCharacters(line).trim();
}

/** An editor may change the markup. */
function isExplanation(line: string | undefined): boolean {
  return (
    clean(line)
      .replace(/[*_\\]/g, '')
      .trim() === EXPLANATION_TEXT
  );
}
