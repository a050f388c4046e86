import type { InputIssue } from '../base/errors.ts';
import { codeSpan } from '../base/markdown.ts';
import { truncate } from '../base/truncate.ts';
import { joinParagraphs, renderLogTails, renderRunContext } from '../content/description.ts';
import type { CaseDraft } from '../datadog/create-body.ts';
import type { CaseReferences } from '../datadog/create-once.ts';
import type { ResolvedNames } from '../datadog/resolve-names.ts';
import type { RunFailures } from '../github/run-failures.ts';
import type { OpenContext } from './context.ts';
import type { CaseFacts } from './result.ts';

/** Everything that is known before a case is created. */
export interface OpenPlan {
  readonly names: ResolvedNames;
  readonly references: CaseReferences;
  readonly fileText: string;
  readonly failures: RunFailures;
  /** Optional inputs that can't be applied. */
  readonly omissions: readonly InputIssue[];
}

// Datadog documents no limits. If a case is rejected with a longer text, it is tried with this much of it.
const SAFE_TITLE_CHARS = 250;
const SAFE_DESCRIPTION_CHARS = 10_000;

/** The texts of a draft that are long enough to be rejected. */
export function longFields({ title, description }: CaseDraft): string[] {
  return [
    ...(title.length > SAFE_TITLE_CHARS ? ['title'] : []),
    ...(description.length > SAFE_DESCRIPTION_CHARS ? ['description'] : []),
  ];
}

/**
 * Builds the draft of a case. Its description lists `omissions` and ends with the step's unique reference, then the
 * shared one. If `isShortened`, it has only the beginnings of long texts, and no logs.
 */
export function buildDraft(
  { inputs, run }: OpenContext,
  plan: OpenPlan,
  { omissions, isShortened }: { readonly omissions: readonly InputIssue[]; readonly isShortened: boolean },
): CaseDraft {
  const { names, failures, references } = plan;
  const text = joinParagraphs(inputs.description, plan.fileText);
  const description = joinParagraphs(
    isShortened ? truncate(text, SAFE_DESCRIPTION_CHARS) : text,
    inputs.runContext ? renderRunContext(run, failures.jobs) : '',
    isShortened ? '' : renderLogTails(failures.logTails),
    ...omissions.map(({ input, text: reason }) => `*Left out:* ${input}: ${codeSpan(reason, 500)}`),
    ...new Set([references.uniqueReference, references.sharedReference]),
  );
  return {
    title: isShortened ? truncate(inputs.title, SAFE_TITLE_CHARS) : inputs.title,
    projectId: names.project.id,
    typeId: names.type.id,
    priority: inputs.priority,
    description,
    assigneeId: names.assignee?.id ?? '',
    statusName: inputs.statusName,
    customAttributes: names.customAttributes,
  };
}

/** What people call the parts of the planned case. */
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
