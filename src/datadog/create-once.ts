import { toSentence } from '../base/errors.ts';
import { reserveTime } from '../http/client.ts';
import { UnexpectedResponseError } from '../http/errors.ts';
import { isContentRejection, mayTryAgain, requestFate } from '../http/fate.ts';
import { continueTries } from '../http/retry.ts';
import type { Case } from './case.ts';
import { createCase } from './cases.ts';
import type { DatadogClient } from './client.ts';
import type { CreateCaseBody } from './create-body.ts';
import { OutcomeUnknownError } from './errors.ts';
import { type CaseReference, parseReference } from './reference.ts';
import { fetchCurrentState, findCases } from './search.ts';

/** Pauses before each search for a case whose create request had no usable response: the index may lag. */
const SEARCH_DELAYS_MS = [1000, 2000, 3000];
const MAX_CREATE_ATTEMPTS = 3;
/** A create request may take all the time there is, except what is needed to search for its case afterwards. */
const MAX_SEARCH_RESERVE_MS = 12_000;

/** References that identify the case being created. */
export interface CaseReferences extends CaseReference {
  readonly projectId: string;
}

/** What is known about the create requests of a step. Counts across all of its attempts. */
export interface CreateHistory {
  /** Requests that may have created a case although they had no usable response. */
  uncertainCount: number;
}

/** The case that exists after a create: this step's, or one that another step opened with the same reference. */
export interface CreateResult {
  readonly case: Case;
  /** Whether the response to the create request held the case; otherwise a search found it. */
  readonly isConfirmed: boolean;
}

/** Whether a case was created by the step that these references belong to. */
export function isOwnCase({ description }: Case, { unique }: CaseReference): boolean {
  return parseReference(description)?.unique === unique;
}

/**
 * Creates a case. The API has no idempotency key, so if the outcome of a request is unknown, this searches for the
 * case by its reference and retries only if it isn't there. If the index lags for longer than that, a retry opens a
 * second case: `history` says that it may have happened, and `settle` looks for it.
 * Throws the error if Datadog rejects the case, or OutcomeUnknownError if it is unknown whether the case exists.
 */
export async function createOnce(
  client: DatadogClient,
  body: CreateCaseBody,
  references: CaseReferences,
  history: CreateHistory,
): Promise<CreateResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { case: await createInTime(client, body), isConfirmed: true };
    } catch (error) {
      if (requestFate(error) !== 'unknown') {
        if (isContentRejection(error) || !history.uncertainCount) throw error;
        throw new OutcomeUnknownError(references.unique, error);
      }
      history.uncertainCount += 1;
      client.log(`${toSentence(error)} The case may have been created anyway. Searching for it.`);
      const candidates = await pollForOwnCase(client, references);
      const match = await pickMatch(client, candidates ?? [], references);
      if (match) return { case: match, isConfirmed: false };
      // After a success response only the index can be at fault, so never retry.
      const isFinal = error instanceof UnexpectedResponseError || attempt === MAX_CREATE_ATTEMPTS;
      if (!candidates || isFinal) throw new OutcomeUnknownError(references.unique, error);
    }
  }
}

/** Leaves time to search for the case, unless the server certainly did nothing until then. */
async function createInTime(client: DatadogClient, body: CreateCaseBody): Promise<Case> {
  try {
    return await createCase(withSearchReserve(client), body);
  } catch (error) {
    if (requestFate(error) === 'unknown' || !mayTryAgain(error, { idempotent: false })) throw error;
    return continueTries(error, () => createCase(client, body));
  }
}

function withSearchReserve(client: DatadogClient): DatadogClient {
  const remainingMs = client.deadlineMs - client.clock.now();
  return reserveTime(client, Math.min(MAX_SEARCH_RESERVE_MS, remainingMs / 4));
}

/** This step's case, or the oldest one of another step that is certainly open. */
async function pickMatch(
  client: DatadogClient,
  candidates: readonly Case[],
  references: CaseReferences,
): Promise<Case | undefined> {
  const own = candidates.find((candidate) => isOwnCase(candidate, references));
  if (own) return own;
  for (const candidate of candidates) {
    const current = await fetchCurrentState(client, candidate);
    if (current.state === 'open') return current.case;
  }
  return undefined;
}

/**
 * Searches until this step's case is found. Returns the cases of the last search, which are open or this step's own;
 * `undefined` if it failed or time ran out.
 */
async function pollForOwnCase(
  client: DatadogClient,
  references: CaseReferences,
): Promise<Case[] | undefined> {
  const query = { projectId: references.projectId, references: [references.shared] };
  const isOwn = (candidate: Case) => isOwnCase(candidate, references);
  let candidates: Case[] | undefined;
  for (const delayMs of SEARCH_DELAYS_MS) {
    if (client.clock.now() + delayMs >= client.deadlineMs) return undefined;
    await client.clock.sleep(delayMs);
    const found = await findCases(client, query).catch(() => undefined);
    candidates = found?.filter((candidate) => candidate.isOpen || isOwn(candidate));
    if (candidates?.some(isOwn)) return candidates;
  }
  return candidates;
}
