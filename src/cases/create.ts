import { formatIssue, type InputIssue } from '../base/errors.ts';
import { type CaseDraft, type CreateCaseBody, toCreateBody } from '../datadog/create-body.ts';
import { type CreateHistory, createOnce } from '../datadog/create-once.ts';
import { OutcomeUnknownError } from '../datadog/errors.ts';
import { fetchStatusNames, findStatusName } from '../datadog/statuses.ts';
import { HttpError } from '../http/errors.ts';
import { isContentRejection } from '../http/fate.ts';
import type { OpenContext } from './context.ts';
import { buildDraft, initialReduction, isShortened, type OpenPlan, type Reduction } from './draft.ts';
import {
  describeRejection,
  findCulprits,
  findOptionalParts,
  hasCulprits,
  leaveOut,
  shorten,
} from './reduce-draft.ts';
import type { Creation } from './settle.ts';

/** A case that was created or found, and the request that it was created with. */
export interface CreatedCase extends Creation {
  readonly request: CreateCaseBody;
}

/**
 * Creates the case. A stale optional input must not prevent that: what Datadog rejects is left out, first only what it
 * names, then everything optional, then the ends of long texts. Each omission is a warning.
 * Throws what `createOnce` throws; if every attempt was rejected, the first rejection.
 */
export async function createWithFallbacks(context: OpenContext, plan: OpenPlan): Promise<CreatedCase> {
  const history: CreateHistory = { uncertainCount: 0 };
  const rejections: HttpError[] = [];
  let reduction = initialReduction(context, plan);
  for (;;) {
    const draft = buildDraft(context, plan, reduction);
    const result = await tryCreate(context, plan, draft, history);
    if (!(result instanceof HttpError)) {
      for (const issue of reduction.omissions.slice(plan.omissions.length))
        context.warn(`${formatIssue(issue)} ${describeConsequence(issue)}`);
      return result;
    }
    rejections.push(result);
    const next = await reduce(context, draft, reduction, rejections);
    if (!next) throw toFinalError(rejections, plan, history);
    reduction = next;
  }
}

/** What happened to an input that Datadog rejected. */
function describeConsequence({ input }: InputIssue): string {
  if (input === 'status_name') return 'The case has the default status of its type.';
  return isShortened(input) ? 'It was shortened.' : 'The case was opened without it.';
}

/** The first rejection, unless an earlier request may have created the case after all. */
function toFinalError(
  [first]: readonly HttpError[],
  { references }: OpenPlan,
  history: CreateHistory,
): unknown {
  return history.uncertainCount ? new OutcomeUnknownError(references.unique, first) : first;
}

/** Creates the case. Returns the HttpError if Datadog rejects its content; throws anything else. */
async function tryCreate(
  { datadog }: OpenContext,
  { references }: OpenPlan,
  draft: CaseDraft,
  history: CreateHistory,
): Promise<CreatedCase | HttpError> {
  const request = toCreateBody(draft);
  try {
    return { ...(await createOnce(datadog, request, references, history)), references, history, request };
  } catch (error) {
    if (isContentRejection(error)) return error;
    throw error;
  }
}

/** What to leave out after the last rejection; `undefined` if nothing is left. */
async function reduce(
  context: OpenContext,
  draft: CaseDraft,
  reduction: Reduction,
  rejections: readonly HttpError[],
): Promise<Reduction | undefined> {
  const rejection = rejections.at(-1);
  if (!rejection) return undefined;
  const reason = describeRejection(rejection);
  const culprits = findCulprits(rejection, draft);
  if (rejections.length === 1 && hasCulprits(culprits)) {
    const status = culprits.hasStatus ? await checkStatusName(context, draft) : undefined;
    return leaveOut(reduction, culprits, { reason, ...status });
  }
  const optional = findOptionalParts(draft);
  if (hasCulprits(optional)) return leaveOut(reduction, optional, { reason });
  return reduction.maxChars ? undefined : shorten(reduction, draft, reason);
}

/** The statuses of the case type, and the rejected one as it is spelled there; empty if it isn't there. */
async function checkStatusName(
  { datadog }: OpenContext,
  draft: CaseDraft,
): Promise<{ readonly statusName: string; readonly statusNames: readonly string[] }> {
  const statusNames = await fetchStatusNames(datadog, draft.typeId).catch(() => []);
  const name = findStatusName(statusNames, draft.statusName) ?? '';
  return { statusName: name === draft.statusName ? '' : name, statusNames };
}
