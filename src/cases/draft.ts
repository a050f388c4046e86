import type { InputIssue } from '../base/errors.ts';
import { codeSpan } from '../base/markdown.ts';
import { truncate } from '../base/truncate.ts';
import { joinParagraphs, renderLogTails, renderRunContext } from '../content/description.ts';
import type { Case } from '../datadog/case.ts';
import type { CaseDraft } from '../datadog/create-body.ts';
import type { CaseReferences } from '../datadog/create-once.ts';
import { renderReference } from '../datadog/reference.ts';
import type { ResolvedNames } from '../datadog/resolve-names.ts';
import type { FailedJobsWithLogs } from '../github/collect-failed-jobs.ts';
import type { OpenContext } from './context.ts';
import type { CaseFacts } from './result.ts';

/** Everything that is known before a case is created. */
export interface OpenPlan {
  readonly names: ResolvedNames;
  readonly references: CaseReferences;
  readonly fileText: string;
  readonly failures: FailedJobsWithLogs;
  /** Optional inputs that can't be applied. */
  readonly omissions: readonly InputIssue[];
  /** A closed case of the `dedup_key` that another step, or a late request of this one, may have reopened. */
  readonly maybeReopened: Case | undefined;
}

// Datadog documents no limits. If a case with a longer text is rejected, it is sent again with this much of it.
const SAFE_TITLE_CHARS = 250;
const SAFE_DESCRIPTION_CHARS = 10_000;

/** The texts of a draft that are long enough to be rejected. */
export function longFields({ title, description }: CaseDraft): string[] {
  return [
    ...(title.length > SAFE_TITLE_CHARS ? ['title'] : []),
    ...(description.length > SAFE_DESCRIPTION_CHARS ? ['description'] : []),
  ];
}

/** Whether an omission of this input means that its text was shortened. */
export function isShortened(input: string): boolean {
  return input === 'title' || input === 'description';
}

/** What a draft leaves out, in comparison with the plan. */
export interface Reduction {
  /** Inputs that are missing from the draft, and why. They are listed in the description. */
  readonly omissions: readonly InputIssue[];
  /** Keys of custom attributes that are left out. */
  readonly droppedAttributes: ReadonlySet<string>;
  readonly hasAssignee: boolean;
  /** Empty to let Datadog choose. */
  readonly statusName: string;
  /** How long the title and the texts of the description may be; longer ones are shortened, and logs left out. */
  readonly maxChars: { readonly title: number; readonly description: number } | undefined;
}

/** Nothing is left out except what can't be applied. */
export function initialReduction({ inputs }: OpenContext, { omissions }: OpenPlan): Reduction {
  return {
    omissions,
    droppedAttributes: new Set(),
    hasAssignee: true,
    statusName: inputs.statusName,
    maxChars: undefined,
  };
}

/** Lengths that Datadog should accept. */
export const SAFE_CHARS = { title: SAFE_TITLE_CHARS, description: SAFE_DESCRIPTION_CHARS };

/** Builds the draft of a case. The last line of its description is the case's reference. */
export function buildDraft(
  { inputs, run }: OpenContext,
  plan: OpenPlan,
  { omissions, droppedAttributes, hasAssignee, statusName, maxChars }: Reduction,
): CaseDraft {
  const { names, failures, references } = plan;
  const text = joinParagraphs(inputs.description, plan.fileText);
  const footer = renderReference(references);
  const body = joinParagraphs(
    maxChars ? truncate(text, maxChars.description) : text,
    inputs.hasRunContext ? renderRunContext(run, failures) : '',
    maxChars ? '' : renderLogTails(failures.logTails),
    ...omissions.map(
      ({ input, text: reason }) =>
        `*${isShortened(input) ? 'Shortened' : 'Omitted'}:* ${input}: ${codeSpan(reason, 500)}`,
    ),
  );
  return {
    title: maxChars ? truncate(inputs.title, maxChars.title) : inputs.title,
    projectId: names.project.id,
    typeId: names.type.id,
    priority: inputs.priority,
    description: joinParagraphs(body, footer),
    assigneeId: (hasAssignee && names.assignee?.id) || '',
    statusName,
    customAttributes: new Map([...names.customAttributes].filter(([key]) => !droppedAttributes.has(key))),
  };
}

/** What the summary shows about the planned case. */
export function summarizePlan({ inputs }: OpenContext, { names }: OpenPlan, statusName: string): CaseFacts {
  return {
    title: inputs.title,
    statusName,
    priority: inputs.priority,
    type: names.type.label,
    project: names.project.label,
    assignee: names.assignee?.label ?? '',
  };
}
