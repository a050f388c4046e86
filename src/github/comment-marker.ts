// A pull request comment about a case starts with a line that is invisible on GitHub: which case it is about, how many
// failures it counts, and which other comments' counts it includes.

/** The most IDs of merged comments that a comment keeps. */
const MAX_MERGED_IDS = 50;

/** What a comment's first line says. */
export interface CommentMarker {
  readonly failureCount: number;
  /** IDs of the comments that were merged into this one. Their failures are counted already. */
  readonly mergedIds: readonly number[];
}

/** Writes the first line of a comment. Versions before 1.1 read its beginning. */
export function renderMarker(caseId: string, { failureCount, mergedIds }: CommentMarker): string {
  const merged = mergedIds.length ? `<!-- merged ${mergedIds.slice(-MAX_MERGED_IDS).join(' ')} -->` : '';
  return `<!-- datadog-case ${toMarkerId(caseId)} seen ${failureCount} -->${merged}`;
}

/** Reads the first line of a comment; `undefined` if the comment isn't about this case. */
export function parseMarker(caseId: string, body: string): CommentMarker | undefined {
  const marker = new RegExp(
    `^<!-- datadog-case ${toMarkerId(caseId)} seen ([0-9]{1,9}) -->(?:<!-- merged ([0-9 ]{1,1500}) -->)?`,
  );
  const [, failureCount, mergedIds = ''] = marker.exec(body) ?? [];
  if (!failureCount) return undefined;
  return { failureCount: Number(failureCount), mergedIds: mergedIds.split(' ').map(Number).filter(Boolean) };
}

/** Makes an ID safe inside an HTML comment and a RegExp. */
function toMarkerId(id: string): string {
  return id.replace(/\W+/g, '-');
}
