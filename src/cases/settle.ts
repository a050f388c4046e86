import { explain } from '../content/explain.ts';
import { duplicateComment } from '../content/timeline.ts';
import { type Case, compareByAge } from '../datadog/case.ts';
import { addComment, closeCase } from '../datadog/cases.ts';
import {
  type CaseReferences,
  type CreateHistory,
  type CreateResult,
  isOwnCase,
} from '../datadog/create-once.ts';
import { fetchCurrentState, findCases } from '../datadog/search.ts';
import { limitTo, reserveTime } from '../http/client.ts';
import type { CaseContext } from './context.ts';

/** Pauses before each search. The first is usually enough; the others are for an index that lags. */
const SEARCH_DELAYS_MS = [1000, 2000, 3000, 4000];
/** Kept for closing what turns out to be a duplicate. */
const CLOSE_RESERVE_MS = 3000;

/** What was created, and how. */
export interface Creation extends CreateResult {
  readonly references: CaseReferences;
  readonly history: CreateHistory;
}

/** The case that is open in the end. */
export interface Settlement {
  readonly case: Case;
  /** Whether this step created it. */
  readonly isOwn: boolean;
}

interface Sighting {
  /** The open cases with the same reference, oldest first. */
  readonly cases: readonly Case[];
  /** Whether everything that this step created is among them. */
  readonly isComplete: boolean;
}

/**
 * Makes sure that one case is open after a create: searches again for cases with its reference, keeps the oldest, and
 * closes those of this step that aren't. The oldest is another step's if that step was faster. Steps agree on it
 * without talking to each other, because the search shows older cases no later than younger ones.
 * What can't be made sure of is a warning. Never throws. `maybeReopened` was closed before, and may have been reopened
 * since: by another step, or by a request of this one that got no response.
 */
export async function settle(
  context: CaseContext,
  creation: Creation,
  maybeReopened: Case | undefined,
): Promise<Settlement> {
  const { case: created, isConfirmed, references, history } = creation;
  const unsettled = { case: created, isOwn: isOwn(creation, created) };
  const isShared = references.shared !== references.unique;
  const isAccountedFor = history.uncertainCount === (isConfirmed ? 0 : 1) && unsettled.isOwn;
  if (!isShared && isAccountedFor) return unsettled;
  try {
    const { cases, isComplete } = await pollUntilComplete(context, creation);
    if (!isComplete) reportIncomplete(context, creation);
    const reopened = await findReopened(context, maybeReopened);
    const others = cases.filter(({ id }) => id !== reopened?.id);
    const candidates = [...(reopened ? [reopened] : []), ...others].sort(compareByAge);
    const confirmed = await dropUnconfirmed(context, creation, { cases: candidates, openId: reopened?.id });
    const { winner, extras } = sortOut(creation, confirmed);
    await Promise.all(extras.map((duplicate) => closeDuplicate(context, { duplicate, original: winner })));
    return { case: winner, isOwn: isOwn(creation, winner) };
  } catch (error) {
    context.warn(`Could not check for a duplicate opened at the same time. ${explain(error).text}`);
    return unsettled;
  }
}

/** Searches until the result is complete, or as long as delays and deadline allow. Throws what `findCases` throws. */
async function pollUntilComplete({ datadog }: CaseContext, creation: Creation): Promise<Sighting> {
  const { projectId, shared } = creation.references;
  const client = reserveTime(datadog, CLOSE_RESERVE_MS);
  let cases: Case[] = [];
  for (const delayMs of SEARCH_DELAYS_MS) {
    if (client.clock.now() + delayMs >= client.deadlineMs) break;
    await client.clock.sleep(delayMs);
    const found = await findCases(client, { projectId, references: [shared] });
    cases = found.filter(({ isOpen }) => isOpen);
    if (isComplete(creation, found)) return { cases, isComplete: true };
  }
  return { cases, isComplete: false };
}

/**
 * Once the case of a confirmed request is visible, older ones are visible too. After requests whose fate is unknown, as
 * many cases of this step must be visible as all its requests may have created.
 */
