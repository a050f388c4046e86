import type { InputIssue } from '../base/errors.ts';
import {
  type CaseDraft,
  type CreateCaseBody,
  optionalFieldsSet,
  toCreateBody,
  withoutOptionalFields,
} from '../datadog/create-body.ts';
import { type CreateResult, createOnce } from '../datadog/create-once.ts';
import { HttpError } from '../http/errors.ts';
import type { OpenContext } from './context.ts';
import { buildDraft, longFields, type OpenPlan } from './draft.ts';

/** The created (or found) case and the request body. */
export type CreateOutcome = CreateResult & { readonly request: CreateCaseBody };

/** A draft that leaves something out, which `omissions` names. */
interface Fallback {
  readonly omissions: readonly InputIssue[];
  readonly isShortened: boolean;
}

/**
 * Creates the case. If Datadog rejects it, tries once more without the optional inputs and, if texts are long, once
 * more with their beginnings: a stale optional input must not prevent the case from being opened.
 * Throws what `createOnce` throws; if every attempt was rejected, the first rejection.
 */
export async function createWithFallbacks(context: OpenContext, plan: OpenPlan): Promise<CreateOutcome> {
  const draft = buildDraft(context, plan, { omissions: plan.omissions, isShortened: false });
  const first = await tryCreate(context, plan, draft);
  if (!(first instanceof HttpError)) return first;
  for (const { omissions, isShortened } of listFallbacks(draft, first)) {
    const smaller = buildDraft(context, plan, { omissions: [...plan.omissions, ...omissions], isShortened });
    const next = await tryCreate(context, plan, withoutOptionalFields(smaller));
    if (next instanceof HttpError) continue;
    for (const { input, text } of omissions) context.warn(`${input}: ${text}`);
    return next;
  }
  throw first;
}

/** Creates the case. Returns the HttpError if Datadog rejects its content; throws anything else. */
async function tryCreate(
  { datadog }: OpenContext,
  { references }: OpenPlan,
  draft: CaseDraft,
): Promise<CreateOutcome | HttpError> {
  const request = toCreateBody(draft);
  try {
    return { ...(await createOnce(datadog, request, references)), request };
  } catch (error) {
    if (error instanceof HttpError && error.isContentRejected) return error;
    throw error;
  }
}

/** Fallback drafts, each smaller than the last. */
function listFallbacks(draft: CaseDraft, rejection: HttpError): Fallback[] {
  const reason = rejection.details.map(({ text }) => text).join('; ') || `status ${rejection.status}`;
  const optional = optionalFieldsSet(draft).map((input) => ({
    input,
    text: `Datadog refused the case with it (${reason}). It is left out.`,
  }));
  const long = longFields(draft).map((input) => ({
    input,
    text: `Datadog refused the case with all of it (${reason}). It is shortened.`,
  }));
  return [
    ...(optional.length ? [{ omissions: optional, isShortened: false }] : []),
    ...(long.length ? [{ omissions: [...optional, ...long], isShortened: true }] : []),
  ];
}
