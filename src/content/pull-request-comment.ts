import { codeSpan, link, tableRow } from '../base/markdown.ts';
import type { Case } from '../datadog/case.ts';
import type { RunContext } from '../github/run-context.ts';
import { MAX_TITLE_CHARS, renderRunLink } from './description.ts';

/** The pull request comment about a case, in Markdown. */
export function renderCaseComment(context: RunContext, known: Case, failureCount: number): string {
  const columns: [string, string][] = [
    ['Status', codeSpan(known.statusName)],
    ['Priority', known.priority === 'NOT_DEFINED' ? '' : codeSpan(known.priority)],
    ['Latest run', renderRunLink(context)],
    ['Failed', `${failureCount} ${failureCount === 1 ? 'time' : 'times'}`],
  ];
  const filled = columns.filter(([, value]) => value);
  return [
    `**Datadog case ${link(known.label, known.url)}**: ${codeSpan(known.title, MAX_TITLE_CHARS)}`,
    '',
    tableRow(filled.map(([name]) => name)),
    tableRow(filled.map(() => '---')),
    tableRow(filled.map(([, value]) => value)),
  ].join('\n');
}