function isComplete(
  { case: created, isConfirmed, references, history }: Creation,
  found: readonly Case[],
): boolean {
  if (!history.uncertainCount) return found.some(({ id }) => id === created.id);
  const ownCount = found.filter((candidate) => isOwnCase(candidate, references)).length;
  return ownCount >= history.uncertainCount + (isConfirmed ? 1 : 0);
}

/** The case that was closed before, if it is open now. */
async function findReopened(
  { datadog }: CaseContext,
  maybeReopened: Case | undefined,
): Promise<Case | undefined> {
  if (!maybeReopened) return undefined;
  const current = await fetchCurrentState(datadog, maybeReopened);
  return current.state === 'open' ? current.case : undefined;
}

/**
 * Drops older cases of other steps that aren't certainly open: the search may be stale, and if there is any doubt, this
 * step's case must stay. The case with the ID `openId` has been checked already.
 */
async function dropUnconfirmed(
  context: CaseContext,
  creation: Creation,
  { cases, openId }: { readonly cases: readonly Case[]; readonly openId: string | undefined },
): Promise<readonly Case[]> {
  const current = cases.find(({ id }) => id === creation.case.id) ?? creation.case;
  const [oldest, ...rest] = cases;
  if (!oldest || isOwn(creation, oldest) || [current.id, openId].includes(oldest.id)) return cases;
  if (compareByAge(oldest, current) > 0) return cases;
  const state = await fetchCurrentState(context.datadog, oldest);
  if (state.state === 'open') return cases;
  if (state.state === 'unknown')
    context.warn(
      `Could not check that ${oldest.label} is still open, so ${creation.case.label} stays open; it may be a duplicate. ${explain(state.error).text}`,
    );
  return dropUnconfirmed(context, creation, { cases: rest, openId });
}

/** The case that stays, and the cases of this step that don't. */
function sortOut(creation: Creation, visible: readonly Case[]): { winner: Case; extras: Case[] } {
  const { case: created } = creation;
  const cases = visible.some(({ id }) => id === created.id) ? [...visible] : [created, ...visible];
  const current = cases.find(({ id }) => id === created.id) ?? created;
  // Without a time to compare, keep the known case: a duplicate is better than none.
  const oldest = Number.isNaN(current.createdAtMs) ? current : (cases.sort(compareByAge)[0] ?? current);
  const winner = oldest.id === created.id ? created : oldest;
  const extras = cases.filter((candidate) => candidate.id !== winner.id && isOwn(creation, candidate));
  return { winner, extras };
}

/** Whether this step created the case. A confirmed response may lack the description that says so. */
function isOwn({ case: created, isConfirmed, references }: Creation, candidate: Case): boolean {
  return isOwnCase(candidate, references) || (isConfirmed && candidate.id === created.id);
}

function reportIncomplete(
  { datadog, warn }: CaseContext,
  { case: datadogCase, references, history }: Creation,
): void {
  if (history.uncertainCount)
    warn(
      `Datadog may have opened another case for this step. Search Datadog for ${references.unique} and close every case except ${datadogCase.label}.`,
    );
  else
    datadog.log(
      "Datadog's search doesn't show the new case yet. A case that another step opened at the same time may still be open.",
    );
}

/**
 * Closes a case that has the same `dedup_key` as `original`, with a comment that says so. Takes at most half of the time,
 * because `original` comes after it. Never throws: it warns.
 */
export async function closeDuplicate(
  { datadog, warn }: CaseContext,
  { duplicate, original }: { readonly duplicate: Case; readonly original: Case },
): Promise<void> {
  const limited = limitTo(datadog, 1 / 2);
  const [comment, closing] = await Promise.allSettled([
    addComment(limited, duplicate.id, duplicateComment(original)),
    closeCase(limited, duplicate.id),
  ]);
  const name = `${duplicate.label} is a duplicate of ${original.label}`;
  if (closing.status === 'rejected')
    warn(`${name} but could not be closed; close it manually. ${explain(closing.reason).text}`);
  else if (comment.status === 'rejected')
    warn(`${name} and was closed without a comment. ${explain(comment.reason).text}`);
}
