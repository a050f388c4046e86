import { hash } from 'node:crypto';
import { sharedWords } from '../datadog/reference.ts';

/** A hash of texts in their order: 32 hexadecimal digits. */
export function hashParts(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, 32);
}

/** Enough of a hash to tell apart what one case has had. */
export function shortHash(parts: readonly string[]): string {
  return hashParts(parts).slice(0, 8);
}

/** Whose cases a report has. Cases of other sources are never looked at. */
export interface ReportIdentity {
  readonly projectId: string;
  readonly source: string;
}

/** What tells apart the tools of a report. */
interface ToolIdentity {
  readonly format: string;
  readonly tool: string;
  readonly category: string;
}

/** The reference of all cases of a report, of whatever tool. */
export function reportReference({ projectId, source }: ReportIdentity): string {
  return sharedWords(projectId, toKey(['sync', source]))[0];
}

/** The reference of the cases of one item. */
export function itemReference(
  { projectId, source }: ReportIdentity,
  { tool, category }: ToolIdentity,
  itemId: string,
): string {
  return sharedWords(projectId, toKey(['sync', source, tool, category, itemId]))[0];
}

/** How a tool and its category are recorded. */
export function hashTool({ format, tool, category }: ToolIdentity): string {
  return shortHash([format, tool, category]);
}

/** A reference has one form only if its key is normalized. */
function toKey(parts: readonly string[]): string {
  return JSON.stringify(parts).normalize('NFC');
}
