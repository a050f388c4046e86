import { codeBlock, codeSpan, renderFactTable, textLink } from '../base/markdown.ts';
import { truncate } from '../base/truncate.ts';
import type { CaseFacts, Result } from '../cases/result.ts';
import { MAX_TITLE_CHARS } from '../content/description.ts';
import type { Case } from '../datadog/case.ts';
import { findBuiltInTypeName } from '../datadog/case-types.ts';
import { describeAlternative, describeNothing } from './describe-result.ts';
import { type FailureOptions, renderFailure } from './render-failure.ts';
import type { Rendering } from './rendering.ts';

const MAX_REQUEST_CHARS = 60_000;

/** Renders the result of a step. `options` say how a failure is shown. */
export function renderResult(result: Result, options: FailureOptions): Rendering {
  switch (result.outcome) {
    case 'created':
      return renderCase(result, { noticePrefix: 'Opened', headingSuffix: 'opened in Datadog', done: '' });
    case 'existing':
      return renderCase(result, {
        noticePrefix: result.wasCommented ? 'Commented on the open case' : 'Left the open case as it is:',
        headingSuffix: 'is already open in Datadog',
        done: result.wasCommented ? 'This failure was added to its timeline.' : 'The case was left as it is.',
      });
    case 'reopened':
      return renderCase(result, {
        noticePrefix: 'Reopened',
        headingSuffix: 'reopened in Datadog',
        done: 'The case was closed recently (`reopen_within`). This failure was added to its timeline.',
      });
    case 'waiting':
      return renderWaiting(result);
    case 'closed':
      return renderCase(result, { noticePrefix: 'Closed', headingSuffix: 'closed in Datadog', done: '' });
    case 'none':
      // The reason may name a case, whose key is what the API says.
      return {
        ...renderNotice('### No Datadog case to close', describeNothing(result.reason)),
        summary: `### No Datadog case to close\n\n${codeSpan(describeNothing(result.reason), 1000)}`,
      };
    case 'planned':
      return result.operation === 'close'
        ? renderCase(result, {
            noticePrefix: 'Would be closed:',
            headingSuffix: 'would be closed in Datadog (dry run)',
            done: '',
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

/** The parts of a result with a case. */
interface CaseResult {
  readonly case: Case;
  /** What is known beyond the case itself. */
  readonly facts?: CaseFacts;
  readonly request?: unknown;
  readonly commentUrl?: string;
}

interface CaseTexts {
  readonly noticePrefix: string;
  readonly headingSuffix: string;
  /** What was done, as a sentence in Markdown; empty if the heading says it all. */
  readonly done: string;
}

function renderCase(
  { case: datadogCase, facts = readCaseFacts(datadogCase), request, commentUrl }: CaseResult,
  texts: CaseTexts,
): Rendering {
  const title = truncate(facts.title, MAX_TITLE_CHARS);
  const comment = commentUrl ? `Linked in [a comment](${commentUrl}) on the pull request.` : '';
  const sections = [
    `### ${textLink(datadogCase.label, datadogCase.url)} ${texts.headingSuffix}`,
    `**${textLink(facts.title, datadogCase.url, MAX_TITLE_CHARS)}**`,
    renderFacts(facts),
    [texts.done, comment].filter((text) => text).join(' '),
  ];
  return {
    outputs: {
      ...(request !== undefined && { request: JSON.stringify(request) }),
      ...(commentUrl && { pr_comment_url: commentUrl }),
    },
    annotation: {
      level: 'notice',
      text: `${texts.noticePrefix} ${datadogCase.label}: ${title}\n${datadogCase.url}`,
    },
    summary: sections.filter((section) => section).join('\n\n'),
  };
}

function renderWaiting({ failureCount, afterFailures }: Extract<Result, { outcome: 'waiting' }>): Rendering {
  const count = `${failureCount} of ${afterFailures} consecutive failures`;
  return renderNotice(
    `### No Datadog case yet: ${count}`,
    `No case was opened yet: ${count} on this branch (after_failures).`,
  );
}

function renderNotice(heading: string, text: string): Rendering {
  return { outputs: {}, annotation: { level: 'notice', text }, summary: `${heading}\n\n${text}` };
}

function renderPlan({
  instead,
  request,
  attributes,
  facts,
}: Extract<Result, { outcome: 'planned'; operation: 'open' }>): Rendering {
  const attributesSection = attributes.size
    ? `\n\nand then, as attributes:\n${formatJson(Object.fromEntries(attributes))}`
    : '';
  const datadogCase = instead && 'case' in instead ? instead.case : undefined;
  const text = instead ? describeAlternative(instead) : 'A case would be opened';
  const decision = datadogCase ? `${datadogCase.label} ${text}` : text;
  const heading = datadogCase ? `${textLink(datadogCase.label, datadogCase.url)} ${text}` : decision;
  const intro = instead ? 'If it opened a case, it would send:' : 'A real run would send:';
  const requestText = hideReferences(`${formatJson(request)}${attributesSection}`);
  return {
    outputs: { request: JSON.stringify(request) },
    annotation: {
      level: 'notice',
      text: `Dry run: no problem found. ${decision}. Nothing was changed.`,
    },
    log: `${intro}\n${requestText}`,
    summary: `### ${heading} (dry run)\n\n${codeSpan(facts.title, MAX_TITLE_CHARS)}\n\n${renderFacts(facts)}\n\n<details><summary>Request</summary>\n\n${codeBlock(truncate(requestText, MAX_REQUEST_CHARS), 'json')}\n\n</details>`,
  };
}

/** What a case says about itself. Its project is the part of its key in front of the number. */
function readCaseFacts({ key, title, statusName, priority, typeId }: Case): CaseFacts {
  const project = key.replace(/-\d+$/, '');
  return { title, statusName, priority, type: findBuiltInTypeName(typeId), project, assignee: '' };
}

function renderFacts({ statusName, priority, type, project, assignee }: CaseFacts): string {
  const code = (value: string) => value && codeSpan(value);
  return renderFactTable([
    ['Status', code(statusName)],
    ['Priority', priority === 'NOT_DEFINED' ? '' : code(priority)],
    ['Type', code(type)],
    ['Project', code(project)],
    ['Assignee', code(assignee)],
  ]);
}

/** Logs may be public, and a reference finds a case. The output `request` has it. */
function hideReferences(text: string): string {
  return text.replace(/ghac[0-9a-f]{32}/g, 'ghac…');
}

function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
