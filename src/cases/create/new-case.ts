import type { InputIssue } from '../../base/errors.ts';
import { codeSpan } from '../../base/markdown.ts';
import { truncate } from '../../base/truncate.ts';
import { joinParagraphs, renderLogTails, renderRunContext } from '../../content/description.ts';
import type { CreateCaseBody } from '../../datadog/create-body.ts';
import { toCreateBody } from '../../datadog/create-body.ts';
import type { CaseAttributes } from '../../datadog/custom-attributes.ts';
import { type CaseReference, renderReference } from '../../datadog/reference.ts';
import type { ResolvedNames } from '../../datadog/resolve-names.ts';
import type { FailedJobsWithLogs } from '../../github/collect-failed-jobs.ts';
import type { RunContext } from '../../github/run-context.ts';
import type { CaseFacts } from '../result.ts';

/** Everything that is known before a case is created. */
export interface NewCase {
  readonly title: string;
  /** What the workflow says; it may be empty. */
  readonly text: string;
  readonly run: RunContext;
  /** Whether the description tells about the run (`run_context`). */
  readonly hasRunContext: boolean;
  readonly failedJobs: FailedJobsWithLogs;
  /** Optional inputs that can't be applied, and why. */
  readonly omissions: readonly InputIssue[];
  readonly names: ResolvedNames;
  readonly priority: string;
  /** Empty to let Datadog choose. */
  readonly statusName: string;
  readonly attributes: CaseAttributes;
  /** Empty if there is none. */
  readonly dueDate: string;
  readonly reference: CaseReference;
  readonly projectId: string;
}

/** How a case is written down in one create request. */
export interface Form {
  /** Whether everything is sent that a case can be created with, or only what is essential. */
  readonly isComplete: boolean;
  readonly typeId: string;
  /** An index of `SIZES`. */
  readonly size: number;
}

/**
 * Most characters of a title and a description, in order of use. Datadog documents no limits: if a longer text is
 * rejected, a shorter one is sent.
 */
export const SIZES = [
  { title: 2000, description: 60_000 },
  { title: 250, description: 10_000 },
  { title: 100, description: 2000 },
  // Hardly more than the reference.
  { title: 60, description: 250 },
] as const;

/** Renders the body of the create request. */
export function renderBody(newCase: NewCase, { isComplete, typeId, size }: Form): CreateCaseBody {
  const { names, priority, statusName, projectId } = newCase;
  const max = SIZES[size] ?? SIZES[0];
  return toCreateBody({
    title: truncate(newCase.title, max.title),
    projectId,
    typeId,
    description: renderDescription(newCase, max.description),
    priority: isComplete ? priority : '',
    assigneeId: (isComplete && names.assignee?.id) || '',
    statusName: isComplete ? statusName : '',
    customAttributes: isComplete ? names.customAttributes : new Map(),
  });
}

/** What a description shows of its parts. */
interface Detail {
  readonly hasLogs: boolean;
  readonly maxJobs: number;
  readonly maxOmissions: number;
  readonly hasRunContext: boolean;
}

/** From everything to what is needed most: first the logs go, then failed jobs, then omissions. */
const DETAILS: readonly Detail[] = [
  { hasLogs: true, maxJobs: 20, maxOmissions: 50, hasRunContext: true },
  { hasLogs: false, maxJobs: 20, maxOmissions: 50, hasRunContext: true },
  { hasLogs: false, maxJobs: 1, maxOmissions: 50, hasRunContext: true },
  { hasLogs: false, maxJobs: 1, maxOmissions: 10, hasRunContext: true },
  { hasLogs: false, maxJobs: 0, maxOmissions: 0, hasRunContext: false },
];
/** Shorter texts of a workflow aren't worth keeping in place of the run. */
const MIN_TEXT_CHARS = 200;

/**
 * The description of a new case, at most `maxChars` characters, if that is enough for its last line, the case's
 * reference. What is left out first is what a person finds elsewhere; the workflow's own text is shortened last.
 */
export function renderDescription(newCase: NewCase, maxChars: number): string {
  const footer = renderReference(newCase.reference);
  const room = maxChars - footer.length - 2;
  for (const detail of DETAILS) {
    const rest = renderDetail(newCase, detail);
    const text = joinParagraphs(newCase.text);
    const body = joinParagraphs(text, rest);
    if (body.length <= room) return joinParagraphs(body, footer);
    const isLast = detail === DETAILS.at(-1);
    const textRoom = room - (rest ? rest.length + 2 : 0);
    const isCut = detail.maxOmissions <= 10 && textRoom >= MIN_TEXT_CHARS;
    if (isCut) return joinParagraphs(truncate(text, textRoom), rest, footer);
    if (isLast) return joinParagraphs(room > 0 ? truncate(text, room) : '', footer);
  }
  return footer;
}

function renderDetail(
  { run, failedJobs, omissions, hasRunContext }: NewCase,
  { hasLogs, maxJobs, maxOmissions, hasRunContext: isShown }: Detail,
): string {
  return joinParagraphs(
    hasRunContext && isShown ? renderRunContext(run, failedJobs, maxJobs) : '',
    hasLogs ? renderLogTails(failedJobs.logTails) : '',
    renderOmissions(omissions, maxOmissions),
  );
}

/** A line for each omission, and how many aren't shown. */
function renderOmissions(omissions: readonly InputIssue[], max: number): string {
  const lines = omissions
    .slice(0, max)
    .map(({ input, text }) => `*Omitted:* ${input}: ${codeSpan(text, 500)}`);
  const hidden = omissions.length - lines.length;
  if (hidden > 0)
    lines.push(`*Omitted:* ${hidden} ${lines.length ? 'more ' : ''}values; the run's log lists them.`);
  return joinParagraphs(...lines);
}

/** What the summary shows about a case that is created. */
export function summarize({ title, priority, names }: NewCase, statusName: string): CaseFacts {
  return {
    title,
    statusName,
    priority,
    type: names.type.label,
    project: names.project.label,
    assignee: names.assignee?.label ?? '',
  };
}
