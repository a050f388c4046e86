import { formatIssue, type InputIssue } from '../../base/errors.ts';
import type { Case } from '../../datadog/case.ts';
import { STANDARD_TYPE } from '../../datadog/case-types.ts';
import type { CreateCaseBody } from '../../datadog/create-body.ts';
import { OutcomeUnknownError } from '../../datadog/errors.ts';
import type { HttpError } from '../../http/errors.ts';
import { within } from '../../http/time-plan.ts';
import type { CaseFacts } from '../result.ts';
import type { CaseTools } from '../tools.ts';
import { completeDescription } from './complete-description.ts';
import { type Creation, createOnce, isOwnCase } from './create-once.ts';
import { applyFollowUps, listExtras, listFollowUps } from './follow-up.ts';
import { type Form, type NewCase, renderBody, SIZES, summarize } from './new-case.ts';
import { settle } from './settle.ts';

/** A case that this step opened, or that another step did at the same time. */
interface CreatedCase {
  readonly case: Case;
  /** Whether this step opened it. */
  readonly isOwn: boolean;
  readonly request: CreateCaseBody;
  /** What the summary shows about it, if it is this step's. */
  readonly facts: CaseFacts;
}

interface CreateOptions {
  /** Closed cases of the key, of which another step, or a late request of this one, may have reopened one. */
  readonly closed: readonly Case[];
  /** Whether comments follow, for which some of the time is kept. */
  readonly hasMoreToDo: boolean;
}

/**
 * The only way to create a case: sends the request, again only if it may be sent again, makes sure that one case is open,
 * that its description ends with its reference, and that it has what it can't be created with.
 * Throws OutcomeUnknownError, HttpError, NetworkError or TimeoutError if no case is known; once one is, it only warns.
 */
export async function createNewCase(
  tools: CaseTools,
  newCase: NewCase,
  { closed, hasMoreToDo }: CreateOptions,
): Promise<CreatedCase> {
  const { creation, form } = await createInSomeForm(tools, newCase);
  const { case: created, isConfirmed } = creation;
  if (isConfirmed) tools.log(`Created case ${created.label}.`);
  const isCertain = isConfirmed || isOwnCase(created, newCase.reference);
  if (isCertain) tools.onCase(created, 'created');
  let changed: Case | undefined;
  const complete = async (target: Case) => {
    const limited = hasMoreToDo ? { ...tools, datadog: within('followUps', tools.datadog) } : tools;
    const onStatus = (datadogCase: Case) => {
      changed = datadogCase;
    };
    const followUps = [...listExtras(newCase, form, onStatus), ...listFollowUps(newCase)];
    const refused = await applyFollowUps(limited, target, followUps);
    await completeDescription(limited, newCase, { created: target, isConfirmed, form, refused });
    return refused;
  };
  const [early, settlement] = await Promise.all([
    isCertain ? complete(created) : undefined,
    settle(tools, creation, { ...newCase, closed }),
  ]);
  const { isOwn } = settlement;
  const isLate = isOwn && (settlement.case.id !== created.id || !isCertain);
  const refused = isLate ? await complete(settlement.case) : (early ?? []);
  const current = withStatus(settlement.case, changed);
  const facts = summarizeCreated(newCase, form, { created: current, refused });
  return { case: current, isOwn, request: renderBody(newCase, form), facts };
}

/** The case with the status that was set after it was created. */
function withStatus(datadogCase: Case, changed: Case | undefined): Case {
  if (changed?.id !== datadogCase.id) return datadogCase;
  return { ...datadogCase, statusName: changed.statusName, raw: changed.raw };
}

/** What the case has, which may be less than what was wanted. */
function summarizeCreated(
  newCase: NewCase,
  { typeId }: Form,
  { created, refused }: { readonly created: Case; readonly refused: readonly InputIssue[] },
): CaseFacts {
  const { names, priority } = newCase;
  const isRefused = (name: string) => refused.some(({ input }) => input === name);
  const actual: NewCase = {
    ...newCase,
    priority: isRefused('priority') ? 'NOT_DEFINED' : priority,
    names: {
      ...names,
      type: typeId === names.type.id ? names.type : STANDARD_TYPE,
      assignee: isRefused('assignee') ? undefined : names.assignee,
    },
  };
  return summarize(actual, created.statusName);
}

interface FormedCreation {
  readonly creation: Creation;
  readonly form: Form;
}

/**
 * Creates the case in the first form that Datadog accepts. No words of a rejection decide which one is next, because
 * they differ; the follow-up requests tell exactly what is refused. Each form after the first is a warning.
 */
async function createInSomeForm(tools: CaseTools, newCase: NewCase): Promise<FormedCreation> {
  const { reference, projectId, names } = newCase;
  let form: Form = { isComplete: true, typeId: names.type.id, size: 0 };
  let uncertainCount = 0;
  const rejections: HttpError[] = [];
  const triedBodies = new Set<string>();
  for (;;) {
    const body = renderBody(newCase, form);
    triedBodies.add(JSON.stringify(body));
    const result = await createOnce(tools, { body, reference, projectId }).catch((error: unknown) => {
      throw uncertainCount ? new OutcomeUnknownError(reference.unique, error) : error;
    });
    uncertainCount += result.uncertainCount;
    if (!('rejection' in result)) {
      warnOfForm(tools, newCase, form, rejections);
      return { creation: { ...result, uncertainCount }, form };
    }
    rejections.push(result.rejection);
    const next = listSmallerForms(newCase, form, result.rejection).find(
      (candidate) => !triedBodies.has(JSON.stringify(renderBody(newCase, candidate))),
    );
    const [first] = rejections;
    if (!next) throw uncertainCount ? new OutcomeUnknownError(reference.unique, first) : first;
    form = next;
  }
}

/**
 * The forms to try after a rejection: only what is essential, then with the type Standard, then the same shorter. A 413
 * is about the size alone, so shorter forms come first.
 */
function listSmallerForms({ names }: NewCase, form: Form, { status }: HttpError): Form[] {
  const essential: Form = { ...form, isComplete: false, typeId: names.type.id };
  const standard: Form = { ...essential, typeId: STANDARD_TYPE.id };
  const sizes = SIZES.map((_, size) => size).slice(form.size + 1);
  const smaller = form.isComplete ? [essential, standard] : form.typeId === standard.typeId ? [] : [standard];
  const shorter =
    status === 413
      ? sizes.map((size): Form => ({ ...form, size }))
      : sizes.flatMap((size): Form[] => [essential, standard].map((next) => ({ ...next, size })));
  return status === 413 ? [...shorter, ...smaller] : [...smaller, ...shorter];
}

/** Says what the case has in place of what was wanted, and what Datadog said to that. */
function warnOfForm(
  { warn }: CaseTools,
  { names }: NewCase,
  { typeId, size }: Form,
  rejections: readonly HttpError[],
): void {
  const reason = rejections.map(describeRejection).at(-1);
  if (typeId !== names.type.id)
    warn(
      formatIssue({
        input: 'type_id',
        text: `Datadog rejected the type ${names.type.label} (${reason}). The case has the type Standard.`,
      }),
    );
  if (size > 0) warn(`Datadog rejected the case until its title and description were shortened (${reason}).`);
}

/** What Datadog says about a rejection, for a sentence. */
function describeRejection({ details, status }: HttpError): string {
  return details.map(({ text }) => text).join('; ') || `status ${status}`;
}
