import { explain } from '../../content/explain.ts';
import { compareByAge } from '../../datadog/case.ts';
import { pause } from '../../http/time-plan.ts';
import type { TrackedCase } from '../case-state.ts';
import { trackCase } from '../case-state.ts';
import type { Row } from '../result.ts';
import type { Execution, Opening } from './carry-out.ts';
import { closeDuplicateCase } from './change-case.ts';
import { forEachParallel } from './concurrency.ts';
import type { SyncContext } from './context.ts';
import { ownReference, setTheRest } from './open-case.ts';
import { fetchReportCases } from './search.ts';

/** Pauses before the search at the end, in milliseconds: the index may lag. */
const PAUSE_MS = { known: 500, unknown: 3000 };

/**
 * Searches once more for the cases of a report, to find the cases of create requests without a usable response,
 * and to close the cases of this run for which another run has opened one as well. Returns the rows as they are then.
 * Never throws: it warns.
 */
export async function settleOpenings(
  context: SyncContext,
  { openings, rows }: Execution,
  { report, mayClose }: { readonly report: string; readonly mayClose: boolean },
): Promise<readonly Row[]> {
  if (!openings.length) return rows;
  const hasUnknown = openings.some((opening) => !opening.case);
  await pause(context.datadog, hasUnknown ? PAUSE_MS.unknown : PAUSE_MS.known).catch(() => false);
  const settled = new Map<string, Partial<Row>>();
  const found = await searchAgain(context, report);
  await forEachParallel(openings, async (opening) => {
    const change = await settleOne(context, opening, { found, mayClose });
    if (change) settled.set(opening.action.subject.reference, change);
  });
  const unknownCount = openings.filter(
    (opening) => !opening.case && !settled.has(opening.action.subject.reference),
  ).length;
  if (unknownCount)
    context.warn(
      `It is unknown whether ${unknownCount === 1 ? 'a case was' : `${unknownCount} cases were`} opened. The next run looks for ${unknownCount === 1 ? 'it' : 'them'}.`,
    );
  const isOpening = ({ action }: Row) => action === 'opened' || action === 'unknown';
  return rows.map((row) => (isOpening(row) ? { ...row, ...settled.get(row.reference) } : row));
}

async function searchAgain(context: SyncContext, report: string): Promise<readonly TrackedCase[]> {
  try {
    return (await fetchReportCases(context.datadog, context.projectId, report)).cases;
  } catch (error) {
    context.warn(
      `Could not check whether another run has opened the same cases. The next run does. ${explain(error).text}`,
    );
    return [];
  }
}

interface Settling {
  readonly found: readonly TrackedCase[];
  readonly mayClose: boolean;
}

/** What changes about the row of an opening; `undefined` if nothing does. */
async function settleOne(
  context: SyncContext,
  { action, case: created }: Opening,
  { found, mayClose }: Settling,
): Promise<Partial<Row> | undefined> {
  const { subject } = action;
  const unique = ownReference(context, subject.reference);
  const visible = found.filter((tracked) => tracked.reference.shared === subject.reference);
  const isVisible = created && visible.some((tracked) => tracked.case.id === created.id);
  const response = created && !isVisible ? trackCase(created) : undefined;
  const all = response ? [...visible, response] : visible;
  const open = all.filter((tracked) => tracked.case.isOpen).sort((a, b) => compareByAge(a.case, b.case));
  const [original, ...others] = open;
  if (!original) return undefined;
  const isOwn = (tracked: TrackedCase) => tracked.reference.unique === unique;
  if (mayClose)
    for (const tracked of others.filter(isOwn))
      await closeOwnDuplicate(context, { kind: 'duplicate', tracked, original });
  if (isOwn(original)) {
    if (!created) await setTheRest(context, action, original.case);
    return { action: 'opened', case: original.case };
  }
  return { action: 'unchanged', case: original.case };
}

/** Never throws: it warns. */
async function closeOwnDuplicate(
  context: SyncContext,
  duplicate: Parameters<typeof closeDuplicateCase>[1],
): Promise<void> {
  const { tracked, original } = duplicate;
  const progress = { hasNewStatus: false };
  try {
    await closeDuplicateCase(context, duplicate, progress);
  } catch (error) {
    const what = progress.hasNewStatus
      ? 'and was closed, but its description could not be updated'
      : 'but could not be closed; the next run closes it';
    context.warn(
      `${tracked.case.label} is a duplicate of ${original.case.label} ${what}. ${explain(error).text}`,
    );
  }
}
