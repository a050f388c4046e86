import type { Env } from '../base/env.ts';
import { codeSpan } from '../base/markdown.ts';
import { truncate } from '../base/truncate.ts';
import type { Operation } from '../cases/result.ts';
import { explain } from '../content/explain.ts';
import { renderHelpLink } from '../content/help.ts';
import type { FailurePolicy } from '../inputs/parse-inputs.ts';
import { readActionName } from '../inputs/raw-inputs.ts';
import { MAX_ANNOTATION_CHARS, type Rendering } from './rendering.ts';

export interface FailureOptions {
  readonly failOnError: FailurePolicy;
  /** Names the repository that the help link leads to. */
  readonly env: Env;
  /** Removes secrets. Applied before anything is shortened. */
  readonly redact: (text: string) => string;
}

const HEADLINES = {
  open: 'No case was opened',
  close: 'No case was closed',
  watch: 'No case will be opened if this job fails',
} as const satisfies Record<Operation, string>;

/** Renders an error. It fails the step if `failOnError` says so. */
export function renderFailure(
  { error, operation }: { readonly error: unknown; readonly operation: Operation },
  { failOnError, env, redact }: FailureOptions,
): Rendering {
  const explanation = explain(error);
  const text = redact(explanation.text);
  const helpLink = renderHelpLink(env, explanation.helpTopic);
  const headline = explanation.isOutcomeUnknown
    ? 'It is unknown whether the case was opened'
    : HEADLINES[operation];
  const message = `${truncate(`${headline}.${text.includes('\n') ? '\n' : ' '}${text}`, MAX_ANNOTATION_CHARS - helpLink.length)}\n${helpLink}`;
  const lines = text.split('\n').map((line) => `- ${codeSpan(line, 1000)}`);
  // A watched job is not failed by default, so there is nothing to explain.
  const isWatch = readActionName(env) === 'watch';
  const shouldFail = failOnError === 'true' || (failOnError === 'config' && explanation.isActionable);
  return {
    outputs: {},
    annotation: shouldFail
      ? { level: 'error', text: message }
      : {
          level: 'warning',
          text: isWatch ? message : `${message}\nNot failing the step (fail_on_error: ${failOnError}).`,
        },
    summary: `### ${headline}${explanation.isOutcomeUnknown || operation === 'watch' ? '' : ' in Datadog'}\n\n${lines.join('\n')}\n\n${helpLink}`,
  };
}
