import { explain } from '../../content/explain.ts';
import { type Case, compareByAge } from '../../datadog/case.ts';
import type { CaseReference } from '../../datadog/reference.ts';
import { fetchCases, fetchCurrentState } from '../../datadog/search.ts';
import { pause, SEARCH_PAUSES_MS, within } from '../../http/time-plan.ts';
import { closeDuplicate } from '../duplicates.ts';
import type { CaseTools } from '../tools.ts';
import { type Creation, isOwnCase } from './create-once.ts';

/** The case that is open in the end. */
interface Settlement {
  readonly case: Case;
  /** Whether this step created it. */
  readonly isOwn: boolean;
}

/** What the new case has in common with others. */
interface SettleOptions {
  readonly reference: CaseReference;
  readonly projectId: string;
  /** Cases that were closed before, and that another step, or a late request of this one, may have reopened. */
  readonly closed: readonly Case[];
}

/** Bounds the requests for closed cases. */
const MAX_REOPENED = 3;

interface Sighting {
  /** The cases with the same reference, oldest first. */
  readonly cases: readonly Case[];
  /** Whether everything that this step created is among them. */
  readonly isComplete: boolean;
}

/**
 * Makes sure that one case is open after a create: searches again for cases with its reference, keeps the oldest, and
 * closes those of this step that aren't. The oldest is another step's if that step was faster. Steps agree on it
 * without talking to each other, if the search shows older cases no later than younger ones; where it doesn't, the next
 * step that finds both closes one. What can't be made sure of is a warning. Never throws.
 */
export async function settle(
  tools: CaseTools,
  creation: Creation,
  options: SettleOptions,
): Promise<Settlement> {
  const { case: created, isConfirmed, uncertainCount } = creation;
  const { reference } = options;
  const isOwn = (candidate: Case) => isOwnCase(candidate, reference) || isConfirmedCase(creation, candidate);
  const unsettled = { case: created, isOwn: isOwn(created) };
  const isShared = reference.shared !== reference.unique;
  const isAccountedFor = uncertainCount === (isConfirmed ? 0 : 1) && unsettled.isOwn;
  if (!isShared && isAccountedFor) return unsettled;
  try {
    const { cases, isComplete } = await pollUntilComplete(tools, creation, options);
    if (!isComplete) reportIncomplete(tools, creation, reference);
    const open = cases.filter((candidate) => candidate.isOpen);
    const reopened = await fetchReopened(tools, cases, options);
    const candidates = merge(reopened, open);
    const checkedIds = new Set([created.id, ...reopened.map(({ id }) => id)]);
    const confirmed = await dropUnconfirmed(tools, { created, candidates, isOwn, checkedIds });
    const { winner, extras } = pickWinner(created, confirmed, isOwn);
    await Promise.all(extras.map((duplicate) => closeDuplicate(tools, { duplicate, original: winner })));
    return { case: winner, isOwn: isOwn(winner) };
  } catch (error) {
    tools.warn(`Could not check for a duplicate opened at the same time. ${explain(error).text}`, {
      kind: 'maybe-duplicate',
      cases: [created.label],
    });
    return unsettled;
  }
}

/** A confirmed response may lack the description that says whose the case is. */
function isConfirmedCase({ case: created, isConfirmed }: Creation, { id }: Case): boolean {
  return isConfirmed && id === created.id;
}

/**
 * Searches until the result is complete, or as long as pauses and deadline allow. Throws HttpError,
 * UnexpectedResponseError, NetworkError or TimeoutError.
 */
async function pollUntilComplete(
  { datadog }: Pick<CaseTools, 'datadog'>,
  creation: Creation,
  { reference, projectId }: SettleOptions,
): Promise<Sighting> {
  const client = within('settle', datadog);
  let cases: Case[] = [];
  for (const pauseMs of SEARCH_PAUSES_MS.settle) {
    if (!(await pause(client, pauseMs))) break;
    cases = await fetchCases(client, { projectId, words: [reference.shared] });
    if (isComplete(creation, cases, reference)) return { cases, isComplete: true };
  }
  return { cases, isComplete: false };
}

/**
 * Once the case of a confirmed request is visible, older ones should be visible too. After requests whose
 * outcome is unknown, as many cases of this step must be visible as all its requests may have created.
 */
