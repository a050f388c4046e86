import { duplicateComment } from '../content/comments.ts';
import { explain } from '../content/explain.ts';
import type { Case } from '../datadog/case.ts';
import { addComment, closeCase, linkDuplicate, setDescription } from '../datadog/cases.ts';
import { type CaseReference, parseReference, replaceReference } from '../datadog/reference.ts';
import { fetchCurrentState, isNotFound } from '../datadog/search.ts';
import type { RunContext } from '../github/run-context.ts';
import {
  areComparable,
  compareRuns,
  findNewestOfEach,
  listRun,
  type RunIdentity,
} from '../github/run-order.ts';
import { within } from '../http/time-plan.ts';
import type { CaseTools } from './tools.ts';

/**
 * Closes a case that has the same `dedup_key` as `original`, then says so in a comment and a link. Takes at most half of
 * the time, because `original` comes after it. Never throws: it warns.
 */
export async function closeDuplicate(
  { datadog, log, warn }: Pick<CaseTools, 'datadog' | 'log' | 'warn'>,
  { duplicate, original }: { readonly duplicate: Case; readonly original: Case },
): Promise<void> {
  const client = within('beforeMore', datadog);
  const name = `${duplicate.label} is a duplicate of ${original.label}`;
  let isOriginalOpen = true;
  const check = async () => {
    isOriginalOpen = (await fetchCurrentState(client, original)).state === 'open';
    if (!isOriginalOpen) throw new Error(`${original.label} may be closed.`);
  };
  try {
    await closeCase(client, duplicate, check);
  } catch (error) {
    const text = isOriginalOpen
      ? `but could not be closed; close it manually. ${explain(error).text}`
      : `and stays open, because ${original.label} may not be open any more.`;
    warn(`${name} ${text}`, { kind: 'duplicate-open', cases: [duplicate.label] });
    return;
  }
  const [comment] = await Promise.allSettled([
    addComment(client, duplicate.id, duplicateComment(original)),
    linkDuplicate(client, { duplicateId: duplicate.id, originalId: original.id }).catch((error: unknown) =>
      log(`Could not link ${duplicate.label} to ${original.label}. ${explain(error).text}`),
    ),
  ]);
  if (comment.status === 'rejected')
    warn(`${name} and was closed without a comment. ${explain(comment.reason).text}`);
}

/**
 * Heals what an earlier step could not see: closes the other open cases of a key. `original` must certainly be open, and
 * know the newest runs of all of them. Never throws: it warns.
 */
export async function closeOtherCases(
  tools: Pick<CaseTools, 'datadog' | 'log' | 'warn'>,
  { original, others }: { readonly original: Case; readonly others: readonly Case[] },
): Promise<void> {
  const isAmbiguous = ({ description }: Case) => parseReference(description)?.isAmbiguous;
  if (isAmbiguous(original)) return;
  await Promise.all(
    others.map((duplicate) => {
      if (!isAmbiguous(duplicate)) return closeDuplicate(tools, { duplicate, original });
      const text = `${duplicate.label} may be a duplicate of ${original.label}, but its description holds several references, so it stays open. Remove the references of other cases.`;
      return tools.warn(text, { kind: 'several-references', cases: [duplicate.label] });
    }),
  );
}

/**
 * Records in the description that this run failed, and those that `others` name, so that no older run closes the case.
 * Writes only if the description doesn't name them or newer ones. Never throws: it warns.
 */
export async function recordRun(
  { datadog, warn }: Pick<CaseTools, 'datadog' | 'warn'>,
  { id, label, description }: Case,
  { run, others = [] }: { readonly run: RunContext; readonly others?: readonly Case[] },
): Promise<void> {
  const reference = parseReference(description);
  const failed = [...listRun(run), ...others.flatMap(listRecorded)];
  if (!reference || !isNews(reference, failed)) return;
  const doubt = { kind: 'run-not-recorded', cases: [label] } as const;
  if (reference.isAmbiguous) {
    warn(
      `The description of ${label} holds several references, so it was not changed: an older run may close the case. Remove the references of other cases.`,
      doubt,
    );
    return;
  }
  const warnOfLoss = (reason: string) =>
    warn(`Could not record this run in ${label}, so an older run may close it. ${reason}`, doubt);
  try {
    const runs = findNewestOfEach([...failed, ...reference.runs]);
    const text = replaceReference(description, { ...reference, runs });
    const updated = await setDescription(datadog, id, text);
    if (!updated?.description || hasRuns(updated.description, text)) return;
    warnOfLoss('Datadog cut its description off.');
    await restoreDescription({ datadog, warn }, { id, label, description }, updated.description);
  } catch (error) {
    // Nobody can close a case that is gone.
    if (!isNotFound(error)) warnOfLoss(explain(error).text);
  }
}

/** Whether a stored description names the reference and the runs of the one that was written. */
function hasRuns(stored: string, written: string): boolean {
  const reference = parseReference(stored);
  return reference !== undefined && !isNews(reference, listRecorded({ description: written }));
}

/**
 * Writes what was there before: it fits, later steps find the case by its end, and it may name the runs of others. Never
 * throws: it warns.
 */
async function restoreDescription(
  { datadog, warn }: Pick<CaseTools, 'datadog' | 'warn'>,
  { id, label, description }: Pick<Case, 'id' | 'label' | 'description'>,
  cutOff: string,
): Promise<void> {
  try {
    await setDescription(datadog, id, description);
  } catch (error) {
    if (parseReference(cutOff)) return;
    warn(
      `Could not restore the end of the description of ${label}, so later runs won't find this case: they may open another one, and won't close it. ${explain(error).text}`,
      { kind: 'reference-lost', cases: [label] },
    );
  }
}

function listRecorded({ description }: Pick<Case, 'description'>): readonly RunIdentity[] {
  return parseReference(description)?.runs ?? [];
}

/** Whether one of the runs is newer than the recorded ones of its repository, or the first of it. */
function isNews({ runs }: CaseReference, failed: readonly RunIdentity[]): boolean {
  return failed.some(
    (run) => !runs.some((known) => areComparable(known, run) && compareRuns(known, run) >= 0),
  );
}
