import { codeSpan, tableRow, textLink } from '../base/markdown.ts';
import type { Case } from '../datadog/case.ts';
import type { FailedJobs } from '../github/failed-jobs.ts';
import type { RunContext } from '../github/run-context.ts';
import { linkFailedStep, MAX_TITLE_CHARS, renderRunLink } from './description.ts';

/** The pull request comment about a case, in Markdown: its state first. */
export function renderCaseComment(
  context: RunContext,
  known: Case,
  { failureCount, failures }: { readonly failureCount: number; readonly failures: FailedJobs },
): string {
  const run = renderRunLink(context);
  const state = known.isOpen ? '**Open**' : `**Closed**${run && ` by ${run}`}`;
  const isSaidAlready = known.statusName.toLowerCase() === (known.isOpen ? 'open' : 'closed');
  const columns: [string, string][] = [
    ['Status', isSaidAlready ? '' : codeSpan(known.statusName)],
    ['Priority', known.priority === 'NOT_DEFINED' ? '' : codeSpan(known.priority)],
    ['Failures', String(failureCount)],
    ['Latest failure', known.isOpen ? run : ''],
    ['Failed step', known.isOpen ? linkFailedStep(context, failures) : ''],
  ];
  const filled = columns.filter(([, value]) => value);
  return [
    `${state}: Datadog case ${textLink(known.label, known.url)}, ${textLink(known.title, known.url, MAX_TITLE_CHARS)}`,
    '',
    tableRow(filled.map(([name]) => name)),
    tableRow(filled.map(() => '---')),
    tableRow(filled.map(([, value]) => value)),
  ].join('\n');
}
