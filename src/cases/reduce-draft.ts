import type { InputIssue } from '../base/errors.ts';
import type { CaseDraft } from '../datadog/create-body.ts';
import type { HttpError } from '../http/errors.ts';
import { longFields, type Reduction, SAFE_CHARS } from './draft.ts';

/** The optional parts of a draft that a rejection may be about. */
export interface Culprits {
  readonly hasAssignee: boolean;
  readonly hasStatus: boolean;
  /** Keys of custom attributes. */
  readonly attributes: readonly string[];
}

/** The optional parts that Datadog names in its rejection, by `meta.key` or by the words of the error. */
export function findCulprits(rejection: HttpError, draft: CaseDraft): Culprits {
  const texts = rejection.details.map(({ text }) => text.toLowerCase());
  const isNamed = (pattern: RegExp) => texts.some((text) => pattern.test(text));
  const keys = new Set(rejection.details.flatMap(({ key }) => key ?? []));
  return {
    hasAssignee: draft.assigneeId !== '' && isNamed(/\bassignee|\buser\b/),
    hasStatus: draft.statusName !== '' && isNamed(/\bstatus/),
    attributes: [...draft.customAttributes.keys()].filter(
      (key) => keys.has(key) || texts.some((text) => isAboutAttribute(text, key)),
    ),
  };
}

/** Whether an error about attributes mentions the key as a whole word. */
function isAboutAttribute(text: string, key: string): boolean {
  return /attribute/.test(text) && text.split(/[^\w.\u0080-\uffff-]+/).includes(key.toLowerCase());
}

export function hasCulprits({ hasAssignee, hasStatus, attributes }: Culprits): boolean {
  return hasAssignee || hasStatus || attributes.length > 0;
}

/** Every optional part of a draft. */
export function findOptionalParts(draft: CaseDraft): Culprits {
  return {
    hasAssignee: draft.assigneeId !== '',
    hasStatus: draft.statusName !== '',
    attributes: [...draft.customAttributes.keys()],
  };
}

/**
 * The reduction without these parts. `statusName` is used in place of the rejected one; empty if there is none.
 * `statusNames` are those that the case type has, as far as they are known.
 */
export function leaveOut(
  reduction: Reduction,
  { hasAssignee, hasStatus, attributes }: Culprits,
  {
    reason,
    statusName = '',
    statusNames = [],
  }: { readonly reason: string; readonly statusName?: string; readonly statusNames?: readonly string[] },
): Reduction {
  const text = `Datadog rejected this value (${reason}).`;
  const allowed = statusNames.length ? ` Use one of: ${statusNames.join(', ')}.` : '';
  const omissions: InputIssue[] = [
    ...(hasAssignee ? [{ input: 'assignee', text }] : []),
    ...(hasStatus && !statusName ? [{ input: 'status_name', text: text + allowed }] : []),
    ...attributes.map((key) => ({ input: 'custom_attributes', text: `${key}: ${text}` })),
  ];
  return {
    ...reduction,
    omissions: [...reduction.omissions, ...omissions],
    droppedAttributes: new Set([...reduction.droppedAttributes, ...attributes]),
    hasAssignee: reduction.hasAssignee && !hasAssignee,
    statusName: hasStatus ? statusName : reduction.statusName,
  };
}

/** The reduction with long texts shortened; `undefined` if none is long. */
export function shorten(reduction: Reduction, draft: CaseDraft, reason: string): Reduction | undefined {
  const long = longFields(draft);
  if (!long.length) return undefined;
  const text = `Too long for Datadog (${reason}).`;
  return {
    ...reduction,
    omissions: [...reduction.omissions, ...long.map((input) => ({ input, text }))],
    maxChars: SAFE_CHARS,
  };
}

/** What Datadog says about a rejection, for a sentence. */
export function describeRejection({ details, status }: HttpError): string {
  return details.map(({ text }) => text).join('; ') || `status ${status}`;
}
