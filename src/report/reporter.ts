import type * as actions from '@actions/core';
import { escapeCommands, escapeHiddenInJson, stripControlCharacters } from '../base/log-text.ts';
import { codeSpan } from '../base/markdown.ts';
import type { Redactor } from '../base/redactor.ts';
import { truncate } from '../base/truncate.ts';
import type { CaseState, HandledCase, Result } from '../cases/result.ts';
import type { Case } from '../datadog/case.ts';
import type { FailureOptions } from './render-failure.ts';
import { renderResult } from './render-result.ts';
import { MAX_ANNOTATION_CHARS, type Rendering } from './rendering.ts';

/** The part of `@actions/core` that is used, and the summary. */
export type ActionsCore = Pick<
  typeof actions,
  'debug' | 'error' | 'info' | 'isDebug' | 'notice' | 'setOutput' | 'setSecret' | 'warning'
> & {
  /** Makes the step fail once it has ended. */
  readonly setFailed: () => void;
  /** Appends Markdown to the step summary. */
  readonly appendSummary: (markdown: string) => void;
};

export interface FinishOptions extends Omit<FailureOptions, 'redact'> {
  readonly isQuiet: boolean;
}

/** The runner keeps 10 annotations of a kind per step; one is left for the result. */
const MAX_WARNING_ANNOTATIONS = 9;
const TITLE = { title: 'Datadog case' };
/** Outputs in JSON, whose values must not change. */
const JSON_OUTPUTS: ReadonlySet<string> = new Set(['case', 'cases', 'request']);

/**
 * Writes the log, annotations, outputs and summary. Everything passes through here last: secrets are redacted before
 * anything is shortened, and no text is a workflow command or has control or invisible characters.
 */
export class Reporter {
  readonly #core: ActionsCore;
  readonly #redactor: Redactor;
  readonly #warnings: string[] = [];
  /** The outputs that were set. */
  readonly #outputs = new Map<string, string>();
  #handled: HandledCase | undefined;

  constructor(core: ActionsCore, redactor: Redactor) {
    this.#core = core;
    this.#redactor = redactor;
  }

  /** Hides secrets from now on, here and in the runner's log. */
  readonly addSecrets = (secrets: readonly string[]): void => {
    for (const line of this.#redactor.add(...secrets)) this.#core.setSecret(line);
  };

  readonly info = (text: string): void => {
    this.#core.info(this.#toLogText(text));
  };

  /** Shown only if debug logging is on. */
  debug(text: string): void {
    if (this.#core.isDebug()) this.#core.debug(this.#toLogText(text));
  }

  /** Warns in the log, in an annotation and in the summary. */
  readonly warn = (text: string): void => {
    this.#warnings.push(this.#redactor.redact(text));
    if (this.#warnings.length <= MAX_WARNING_ANNOTATIONS)
      this.#core.warning(truncate(this.#toLogText(text), MAX_ANNOTATION_CHARS), TITLE);
    else this.info(`Warning: ${text}`);
  };

  /** The case that the step did something with; `undefined` if it was only found. */
  get handledCase(): HandledCase | undefined {
    return this.#handled;
  }

  /** Sets the case outputs. Called early so that they survive a later failure. */
  readonly setCaseOutputs = (datadogCase: Case, state: CaseState): void => {
    const outcome = state === 'found' ? 'failed' : state;
    this.#handled = state === 'found' ? undefined : { case: datadogCase, outcome: state };
    this.#setOutput('case_id', datadogCase.id);
    this.#setOutput('case_key', datadogCase.key);
    this.#setOutput('case_url', datadogCase.url);
    this.#setOutput('case_status', datadogCase.statusName);
    this.#setOutput('case', JSON.stringify(datadogCase.raw));
    this.#setOutput('outcome', outcome);
  };

  /** Takes back what `setCaseOutputs` has set. */
  readonly clearCaseOutputs = (): void => {
    this.#handled = undefined;
    for (const name of this.#outputs.keys()) this.#setOutput(name, '');
  };

  /**
   * Reports how the step ended. A failure fails the step if the options say so. If `isQuiet`, a step that did nothing
   * only says so in the log.
   */
  finish(result: Result, { isQuiet, ...options }: FinishOptions): void {
    if (result.outcome === 'failed') this.debug(formatStack(result.error));
    const redact = (text: string) => this.#redactor.redact(text);
    const rendering = renderResult(result, { ...options, redact });
    const outcome = (result.outcome === 'failed' && result.done?.outcome) || result.outcome;
    if (isQuiet && (result.outcome === 'none' || result.outcome === 'skipped')) {
      this.#setOutputs(outcome, rendering);
      this.info(rendering.annotation.text);
    } else this.show(outcome, rendering);
  }

  /** Sets the outputs and shows what a step ended with. */
  show(outcome: string, rendering: Rendering): void {
    const { annotation, summary, log } = rendering;
    this.#setOutputs(outcome, rendering);
    const text = truncate(this.#toLogText(annotation.text), MAX_ANNOTATION_CHARS);
    if (annotation.level === 'error') this.#core.setFailed();
    this.#core[annotation.level](text, TITLE);
    if (log) this.info(log);
    this.#appendSummary(summary);
  }

  #setOutputs(outcome: string, { outputs }: Rendering): void {
    this.#setOutput('outcome', outcome);
    for (const [name, value] of Object.entries(outputs)) this.#setOutput(name, value);
  }

  #toLogText(text: string): string {
    return escapeCommands(this.#redactor.redact(text));
  }

  /** Sets an output. If it can't be written, this only warns: the case exists. */
  #setOutput(name: string, value: string): void {
    const clean = JSON_OUTPUTS.has(name) ? escapeHiddenInJson : stripControlCharacters;
    const text = clean(this.#redactor.redact(value));
    if (this.#outputs.get(name) === text) return; // Setting it again would append to the file once more.
    try {
      this.#core.setOutput(name, text);
      this.#outputs.set(name, text);
    } catch (error) {
      this.warn(
        `Could not set the output ${name}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #appendSummary(markdown: string): void {
    const warnings = this.#warnings.map((text) => `- ${codeSpan(text, 1000)}`);
    const warningsSection = warnings.length ? `\n\n**Warnings**\n\n${warnings.join('\n')}` : '';
    try {
      this.#core.appendSummary(
        `${stripControlCharacters(this.#redactor.redact(markdown))}${warningsSection}\n`,
      );
    } catch (error) {
      this.debug(`The step summary could not be written: ${String(error)}`);
    }
  }
}

/** The error's stack, followed by those of its causes. */
function formatStack(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? String(error);
  return error.cause === undefined ? stack : `${stack}\nCaused by ${formatStack(error.cause)}`;
}
