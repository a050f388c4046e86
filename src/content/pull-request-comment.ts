import { codeSpan, renderFactTable, textLink } from '../base/markdown.ts';
import type { Case } from '../datadog/case.ts';
import type { FailedJobs } from '../github/failed-jobs.ts';
import type { RunContext } from '../github/run-context.ts';
import { linkFailedStep, MAX_TITLE_CHARS, renderRunLink } from './description.ts';

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
    ['Latest failure', isOpen ? run : ''],
    ['Failed step', isOpen ? linkFailedStep(context, failedJobs) : ''],
  ]);
  return `${state}: Datadog case ${textLink(label, url)}, ${textLink(title, url, MAX_TITLE_CHARS)}\n\n${facts}`;
}
