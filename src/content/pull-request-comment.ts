import { codeSpan, tableRow, textLink } from '../base/markdown.ts';
import type { Case } from '../datadog/case.ts';
import type { FailedJobs } from '../github/failed-jobs.ts';
import type { RunContext } from '../github/run-context.ts';
import { linkFailedStep, MAX_TITLE_CHARS, renderRunLink } from './description.ts';

/** The pull request comment about a case, in Markdown: its state first. */
export function renderCaseComment(
  context: RunContext,
  datadogCase: Case,
  { failureCount, failures }: { readonly failureCount: number; readonly failures: FailedJobs },
): string {
  const run = renderRunLink(context);
  const state = datadogCase.isOpen ? '**Open**' : `**Closed**${run && ` by ${run}`}`;
  const isSaidAlready = datadogCase.statusName.toLowerCase() === (datadogCase.isOpen ? 'open' : 'closed');
  const columns: [string, string][] = [
    ['Status', isSaidAlready ? '' : codeSpan(datadogCase.statusName)],
    ['Priority', datadogCase.priority === 'NOT_DEFINED' ? '' : codeSpan(datadogCase.priority)],
    ['Failures', String(failureCount)],
    ['Latest failure', datadogCase.isOpen ? run : ''],
    ['Failed step', datadogCase.isOpen ? linkFailedStep(context, failures) : ''],
  ];
  const filled = columns.filter(([, value]) => value);
  return [
    `${state}: Datadog case ${textLink(datadogCase.label, datadogCase.url)}, ${textLink(datadogCase.title, datadogCase.url, MAX_TITLE_CHARS)}`,
    '',
    tableRow(filled.map(([name]) => name)),
    tableRow(filled.map(() => '---')),
    tableRow(filled.map(([, value]) => value)),
  ].join('\n');
}
