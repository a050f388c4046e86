import type * as actions from '@actions/core';
import { isDocsLink } from '../base/docs-link.ts';
import type { Env } from '../base/env.ts';
import { escapeCommands, escapeHiddenInJson, stripControlCharacters } from '../base/log-text.ts';
import { renderProse } from '../base/markdown.ts';
import type { Redactor } from '../base/redactor.ts';
import { truncate } from '../base/truncate.ts';
import type { Unredacted } from '../base/unredacted.ts';
import type { CaseState, Doubt, HandledCase, Result } from '../cases/result.ts';
import { explain } from '../content/explain.ts';
import type { Case } from '../datadog/case.ts';
import { toCaseOutput } from './case-output.ts';
import { renderResult } from './render-result.ts';
import { MAX_ANNOTATION_CHARS, type Rendering, type RenderOptions } from './rendering.ts';
import { UnwrittenFiles } from './unwritten-files.ts';

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

export interface FinishOptions extends Omit<RenderOptions, 'redact' | 'warningCount'> {
  /** Whether doing nothing is normal, so that only the log mentions it. */
  readonly isQuiet: boolean;
}

/**
 * GitHub shows 10 annotations of a kind per step. Three are left: for how many warnings there are, for what could not be
 * written, and for the result.
 */
const MAX_WARNING_ANNOTATIONS = 7;
/** The most warnings that the log and the summary hold. */
const MAX_WARNINGS = 100;
const MAX_SUMMARY_WARNINGS = 20;
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
  readonly #unwritten = new UnwrittenFiles();
  /** The first warnings, for the summary. */
  readonly #warnings: string[] = [];
  #warningCount = 0;
  /** What the step could not settle. */
  readonly doubts: Doubt[] = [];
  /** The outputs that were set. */
  readonly #outputs = new Map<string, string>();
  #handled: HandledCase | undefined;

  constructor(core: ActionsCore, redactor: Redactor) {
    this.#core = core;
    this.#redactor = redactor;
  }

  /** Hides secrets from now on, here and in the runner's log. */
  readonly addSecrets = (secrets: readonly Unredacted[]): void => {
    for (const line of this.#redactor.add(...secrets)) this.#core.setSecret(line);
  };

  readonly info = (text: string): void => {
    this.#core.info(this.#toLogText(text));
  };

  /** Shown only if debug logging is on. */
  debug(text: string): void {
    if (this.#core.isDebug()) this.#core.debug(this.#toLogText(text));
  }

  /**
   * Warns in an annotation and in the summary. After the first ones, only in the log, and then not at all. `doubt` is
   * what the warning leaves unsettled, if it does.
   */
  readonly warn = (text: string, doubt?: Doubt): void => {
    if (doubt) this.doubts.push(doubt);
    this.#warningCount += 1;
    if (this.#warnings.length < MAX_SUMMARY_WARNINGS) this.#warnings.push(this.#redactor.redact(text));
    if (this.#warningCount <= MAX_WARNING_ANNOTATIONS) this.#show('warning', text);
    else if (this.#warningCount <= MAX_WARNINGS) this.#show('log', `Warning: ${text}`);
  };

  /** The case whose outputs were set last, unless the step had done nothing with it yet. */
  get handledCase(): HandledCase | undefined {
    return this.#handled;
  }

  /** Sets the case outputs. Called early so that they survive a later failure. */
  readonly setCaseOutputs = (datadogCase: Case, state: CaseState): void => {
    this.#handled = state === 'found' ? undefined : { case: datadogCase, outcome: state };
    this.#setOutput('case_id', datadogCase.id);
    this.#setOutput('case_key', datadogCase.key);
    this.#setOutput('case_url', datadogCase.url);
    this.#setOutput('case_status', datadogCase.statusName);
    this.#setOutput('case', JSON.stringify(toCaseOutput(datadogCase.raw)));
    // Nothing was done with it yet.
    this.#setOutput('outcome', state === 'found' ? 'failed' : state);
  };

  /** Takes back what `setCaseOutputs` has set. */
  readonly clearCaseOutputs = (): void => {
    this.#handled = undefined;
    for (const name of this.#outputs.keys()) this.#setOutput(name, '');
  };

  /**
   * Reports how the step ended. A failure fails the step if the options say so, also if it can't be reported. If
   * `isQuiet`, a step that did nothing only says so in the log. Never throws.
   */
  finish(result: Result, options: FinishOptions): void {
    try {
      this.#report(result, options);
    } catch (error) {
      if (result.outcome === 'failed' && !result.done && options.failOnError !== 'false')
        this.#core.setFailed();
      this.warn(`The result could not be reported in full. ${explain(error).text}`);
    }
  }

  #report(result: Result, { isQuiet, ...options }: FinishOptions): void {
    const redact = (text: string) => this.#redactor.redact(text);
    const rendered = renderResult(result, { ...options, redact, warningCount: this.#warningCount });
    if (result.outcome === 'failed') this.debug(formatStack(result.error));
    const outcome = (result.outcome === 'failed' && result.done?.outcome) || result.outcome;
    const isDone = result.outcome !== 'none' && result.outcome !== 'skipped';
    const isHidden = isQuiet && !isDone && rendered.message.level === 'notice';
    const { text } = rendered.message;
    this.show(outcome, isHidden ? { ...rendered, message: { level: 'log', text } } : rendered, options.env);
  }

  /** Sets the outputs and shows what a step ended with. */
  show(outcome: string, { outputs, message, summary, log }: Rendering, env: Env): void {
    const { level } = message;
    if (level === 'error') this.#core.setFailed();
    this.#setOutput('outcome', outcome);
    for (const [name, value] of Object.entries(outputs)) this.#setOutput(name, value);
    this.#show(level, message.text);
    if (log) this.info(log);
    this.#showWarningCount();
    if (summary && level !== 'log') this.#appendSummary(summary, env);
    for (const problem of this.#unwritten.describe()) this.#show('warning', problem);
  }

  /** Shows a text as an annotation, or only in the log. */
  #show(level: Rendering['message']['level'], text: string): void {
    const logText = truncate(this.#toLogText(text), MAX_ANNOTATION_CHARS);
    if (level === 'log') this.#core.info(logText);
    else this.#core[level](logText, TITLE);
  }

  #toLogText(text: string): string {
    return escapeCommands(this.#redactor.redact(text));
  }

  /** Sets an output. If it can't be written, the step goes on: the case exists. */
  #setOutput(name: string, value: string): void {
    const clean = JSON_OUTPUTS.has(name) ? escapeHiddenInJson : stripControlCharacters;
    const text = clean(this.#redactor.redact(value));
    if (this.#outputs.get(name) === text) return; // Setting it again would append to the file once more.
    try {
      this.#core.setOutput(name, text);
      this.#outputs.set(name, text);
    } catch (error) {
      this.#unwritten.add('outputs', error);
    }
  }

  /** Says how many warnings are no annotations. */
  #showWarningCount(): void {
    const count = this.#warningCount - MAX_WARNING_ANNOTATIONS;
    if (count <= 0) return;
    const unlogged = this.#warningCount - MAX_WARNINGS;
    const rest = unlogged > 0 ? `, except the last ${unlogged}` : '';
    this.#show('warning', `${count} more warning${count > 1 ? 's are' : ' is'} in the log${rest}.`);
  }

  #appendSummary(markdown: string, env: Env): void {
    // What could not be written so far is in the summary, unless that can't be written either.
    const problems = this.#unwritten.describe();
    const warnings = [...this.#warnings, ...problems].map(
      (text) => `- ${renderProse(text, (url) => isDocsLink(env, url))}`,
    );
    const hidden = this.#warningCount - this.#warnings.length;
    if (hidden) warnings.push(`- and ${hidden} more`);
    const warningsSection = warnings.length ? `\n\n**Warnings**\n\n${warnings.join('\n')}` : '';
    try {
      this.#core.appendSummary(
        `${stripControlCharacters(this.#redactor.redact(markdown))}${warningsSection}\n`,
      );
    } catch (error) {
      this.#unwritten.add('summary', error);
    }
  }
}

/** The error's stack, followed by those of its causes. */
function formatStack(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? String(error);
  return error.cause === undefined ? stack : `${stack}\nCaused by ${formatStack(error.cause)}`;
}
