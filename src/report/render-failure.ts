import { isDocsLink } from '../base/docs-link.ts';
import type { Env } from '../base/env.ts';
import { InputError } from '../base/errors.ts';
import { codeBlock, renderProse, textLink } from '../base/markdown.ts';
import { truncate } from '../base/truncate.ts';
import type { Operation, Outcome, Result } from '../cases/result.ts';
import { explain } from '../content/explain.ts';
import { renderHelpLink, renderHelpMarkdown } from '../content/help.ts';
import { MAX_ANNOTATION_CHARS, type Rendering, type RenderOptions } from './rendering.ts';

/** Escaping can make a message a little longer. */
const MAX_MESSAGE_CHARS = MAX_ANNOTATION_CHARS - 96;
/** The most problems that the summary lists. */
const MAX_LISTED = 50;

const HEADLINES = {
  open: { text: 'No case was opened', heading: 'No case was opened in Datadog' },
  close: { text: 'No case was closed', heading: 'No case was closed in Datadog' },
  auto: { text: 'No case was opened or closed', heading: 'No case was opened or closed in Datadog' },
  watch: {
    text: 'No case will be opened if this job fails',
    heading: 'No case will be opened if this job fails',
  },
  sync: {
    text: 'The report was not synced with cases',
    heading: 'The report was not synced with cases in Datadog',
  },
} as const satisfies Record<Operation, Headline>;

const DONE: Partial<Record<Outcome, string>> = {
  created: 'opened',
  existing: 'already open',
  reopened: 'reopened',
  closed: 'closed',
};

const PASSES: Readonly<Record<RenderOptions['failOnError'], string>> = {
  true: '',
  false: '\nThe step passes because fail_on_error is false.',
  config: '\nThe step passes because fail_on_error is config, and this is not a configuration error.',
};

type FailedResult = Extract<Result, { outcome: 'failed' }>;

/** What failed, for the log and in Markdown. */
interface Headline {
  readonly text: string;
  readonly heading: string;
}

/** Renders an error. It fails the step if `failOnError` says so. */
export function renderFailure(result: FailedResult, options: RenderOptions): Rendering {
  const { error, done } = result;
  const { failOnError, action, env, redact } = options;
  const explanation = explain(error);
  const text = redact(explanation.text);
  // Once a case was handled, what fails is only a follow-up.
  const shouldFail =
    !done && (failOnError === 'true' || (failOnError === 'config' && explanation.isActionable));
  const isExpectedToFail = !shouldFail && !done && action !== 'watch';
  const ending = `${isExpectedToFail ? PASSES[failOnError] : ''}\n${renderHelpLink(env, explanation.helpTopic)}`;
  const headline = describeFailure(result, options, explanation.isOutcomeUnknown);
  const message = `${headline.text}.${text.includes('\n') ? '\n' : ' '}${text}`;
  return {
    outputs: {},
    message: {
      level: shouldFail ? 'error' : 'warning',
      text: truncate(message, MAX_MESSAGE_CHARS - ending.length) + ending,
    },
    summary: `### ${headline.heading}\n\n${renderText(error, text, env)}\n\n${renderHelpMarkdown(env, explanation.helpTopic)}`,
  };
}

function describeFailure(
  { error, operation, done }: FailedResult,
  { isDryRun }: RenderOptions,
  isOutcomeUnknown = false,
): Headline {
  if (done) {
    const { label, url } = done.case;
    const what = `was ${DONE[done.outcome] ?? 'handled'}, but a follow-up failed`;
    return { text: `${label} ${what}`, heading: `${textLink(label, url)} ${what}` };
  }
  if (isOutcomeUnknown)
    return toHeadline(`It is unknown whether the case was ${operation === 'close' ? 'closed' : 'opened'}`);
  if (!isDryRun || operation === 'watch') return HEADLINES[operation];
  if (!(error instanceof InputError)) return toHeadline('The dry run failed');
  const count = error.issues.length;
  return toHeadline(`Dry run found ${count} problem${count > 1 ? 's' : ''}`);
}

function toHeadline(text: string): Headline {
  return { text, heading: text };
}

/** One item for each problem with the inputs; other text of several lines, such as YAML to copy, as it is. */
function renderText(error: unknown, text: string, env: Env): string {
  const isOwnLink = (url: string) => isDocsLink(env, url);
  const lines = text.split('\n');
  if (!(error instanceof InputError))
    return lines.length > 1 ? codeBlock(truncate(text, MAX_MESSAGE_CHARS)) : renderProse(text, isOwnLink);
  const items = lines.slice(0, MAX_LISTED).map((line) => `- ${renderProse(line, isOwnLink)}`);
  if (lines.length > MAX_LISTED) items.push(`- and ${lines.length - MAX_LISTED} more`);
  return items.join('\n');
}
