import { stripControlCharacters } from '../../base/log-text.ts';
import { codeBlock, codeSpan, link } from '../../base/markdown.ts';
import { truncate } from '../../base/truncate.ts';
import { joinParagraphs, renderRunContext } from '../../content/description.ts';
import { type CaseReference, replaceReference, splitAtReference } from '../../datadog/reference.ts';
import type { RunContext } from '../../github/run-context.ts';
import { shortHash } from '../identity.ts';
import { isInWorkspace } from '../read/paths.ts';
import type { Item, Member, ToolReport } from '../read/report.ts';
import { countMembers } from './words.ts';

/** The most members that a description lists, and a short one. */
const MAX_LISTED = 30;
const MAX_LISTED_SHORT = 3;
const MAX_TITLE_CHARS = 250;
const MAX_MESSAGE_CHARS = 160;
const MAX_DETAILS_CHARS = 1500;
const MAX_FAILURE_LINES = 20;
/** Of a test that failed in several suites or files. */
const MAX_FAILURES = 5;
const MAX_FAILURE_CHARS = 3000;
/** Datadog documents no limit. Longer texts of people are never cut, so then ours is only its first line. */
const MAX_DESCRIPTION_CHARS = 16_000;
/** The first line of what this action writes. Everything above it belongs to people. */
export const START = '*The workflow keeps what follows up to date. Please write above this line.*';
const KEPT = '*Kept, because somebody changed it:*';

/** What a description says. */
interface DescribedItem {
  readonly tool: ToolReport;
  readonly item: Item;
  readonly run: RunContext;
  readonly hasRunContext: boolean;
  /** Sentences about inputs that could not be applied. */
  readonly omissions: readonly string[];
  /** Whether Datadog takes only short texts. */
  readonly isShort: boolean;
}

/** The title of an item's case: one line of visible text. Datadog takes no empty title. */
export function renderTitle({ title }: Item): string {
  const line = stripControlCharacters(title).replace(/\s+/g, ' ').trim();
  return truncate(line || 'Finding without a title', MAX_TITLE_CHARS);
}

/** The part of a description that this action writes and replaces, without the reference. */
export function renderItem({ tool, item, run, hasRunContext, omissions, isShort }: DescribedItem): string {
  if (isShort)
    return joinParagraphs(START, renderFacts(tool, item), renderMembers(item, run, MAX_LISTED_SHORT));
  return joinParagraphs(
    START,
    item.details && !item.title.includes(item.details) ? codeSpan(item.details, MAX_DETAILS_CHARS) : '',
    renderFacts(tool, item),
    renderMembers(item, run, MAX_LISTED),
    renderFailures(item),
    hasRunContext ? renderRunContext(run, { jobs: [], unreadJobCount: 0 }) : '',
    ...omissions.slice(0, MAX_LISTED).map((text) => `*Omitted:* ${codeSpan(text, 500)}`),
  );
}

/** The hash of what this action wrote. Editors change marks and spaces, but not letters and digits. */
function hashText(text: string): string {
  return shortHash([text.replace(/[^\p{L}\p{N}]+/gu, '')]);
}

/**
 * A whole description: what people wrote into the old one, our text, and the reference, which is made with the hash of
 * our text.
 */
export function renderDescription(
  text: string,
  toReference: (textHash: string) => CaseReference,
  old: { readonly description: string; readonly textHash: string } | undefined,
): string {
  const kept = old ? keepPeoplesText(old.description, old.textHash, text) : '';
  const room = MAX_DESCRIPTION_CHARS - kept.length;
  const own = text.length <= room ? text : truncate(text, Math.max(room, START.length + 1));
  return replaceReference(joinKept(kept, own), toReference(hashText(own)));
}

/**
 * What people wrote: everything outside of our text, and our text itself if it isn't as we wrote it, without the lines
 * that are in the new one.
 */
