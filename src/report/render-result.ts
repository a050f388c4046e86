import { codeBlock, codeSpan, renderFactTable, textLink } from '../base/markdown.ts';
import { truncate } from '../base/truncate.ts';
import type { CaseFacts, PlannedAlternative, Result } from '../cases/result.ts';
import { MAX_TITLE_CHARS } from '../content/description.ts';
import type { Case } from '../datadog/case.ts';
import { findBuiltInTypeName } from '../datadog/case-types.ts';
import { renderFailure } from './render-failure.ts';
import { renderNothing } from './render-nothing.ts';
import {
  DRY_RUN_LIMITS,
  DRY_RUN_LIMITS_MARKDOWN,
  describeFindings,
  type Rendering,
  type RenderOptions,
} from './rendering.ts';

const MAX_REQUEST_CHARS = 60_000;

/** What would be done with a case that exists already. */
const INSTEAD = {
  comment: 'is already open and would get a comment',
  keep: 'is already open and would get no comment',
  reopen: 'was closed recently and would be reopened',
} as const;

/** Renders the result of a step. */
export function renderResult(result: Result, options: RenderOptions): Rendering {
  switch (result.outcome) {
    case 'created':
      return renderCase(result, { noticePrefix: 'Opened', headingSuffix: 'opened in Datadog', done: '' });
    case 'existing':
      return renderCase(result, {
        noticePrefix: result.isOnTimeline ? 'Commented on the open case' : 'Already open:',
        headingSuffix: 'is already open in Datadog',
        done: result.isOnTimeline ? 'This failure was added to its timeline.' : '',
      });
    case 'reopened':
      return renderCase(result, {
        noticePrefix: 'Reopened',
        headingSuffix: 'reopened in Datadog',
        done: 'The case was closed recently (`reopen_within`).',
      });
    case 'waiting':
      return renderWaiting(result);
    case 'closed':
      return renderCase(result, { noticePrefix: 'Closed', headingSuffix: 'closed in Datadog', done: '' });
    case 'none':
      return renderNothing(result.reason, options);
    case 'planned':
      return result.operation === 'close'
        ? renderPlannedClose(result.case, options)
        : renderPlan(result, options);
    case 'skipped':
      return {
        outputs: {},
        message: { level: 'notice', text: `Skipped. ${result.reason}` },
        summary: `### No Datadog case: skipped\n\n${result.reason}`,
      };
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
  const comment = commentUrl ? `Linked in ${textLink('a comment', commentUrl)} on the pull request.` : '';
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
    message: {
      level: 'notice',
      text: `${texts.noticePrefix} ${datadogCase.label}: ${title}\n${datadogCase.url}`,
    },
    summary: sections.filter((section) => section).join('\n\n'),
  };
}

function renderWaiting({ failureCount, afterFailures }: Extract<Result, { outcome: 'waiting' }>): Rendering {
  const count = `${failureCount} of ${afterFailures} consecutive failures`;
  return {
    outputs: {},
    message: { level: 'notice', text: `No case was opened yet: ${count} on this branch (after_failures).` },
    summary: `### No Datadog case yet: ${count}\n\nA case is opened after ${afterFailures} consecutive failures on this branch (\`after_failures\`).`,
  };
}

function renderPlannedClose(datadogCase: Case, options: RenderOptions): Rendering {
  const rendering = renderCase(
    { case: datadogCase },
    {
      noticePrefix: '',
      headingSuffix: 'would be closed in Datadog (dry run)',
      done: DRY_RUN_LIMITS_MARKDOWN,
    },
  );
  const { label, title, url } = datadogCase;
  const text = `${describeFindings(options)}. ${label} would be closed: ${truncate(title, MAX_TITLE_CHARS)}\n${DRY_RUN_LIMITS}\n${url}`;
  return { ...rendering, message: { level: 'notice', text } };
}

type PlannedOpenResult = Extract<Result, { outcome: 'planned'; operation: 'open' }>;

function renderPlan(
  { instead, request, attributes, facts }: PlannedOpenResult,
  options: RenderOptions,
): Rendering {
  const attributesSection = attributes.size
    ? `\n\nand then, as attributes:\n${formatJson(Object.fromEntries(attributes))}`
    : '';
  const { text: decision, heading } = describePlan(instead);
  const intro = instead ? 'If it opened a case, it would send:' : 'A real run would send:';
  const requestText = hideReferences(`${formatJson(request)}${attributesSection}`);
  const details = codeBlock(truncate(requestText, MAX_REQUEST_CHARS), 'json');
  return {
    outputs: { request: JSON.stringify(request) },
    message: {
      level: 'notice',
      text: `${describeFindings(options)}. ${decision}. ${DRY_RUN_LIMITS}`,
    },
    log: `${intro}\n${requestText}`,
    summary: `### ${heading} (dry run)\n\n${codeSpan(facts.title, MAX_TITLE_CHARS)}\n\n${renderFacts(facts)}\n\n${DRY_RUN_LIMITS_MARKDOWN}\n\n<details><summary>Request</summary>\n\n${details}\n\n</details>`,
  };
}

/** What a real run would do, for the log and in Markdown. */
function describePlan(instead: PlannedAlternative | undefined): { text: string; heading: string } {
  if (!instead) return { text: 'A case would be opened', heading: 'A case would be opened' };
  if (instead.kind === 'wait') {
    const count = `${instead.failureCount} of ${instead.afterFailures} consecutive failures`;
    return {
      text: `No case would be opened yet: ${count} (after_failures)`,
      heading: `No case would be opened yet: ${count} (\`after_failures\`)`,
    };
  }
  const { label, url } = instead.case;
  return {
    text: `${label} ${INSTEAD[instead.kind]}`,
    heading: `${textLink(label, url)} ${INSTEAD[instead.kind]}`,
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
