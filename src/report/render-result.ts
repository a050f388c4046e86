import { codeBlock, codeSpan, link, tableRow } from '../base/markdown.ts';
import { truncate } from '../base/truncate.ts';
import type { CaseFacts, Result } from '../cases/result.ts';
import { MAX_TITLE_CHARS } from '../content/description.ts';
import type { Case } from '../datadog/case.ts';
import { type FailureOptions, renderFailure } from './render-failure.ts';
import type { Rendering } from './rendering.ts';

const MAX_REQUEST_CHARS = 60_000;

/** Renders the result of a step. `options` say how a failure is shown. */
export function renderResult(result: Result, options: FailureOptions): Rendering {
  switch (result.outcome) {
    case 'created':
      return {
        ...renderCase(result.case, result.facts, {
          noticePrefix: 'Opened',
          headingSuffix: 'opened in Datadog',
          commentUrl: result.commentUrl,
        }),
        outputs: caseOutputs(result),
      };
    case 'existing':
      return {
        ...renderCase(result.case, factsOf(result.case), {
          noticePrefix: 'Already open:',
          headingSuffix: 'is already open in Datadog',
          commentUrl: result.commentUrl,
        }),
        outputs: caseOutputs(result),
      };
    case 'reopened':
      return {
        ...renderCase(result.case, factsOf(result.case), {
          noticePrefix: 'Reopened',
          headingSuffix: 'reopened in Datadog',
          commentUrl: result.commentUrl,
        }),
        outputs: caseOutputs({ ...result, request: undefined }),
      };
    case 'waiting': {
      const count = `failure ${result.failureCount} of ${result.afterFailures}`;
      return renderNotice(
        `### No Datadog case yet: ${count}`,
        `No case was opened yet: this is ${count} in a row on this branch (after_failures).`,
      );
    }
    case 'closed':
      return {
        ...renderCase(result.case, factsOf(result.case), {
          noticePrefix: 'Closed',
          headingSuffix: 'closed in Datadog',
          commentUrl: result.commentUrl,
        }),
        outputs: caseOutputs({ ...result, request: undefined }),
      };
    case 'none':
      return renderNotice(
        '### No Datadog case to close',
        result.reason ?? 'No case with this dedup_key is open: nothing to close.',
      );
    case 'planned':
      return result.operation === 'close'
        ? renderCase(result.case, factsOf(result.case), {
            noticePrefix: 'Would be closed:',
            headingSuffix: 'would be closed in Datadog (dry run)',
            commentUrl: '',
          })
        : renderPlan(result);
    case 'skipped':
      return renderNotice('### No Datadog case: skipped', result.reason);
    case 'failed':
      return renderFailure(result, options);
    default:
      return result satisfies never;
  }
}

function caseOutputs({
  request,
  commentUrl,
}: {
  readonly request: unknown;
  readonly commentUrl: string;
}): Record<string, string> {
  return {
    ...(request !== undefined && { request: JSON.stringify(request) }),
    ...(commentUrl && { pr_comment_url: commentUrl }),
  };
}

function renderNotice(heading: string, text: string): Rendering {
  return { outputs: {}, annotation: { level: 'notice', text }, summary: `${heading}\n\n${text}` };
}

function renderCase(
  known: Case,
  facts: CaseFacts,
  texts: { readonly noticePrefix: string; readonly headingSuffix: string; readonly commentUrl: string },
): Rendering {
  const comment = texts.commentUrl && `\n\nLinked in [a comment](${texts.commentUrl}) on the pull request.`;
  return {
    outputs: {},
    annotation: {
      level: 'notice',
      text: `${texts.noticePrefix} ${known.label}: ${truncate(facts.title, MAX_TITLE_CHARS)}\n${known.url}`,
    },
    summary: `### ${link(known.label, known.url)} ${texts.headingSuffix}\n\n${renderFacts(facts)}${comment}`,
  };
}

function renderPlan({
  request,
  attributes,
  facts,
}: Extract<Result, { outcome: 'planned'; operation: 'open' }>): Rendering {
  const attributesSection = attributes.size
    ? `\n\nand then, as attributes:\n${formatJson(Object.fromEntries(attributes))}`
    : '';
  const requestText = hideReferences(`${formatJson(request)}${attributesSection}`);
  return {
    outputs: { request: JSON.stringify(request) },
    annotation: {
      level: 'notice',
      text: 'Dry run: everything is valid. No case was opened.',
    },
    log: `A real run would send:\n${requestText}`,
    summary: `### A Datadog case would be opened (dry run)\n\n${renderFacts(facts)}\n\n<details><summary>Request</summary>\n\n${codeBlock(truncate(requestText, MAX_REQUEST_CHARS), 'json')}\n\n</details>`,
  };
}

function factsOf({ title, statusName, priority }: Case): CaseFacts {
  return { title, statusName, priority, type: '', project: '', assignee: '' };
}

function renderFacts(facts: CaseFacts): string {
  const columns: [string, string][] = [
    ['Status', facts.statusName],
    ['Priority', facts.priority === 'NOT_DEFINED' ? '' : facts.priority],
    ['Type', facts.type],
    ['Project', facts.project],
    ['Assignee', facts.assignee],
  ];
  const filled = columns.filter(([, value]) => value);
  const title = codeSpan(facts.title, MAX_TITLE_CHARS);
  if (!filled.length) return title;
  return [
    title,
    '',
    tableRow(filled.map(([name]) => name)),
    tableRow(filled.map(() => '---')),
    tableRow(filled.map(([, value]) => codeSpan(value))),
  ].join('\n');
}

/** Logs may be public, and a reference finds a case. The output `request` has it. */
function hideReferences(text: string): string {
  return text.replace(/ghac[0-9a-f]{32}/g, 'ghac…');
}

function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
