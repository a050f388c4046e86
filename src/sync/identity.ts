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

/** Which report a case belongs to. Cases of other reports are never looked at. */
interface ReportIdentity {
  readonly projectId: string;
  readonly source: string;
  readonly tool: string;
  readonly category: string;
}

/** The reference of all cases of a report. */
export function reportReference({ projectId, source, tool, category }: ReportIdentity): string {
  return sharedWords(projectId, toKey(['sync', source, tool, category]))[0];
}

/** The reference of the cases of one item. */
export function itemReference({ projectId, source, tool, category }: ReportIdentity, itemId: string): string {
  return sharedWords(projectId, toKey(['sync', source, tool, category, itemId]))[0];
}

/** A reference has one form only if its key is normalized. */
function toKey(parts: readonly string[]): string {
  return JSON.stringify(parts).normalize('NFC');
}
