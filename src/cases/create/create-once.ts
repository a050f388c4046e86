import { toSentence } from '../../base/errors.ts';
import type { Case } from '../../datadog/case.ts';
import { createCase } from '../../datadog/cases.ts';
import type { DatadogClient } from '../../datadog/client.ts';
import type { CreateCaseBody } from '../../datadog/create-body.ts';
import { OutcomeUnknownError } from '../../datadog/errors.ts';
import { type CaseReference, parseReference } from '../../datadog/reference.ts';
import { fetchCases, fetchCurrentState } from '../../datadog/search.ts';
import { type HttpError, InterruptedError, UnexpectedResponseError } from '../../http/errors.ts';
import { isContentRejection, mayTryAgain, requestFate } from '../../http/fate.ts';
import { continueTries } from '../../http/retry.ts';
import { pause, SEARCH_PAUSES_MS, within } from '../../http/time-plan.ts';
import type { CaseTools } from '../tools.ts';

const MAX_CREATE_ATTEMPTS = 3;

/** The case that exists after a create: this step's, or one that another step opened with the same reference. */
export interface Creation {
  readonly case: Case;
  /** Whether the response to the create request held the case; otherwise a search found it. */
  readonly isConfirmed: boolean;
  /** Requests that may have created a case although they had no usable response. */
  readonly uncertainCount: number;
}

/** A create request that Datadog refused because of its content. */
export interface Rejection {
  readonly rejection: HttpError;
  /** Earlier requests that may have created a case anyway. */
  readonly uncertainCount: number;
}

/** What is created, and how its case is recognized. */
interface CreateRequest {
  readonly body: CreateCaseBody;
  readonly reference: CaseReference;
  readonly projectId: string;
}

/** Whether a case was created by the step that this reference belongs to. */
export function isOwnCase({ description }: Case, { unique }: CaseReference): boolean {
  return parseReference(description)?.unique === unique;
}

/**
 * Creates a case. The API has no idempotency key, so if it is unknown whether a request was processed, this searches for
 * the case by its reference and retries only if it isn't there. If the index lags for longer than that, a retry opens a
 * second case: `uncertainCount` says that it may have happened, and `settle` looks for it.
 * Throws OutcomeUnknownError if it is unknown whether the case exists, and HttpError, NetworkError or TimeoutError if it
 * certainly doesn't.
 */
export async function createOnce(
  { datadog, log }: Pick<CaseTools, 'datadog' | 'log'>,
  request: CreateRequest,
): Promise<Creation | Rejection> {
  const { body, reference } = request;
  let uncertainCount = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const created = await createInTime(datadog, body);
      return { case: created, isConfirmed: true, uncertainCount };
    } catch (error) {
      if (requestFate(error) !== 'unknown') {
        if (isContentRejection(error)) return { rejection: error, uncertainCount };
        throw uncertainCount ? new OutcomeUnknownError(reference.unique, error) : error;
      }
      if (error instanceof InterruptedError) throw new OutcomeUnknownError(reference.unique, error);
      uncertainCount += 1;
      log(`${toSentence(error)} The case may have been created anyway. Searching for it.`);
      const candidates = await pollForOwnCase(datadog, request);
      const match = await pickMatch(datadog, candidates ?? [], reference);
      if (match) return { case: match, isConfirmed: false, uncertainCount };
      // After a success response only the index can be at fault, so never retry.
      const isFinal = error instanceof UnexpectedResponseError || attempt === MAX_CREATE_ATTEMPTS;
      if (!candidates || isFinal) throw new OutcomeUnknownError(reference.unique, error);
    }
  }
}

/** Leaves time to search for the case, unless the server certainly did nothing until then. */
async function createInTime(client: DatadogClient, body: CreateCaseBody): Promise<Case> {
  try {
    return await createCase(within('create', client), body);
  } catch (error) {
    if (requestFate(error) === 'unknown' || !mayTryAgain(error, { idempotent: false })) throw error;
    return continueTries(error, () => createCase(client, body));
  }
}

/** This step's case, or the oldest one of another step that is certainly open. */
async function pickMatch(
  client: DatadogClient,
  candidates: readonly Case[],
  reference: CaseReference,
): Promise<Case | undefined> {
  const own = candidates.find((candidate) => isOwnCase(candidate, reference));
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
  { reference, projectId }: CreateRequest,
): Promise<Case[] | undefined> {
  const query = { projectId, words: [reference.shared] };
  const isOwn = (candidate: Case) => isOwnCase(candidate, reference);
  let candidates: Case[] | undefined;
  for (const pauseMs of SEARCH_PAUSES_MS.lostCreate) {
    if (!(await pauseUnlessInterrupted(client, pauseMs))) return undefined;
    const found = await fetchCases(client, query).catch(() => undefined);
    candidates = found?.filter((candidate) => candidate.isOpen || isOwn(candidate));
    if (candidates?.some(isOwn)) return candidates;
  }
  return candidates;
}

/** An interruption ends the search, but not what is known about the request. */
function pauseUnlessInterrupted(client: DatadogClient, ms: number): Promise<boolean> {
  return pause(client, ms).catch((error: unknown) => {
    if (error instanceof InterruptedError) return false;
    throw error;
  });
}
