import { codeSpan, link, renderFactTable, textLink } from '../base/markdown.ts';
import type { Case } from '../datadog/case.ts';
import { parseReference } from '../datadog/reference.ts';
import type { FailedJobs } from '../github/failed-jobs.ts';
import type { RunContext } from '../github/run-context.ts';
import { areComparable, compareRuns, identifyRun } from '../github/run-order.ts';
import {
  linkFailedStep,
  MAX_TITLE_CHARS,
  renderFailedJobs,
  renderRunLink,
  renderSubjectLink,
} from './description.ts';

/** What is reported to a case that exists already. `title` is that of the new failure. */
interface Recurrence {
  readonly title: string;
  readonly failedJobs: FailedJobs;
}

/** The timeline comment for a case that was already open. The case is as it was before this run was recorded in it. */
export function recurrenceComment(context: RunContext, datadogCase: Case, recurrence: Recurrence): string {
  const headline = isOfRecordedAttempt(context, datadogCase) ? '**Also failed**' : '**Failed again**';
  return renderRecurrence(headline, context, datadogCase, recurrence);
}

/** Whether the last failure of the case is of the same run and attempt, such as that of another job of a matrix. */
function isOfRecordedAttempt(context: RunContext, { description }: Case): boolean {
  const own = identifyRun(context);
  const runs = parseReference(description)?.runs ?? [];
  return own !== undefined && runs.some((run) => areComparable(run, own) && compareRuns(run, own) === 0);
}

/** The timeline comment for a case that was closed and is open again. */
export function reopeningComment(context: RunContext, datadogCase: Case, recurrence: Recurrence): string {
  return renderRecurrence('**Reopened**: failed again', context, datadogCase, recurrence);
}

function renderRecurrence(
  headline: string,
  context: RunContext,
  datadogCase: Case,
  { title, failedJobs }: Recurrence,
): string {
  const difference = title === datadogCase.title ? '.' : `: ${codeSpan(title, MAX_TITLE_CHARS)}`;
  return [`${headline}${renderPlace(context)}${difference}`, '', ...renderFailedJobs(context, failedJobs)]
    .join('\n')
    .trim();
}

/** Where something failed or succeeded, and which run reported it if that is another one, to go on after a verb. */
function renderPlace(context: RunContext): string {
  const subject = renderSubjectLink(context);
  const reporter = context.reported ? renderRunLink(context) : '';
  return `${subject && ` in ${subject}`}${reporter && `, reported by ${reporter}`}`;
}

/** The timeline comment for a case that is about to be closed. */
export function closingComment(context: RunContext): string {
  return `**Resolved**${renderPlace(context)}. Closed by the workflow.`;
}

/** The timeline comment for a case that is closed because `original` has the same `dedup_key`. */
export function duplicateComment(original: Case): string {
  return `Duplicate of ${link(original.label, original.url)}, which has the same dedup_key.`;
}

/** The pull request comment about a case, in Markdown: its state first. */
export function renderCaseComment(
  context: RunContext,
  datadogCase: Case,
  { failureCount, failedJobs }: { readonly failureCount: number; readonly failedJobs: FailedJobs },
): string {
  const { label, url, title, statusName, priority, isOpen } = datadogCase;
  const run = renderRunLink(context);
  const state = isOpen ? '**Open**' : `**Closed**${run && ` by ${run}`}`;
  const isSaidAlready = statusName.toLowerCase() === (isOpen ? 'open' : 'closed');
  const facts = renderFactTable([
    ['Status', isSaidAlready ? '' : codeSpan(statusName)],
    ['Priority', priority === 'NOT_DEFINED' ? '' : codeSpan(priority)],
    ['Failures', String(failureCount)],
    ['Latest failure', isOpen ? renderSubjectLink(context) : ''],
    ['Failed step', isOpen ? linkFailedStep(context, failedJobs) : ''],
  ]);
  return `${state}: Datadog case ${textLink(label, url)}, ${textLink(title, url, MAX_TITLE_CHARS)}\n\n${facts}`;
}
