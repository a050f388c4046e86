import { codeSpan, link } from '../base/markdown.ts';
import type { Case } from '../datadog/case.ts';
import type { FailedJobs } from '../github/failed-jobs.ts';
import type { RunContext } from '../github/run-context.ts';
import { MAX_TITLE_CHARS, renderFailedJobs, renderRunLink } from './description.ts';

/** The timeline comment for a case that was already open. */
export function recurrenceComment(context: RunContext, title: string, failures: FailedJobs): string {
  const run = renderRunLink(context);
  const headline = `**Failed again**${run && ` in ${run}`}: ${codeSpan(title, MAX_TITLE_CHARS)}`;
  return [headline, '', ...renderFailedJobs(context, failures)].join('\n').trim();
}

/** The timeline comment for a case that was closed and is open again. */
export function reopeningComment(context: RunContext, title: string, failures: FailedJobs): string {
  const run = renderRunLink(context);
  const headline = `**Reopened**: failed again${run && ` in ${run}`}: ${codeSpan(title, MAX_TITLE_CHARS)}`;
  return [headline, '', ...renderFailedJobs(context, failures)].join('\n').trim();
}

/** The timeline comment for a case that is about to be closed. */
export function closingComment(context: RunContext): string {
  const run = renderRunLink(context);
  return `**Resolved**${run && ` in ${run}`}. Closed by the workflow.`;
}

/** The timeline comment for a case that is closed because `original` has the same `dedup_key`. */
export function duplicateComment(original: Case): string {
  return `Duplicate of ${link(original.label, original.url)}, which has the same dedup_key.`;
}
