import type { Env } from '../base/env.ts';
import { InputError } from '../base/errors.ts';
import { codeBlock, codeSpan, textLink } from '../base/markdown.ts';
import { truncate } from '../base/truncate.ts';
import type { Operation, Outcome, Result } from '../cases/result.ts';
import { explain } from '../content/explain.ts';
import { renderHelpLink } from '../content/help.ts';
import type { FailurePolicy } from '../inputs/parse-inputs.ts';
import type { ActionName } from '../inputs/schema.ts';
import { MAX_ANNOTATION_CHARS, type Rendering } from './rendering.ts';

/** Escaping can make a message a little longer. */
const MAX_MESSAGE_CHARS = MAX_ANNOTATION_CHARS - 96;

export interface FailureOptions {
  readonly failOnError: FailurePolicy;
  /** A watched job is not failed by default. */
  readonly action: ActionName;
  /** Whether the step was only to find problems. */
  readonly isDryRun: boolean;
  /** Names the repository that the help link leads to. */
  readonly env: Env;
  /** Removes secrets. Applied before anything is shortened. */
  readonly redact: (text: string) => string;
}

/** The most problems that the summary lists. */
const MAX_LISTED = 50;

const HEADLINES = {
  open: 'No case was opened',
  close: 'No case was closed',
  watch: 'No case will be opened if this job fails',
  sync: 'The report was not synced with cases',
} as const satisfies Record<Operation, string>;

const DONE: Partial<Record<Outcome, string>> = {
  created: 'opened',
  existing: 'already open',
  reopened: 'reopened',
  closed: 'closed',
};

/** Renders an error. It fails the step if `failOnError` says so. */
export function renderFailure(
  { error, operation, done }: Extract<Result, { outcome: 'failed' }>,
  { failOnError, isDryRun, action, env, redact }: FailureOptions,
): Rendering {
  const explanation = explain(error);
  const text = redact(explanation.text);
  const helpLink = renderHelpLink(env, explanation.helpTopic);
  // Once a case was handled, what fails is only a follow-up.
  const shouldFail =
    !done && (failOnError === 'true' || (failOnError === 'config' && explanation.isActionable));
  const isExpectedToFail = !shouldFail && !done && action !== 'watch';
  const ending = `${isExpectedToFail ? `\nNot failing the step (fail_on_error: ${failOnError}).` : ''}\n${helpLink}`;
  const headline = done
    ? `${done.case.label} was ${DONE[done.outcome] ?? 'handled'}, but a follow-up failed`
    : renderHeadline(error, operation, { isDryRun, isOutcomeUnknown: explanation.isOutcomeUnknown });
  const isPlainFailure = operation !== 'watch' && headline === HEADLINES[operation];
  const message = `${headline}.${text.includes('\n') ? '\n' : ' '}${text}`;
  return {
    outputs: {},
    annotation: {
      level: shouldFail ? 'error' : 'warning',
      text: truncate(message, MAX_MESSAGE_CHARS - ending.length) + ending,
    },
    summary: `### ${done ? textLink(done.case.label, done.case.url) + headline.slice(done.case.label.length) : headline}${isPlainFailure ? ' in Datadog' : ''}\n\n${renderText(error, text)}\n\n${helpLink}`,
  };
}

function renderHeadline(
  error: unknown,
  operation: Operation,
  {
    isDryRun,
    isOutcomeUnknown = false,
  }: { readonly isDryRun: boolean; readonly isOutcomeUnknown?: boolean | undefined },
): string {
  if (isOutcomeUnknown) return 'It is unknown whether the case was opened';
  if (!isDryRun || operation === 'watch') return HEADLINES[operation];
  if (!(error instanceof InputError)) return 'The dry run failed';
  const count = error.issues.length;
  return `Dry run found ${count} problem${count > 1 ? 's' : ''}`;
}

/** One item for each problem with the inputs; other text of several lines, such as YAML to copy, as it is. */
function renderText(error: unknown, text: string): string {
  const lines = text.split('\n');
  if (lines.length > 1 && !(error instanceof InputError)) return codeBlock(truncate(text, MAX_MESSAGE_CHARS));
  const items = lines.slice(0, MAX_LISTED).map((line) => `- ${codeSpan(line, 1000)}`);
  if (lines.length > MAX_LISTED) items.push(`- and ${lines.length - MAX_LISTED} more`);
  return items.join('\n');
}