function isComplete(
  { case: created, isConfirmed, uncertainCount }: Creation,
  found: readonly Case[],
  reference: CaseReference,
): boolean {
  if (!uncertainCount) return found.some(({ id }) => id === created.id);
  const ownCount = found.filter((candidate) => isOwnCase(candidate, reference)).length;
  return ownCount >= uncertainCount + (isConfirmed ? 1 : 0);
}

/**
 * Cases that were closed before, and are open now: the search may not know yet that another step, or a person, reopened
 * them. Only the last ones are asked for.
 */
async function fetchReopened(
  { datadog }: Pick<CaseTools, 'datadog'>,
  found: readonly Case[],
  { closed: closedBefore }: SettleOptions,
): Promise<readonly Case[]> {
  const closed = found.filter(({ isOpen, isArchived }) => !isOpen && !isArchived);
  const recent = merge(closed, closedBefore).sort(compareByClosing).slice(0, MAX_REOPENED);
  const states = await Promise.all(recent.map((candidate) => fetchCurrentState(datadog, candidate)));
  return states.flatMap((current) => (current.state === 'open' ? [current.case] : []));
}

/** Sorts the case that was closed last first. */
function compareByClosing(a: Case, b: Case): number {
  return (b.closedAtMs || 0) - (a.closedAtMs || 0);
}

/** Each case once, as it is in the first list, the oldest case first. */
function merge(...lists: readonly (readonly Case[])[]): Case[] {
  const byId = new Map<string, Case>();
  for (const candidate of lists.flat()) if (!byId.has(candidate.id)) byId.set(candidate.id, candidate);
  return [...byId.values()].sort(compareByAge);
}

interface Candidates {
  readonly created: Case;
  readonly candidates: readonly Case[];
  readonly isOwn: (candidate: Case) => boolean;
  /** Cases that are known to be open. */
  readonly checkedIds: ReadonlySet<string>;
}

/**
 * Drops older cases of other steps that aren't certainly open: the search may be stale, and if there is any doubt, this
 * step's case must stay.
 */
async function dropUnconfirmed(
  tools: Pick<CaseTools, 'datadog' | 'warn'>,
  { created, candidates, isOwn, checkedIds }: Candidates,
): Promise<readonly Case[]> {
  const current = candidates.find(({ id }) => id === created.id) ?? created;
  const [oldest, ...rest] = candidates;
  if (!oldest || isOwn(oldest) || checkedIds.has(oldest.id)) return candidates;
  if (compareByAge(oldest, current) > 0) return candidates;
  const state = await fetchCurrentState(tools.datadog, oldest);
  if (state.state === 'open') return [state.case, ...rest];
  if (state.state === 'unknown')
    tools.warn(
      `Could not check that ${oldest.label} is still open, so ${created.label} stays open; it may be a duplicate. ${explain(state.error).text}`,
      { kind: 'maybe-duplicate', cases: [created.label, oldest.label] },
    );
  return dropUnconfirmed(tools, { created, candidates: rest, isOwn, checkedIds });
}

/** The case that stays, and the cases of this step that don't. */
function pickWinner(
  created: Case,
  visible: readonly Case[],
  isOwn: (candidate: Case) => boolean,
): { readonly winner: Case; readonly extras: readonly Case[] } {
  const cases = merge(visible, [created]);
  const current = cases.find(({ id }) => id === created.id) ?? created;
  // Without a time to compare, keep the known case: a duplicate is better than none.
  const oldest = Number.isNaN(current.createdAtMs) ? current : (cases[0] ?? current);
  const winner = oldest.id === created.id ? created : oldest;
  const extras = cases.filter((candidate) => candidate.id !== winner.id && isOwn(candidate));
  return { winner, extras };
}

function reportIncomplete(
  { log, warn }: Pick<CaseTools, 'log' | 'warn'>,
  { case: created, uncertainCount }: Creation,
  { unique }: CaseReference,
): void {
  if (uncertainCount)
    warn(
      `Datadog may have opened another case for this step. Search Datadog for ${unique} and close every case except ${created.label}.`,
      { kind: 'maybe-duplicate', cases: [created.label] },
    );
  else
    log(
      "Datadog's search doesn't show the new case yet. A case that another step opened at the same time may still be open.",
    );
}