function keepPeoplesText(description: string, textHash: string, newText: string): string {
  const [text, below] = splitAtReference(description);
  const lines = text.split('\n');
  const start = lines.findIndex((line) => normalize(line) === normalize(START));
  if (start < 0) return joinKept(text.trim(), below);
  const above = lines.slice(0, start).join('\n').trim();
  const own = lines.slice(start);
  // Without a hash, the last line was cut off.
  if (!textHash || hashText(own.join('\n')) === textHash) return joinKept(above, below);
  const known = new Set([...newText.split('\n'), START, KEPT].map(normalize));
  const changed = own
    .filter((line) => !line.trim() || !known.has(normalize(line)))
    .join('\n')
    .trim();
  const wasKept = above.split('\n').some((line) => normalize(line) === normalize(KEPT));
  return joinKept(above, changed && !wasKept ? KEPT : '', changed, below);
}

/** Joins without changing a character of what people wrote. */
function joinKept(...parts: readonly string[]): string {
  return parts.filter((part) => part).join('\n\n');
}

function normalize(line: string): string {
  return stripControlCharacters(line).replace(/[^\p{L}\p{N}]+/gu, '');
}

function renderFacts({ format, tool, category }: ToolReport, { id: _, ...item }: Item): string {
  const files = [...item.files].slice(0, 3).map((file) => codeSpan(file));
  const facts: [string, string][] = [
    ['Severity', format === 'junit' ? '' : item.severity],
    ['Tool', tool && codeSpan(tool)],
    ['Category', category && codeSpan(category)],
    ['Report', files.join(', ') + (item.files.size > 3 ? ` and ${item.files.size - 3} more` : '')],
    // Other people's address: shown, but not as a link.
    ['More', item.url && codeSpan(item.url, 500)],
  ];
  return facts
    .filter(([, value]) => value)
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n');
}

/** Sorted, so that the order of the report makes no difference. */
function sortMembers({ members }: Item): Member[] {
  return [...members.values()].sort(
    (a, b) =>
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.id < b.id ? -1 : 1),
  );
}

function renderMembers(item: Item, run: RunContext, maxListed: number): string {
  if (item.kind === 'item') return '';
  const members = sortMembers(item);
  const lines = members.slice(0, maxListed).map((member) => `- ${renderMember(member, item, run)}`);
  if (members.length > maxListed) lines.push(`- and ${members.length - maxListed} more`);
  return [`**${countMembers(item.kind, members.length)}**`, '', ...lines].join('\n');
}

function renderMember(member: Member, { kind, members }: Item, run: RunContext): string {
  const isTest = kind === 'test' || kind === 'suite';
  const span = (text: string) => text && codeSpan(text, MAX_MESSAGE_CHARS);
  const suite = kind === 'test' && members.size > 1 ? (member.suite ?? '') : '';
  const message = isTest ? '' : member.message;
  const parts = [span(suite), span(member.name), renderPlace(member, run), span(message)];
  return parts.filter((part) => part).join(': ') || '–';
}

/** A link to the line in the commit, if the file is certainly in the repository; otherwise its name. */
function renderPlace({ path, line }: Member, { repositoryUrl, sha }: RunContext): string {
  if (!path) return '';
  const text = line ? `${path}:${line}` : path;
  if (!repositoryUrl || !sha || !isInWorkspace(path)) return codeSpan(text);
  const encoded = path
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/');
  return link(text, `${repositoryUrl}/blob/${sha}/${encoded}${line ? `#L${line}` : ''}`);
}

/** The end of each failure of a test, which says most. */
function renderFailures(item: Item): string {
  if (item.kind !== 'test') return '';
  const failures = new Set(sortMembers(item).map(({ message }) => endOf(message)));
  const shown = [...failures].filter((text) => text).slice(0, MAX_FAILURES);
  const maxChars = Math.floor(MAX_FAILURE_CHARS / shown.length);
  return joinParagraphs(...shown.map((text) => codeBlock(text.slice(-maxChars).toWellFormed())));
}

function endOf(message: string): string {
  const lines = stripControlCharacters(message).trimEnd().split('\n').slice(-MAX_FAILURE_LINES);
  return lines.join('\n').trim();
}
