import { mayHaveSucceeded } from '../http/client.ts';
import { UnexpectedResponseError } from '../http/errors.ts';
import { type Case, compareByAge } from './case.ts';
import { createCase } from './cases.ts';
import type { DatadogClient } from './client.ts';
import type { CreateCaseBody } from './create-body.ts';
import { OutcomeUnknownError } from './errors.ts';
import { includesReference } from './reference.ts';
import { findOpenCases } from './search.ts';

/** Pauses before each search for a case whose create request had no usable response: the index may lag. */
const SEARCH_DELAYS_MS = [1000, 2000, 3000];
const MAX_CREATE_ATTEMPTS = 3;
/** After this pause, a search should find the case of another step. */
const SETTLE_DELAY_MS = 1000;

/** References that identify the case being created. */
export interface CaseReferences {
  readonly projectId: string;
  /** Carried by every case with the same `dedup_key`. */
  readonly sharedReference: string;
  /** Carried only by this step's case. Equals `sharedReference` if there is no `dedup_key`. */
  readonly uniqueReference: string;
}

/** The case that exists after a create: this step's, or one that another step opened with the same reference. */
export interface CreateResult {
  readonly case: Case;
  readonly isOwn: boolean;
}

/**
 * Creates a case, never twice. The API has no idempotency key, so if the outcome of a request is unknown, this
 * searches for the case by its reference and retries only if it isn't there.
 * Throws the error if Datadog rejects the case, or OutcomeUnknownError if it is unknown whether the case exists.
 */
export async function createOnce(
  client: DatadogClient,
  body: CreateCaseBody,
  references: CaseReferences,
): Promise<CreateResult> {
  const { projectId, sharedReference, uniqueReference } = references;
  const isOwn = ({ description }: Case) => includesReference(description, uniqueReference);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { case: await createCase(client, body), isOwn: true };
    } catch (error) {
      if (!mayHaveSucceeded(error)) throw error;
      client.log(
        `It is not known whether the case was created. Looking for it by its reference ${sharedReference}.`,
      );
      const candidates = await pollForCase(client, projectId, sharedReference, isOwn);
      const match = candidates?.find(isOwn) ?? candidates?.[0];
      if (match) return { case: match, isOwn: isOwn(match) };
      // After a success response only the index can be at fault, so never retry.
      const isFinal = error instanceof UnexpectedResponseError || attempt === MAX_CREATE_ATTEMPTS;
      if (!candidates || isFinal) throw new OutcomeUnknownError(sharedReference, error);
    }
  }
}

/** Searches until this step's case is found. Returns the last search's cases; `undefined` if it failed or time ran out. */
async function pollForCase(
  client: DatadogClient,
  projectId: string,
  reference: string,
  isOwn: (candidate: Case) => boolean,
): Promise<Case[] | undefined> {
  let candidates: Case[] | undefined;
  for (const delayMs of SEARCH_DELAYS_MS) {
    if (client.clock.now() + delayMs >= client.deadlineMs) return undefined;
    await client.clock.sleep(delayMs);
    candidates = await findOpenCases(client, projectId, reference).catch(() => undefined);
    if (candidates?.some(isOwn)) return candidates;
  }
  return candidates;
}

/**
 * Searches for an older case with the same reference, which another step opened at the same time.
 * All steps agree on the winner, the oldest case; its own step finds nothing older. Throws what `getList` throws.
 */
export async function findOlderDuplicate(
  client: DatadogClient,
  created: Case,
  { projectId, sharedReference }: CaseReferences,
): Promise<Case | undefined> {
  if (client.clock.now() + SETTLE_DELAY_MS >= client.deadlineMs) return undefined;
  await client.clock.sleep(SETTLE_DELAY_MS);
  const candidates = await findOpenCases(client, projectId, sharedReference);
  const [oldest] = candidates;
  const ownInSearch = candidates.find(({ id }) => id === created.id) ?? created;
  // Without a time to compare, keep this step's case: a duplicate is better than none.
  if (!oldest || oldest.id === created.id || Number.isNaN(ownInSearch.createdAtMs)) return undefined;
  return compareByAge(oldest, ownInSearch) < 0 ? oldest : undefined;
}
