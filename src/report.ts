import type * as actions from '@actions/core';
import type { PlainAttributes } from './attributes.ts';
import type { Case } from './datadog/cases.ts';
import type { CreateBody } from './datadog/request.ts';
import type { Explanation } from './explain.ts';
import { code, cut, fence, link, logged, redact, tableRow } from './text.ts';

/** The part of `@actions/core` that is used, and the summary. */
export type Core = Pick<
  typeof actions,
  'debug' | 'info' | 'isDebug' | 'notice' | 'setFailed' | 'setOutput' | 'setSecret' | 'warning'
> & {
  /** Adds Markdown to the step's summary. */
  readonly summarise: (markdown: string) => void;
};

/** What became of the step. */
export type Outcome = 'created' | 'existing' | 'closed' | 'none' | 'planned' | 'skipped' | 'failed';

/** A case with what people call things, for the summary. */
export interface Shown {
  readonly title: string;
  readonly status: string;
  readonly priority: string;
  readonly type?: string;
  readonly project?: string;
  readonly assignee?: string;
}

// The runner keeps 10 annotations of a kind and 4,096 characters of each, and drops a summary over 1 MiB.
const ANNOTATIONS = 9;
const ANNOTATION = 4000;
const REQUEST_SHOWN = 60_000;
/** Shorter ones are no keys, and masking them would riddle the log with asterisks. */
const SHORTEST_SECRET = 8;

/** The only writer of the step: log, annotations, outputs and summary. No secret passes through it. */
export class Report {
  readonly #core: Core;
  readonly #secrets: readonly string[];
  readonly #warnings: string[] = [];
  /** Whether what was asked for has been done. */
  #done = false;
  /** The address of the comment on the pull request. */
  #comment = '';

  /** Masks the secrets, line by line as the runner does, before anything else happens. */
  constructor(core: Core, secrets: readonly string[]) {
    this.#core = core;
    this.#secrets = secrets
      .flatMap((secret) => secret.split(/\s*\n\s*/))
      .filter((line) => line.length >= SHORTEST_SECRET);
    for (const secret of this.#secrets) core.setSecret(secret);
  }

  info(text: string): void {
    this.#core.info(logged(this.clean(text)));
  }

  /** For those who switched debug logging on. */
  debug(text: string): void {
    if (this.#core.isDebug()) this.#core.debug(this.clean(text));
  }

  /** Warns in the log, at the run and in the summary. */
  warning(text: string): void {
    const clean = this.clean(text);
    this.#warnings.push(clean);
    if (this.#warnings.length <= ANNOTATIONS)
      this.#core.warning(cut(clean, ANNOTATION), { title: 'Datadog case' });
    else this.info(`Warning: ${clean}`);
  }

  /** Sets an output. One that cannot be written is a warning: what was done stays done. */
  output(name: string, value: string): void {
    try {
      this.#core.setOutput(name, this.clean(value));
    } catch (error) {
      this.warning(
        `The output ${name} could not be set: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** Sets the outputs that tell which case it is. Called as soon as that is known, and again if it changes. */
  found(known: Case, url: string, outcome: Outcome): void {
    this.#done = outcome !== 'failed';
    this.output('case_id', known.id);
    this.output('case_key', known.key);
    this.output('case_url', url);
    this.output('case_status', known.status);
    this.output('case', JSON.stringify(known.raw));
    this.output('outcome', outcome);
  }

  /** The pull request was told, in the comment at this address. */
  told(url: string): void {
    this.#comment = url;
    this.output('pr_comment_url', url);
  }

  /** The end of a step that opened a case. */
  opened(known: Case, url: string, shown: Shown): void {
    this.#told('Opened', 'opened in Datadog', known, url, shown);
  }

  /** The end of a step that found its case open. */
  existed(known: Case, url: string): void {
    this.#told('Already open:', 'is already open in Datadog', known, url, known);
  }

  /** The end of a step that closed a case. */
  closed(known: Case, url: string): void {
    this.#told('Closed', 'closed in Datadog', known, url, known);
  }

  /** The end of a step that found nothing to close. */
  nothingToClose(): void {
    this.output('outcome', 'none');
    const words = 'No case with this dedup_key is open, so there was nothing to close.';
    this.#core.notice(words, { title: 'Datadog case' });
    this.#summarise(`### No Datadog case to close\n\n${words}`);
  }

  /** The end of a dry run that would close a case. */
  wouldClose(known: Case, url: string): void {
    this.output('outcome', 'planned');
    this.#told('Would be closed:', 'would be closed in Datadog (dry run)', known, url, known);
  }

  /** The end of a dry run. `attributes` are what would be set once the case exists. */
  planned(body: CreateBody, attributes: PlainAttributes, shown: Shown): void {
    const later = attributes.size
      ? `\n\nand then, as attributes:\n${json(Object.fromEntries(attributes))}`
      : '';
    const request = `${json(body)}${later}`;
    this.output('request', JSON.stringify(body));
    this.output('outcome', 'planned');
    this.#core.notice('Everything checks out. This was a dry run: no case was opened.', {
      title: 'Datadog case',
    });
    this.info(`This would be sent:\n${request}`);
    this.#summarise(
      `### A Datadog case would be opened (dry run)\n\n${facts(shown)}\n\n<details><summary>Request</summary>\n\n${fence(cut(request, REQUEST_SHOWN), 'json')}\n\n</details>`,
    );
  }

  /** The end of a step that was given no secrets by GitHub. */
  skipped(reason: string): void {
    this.output('outcome', 'skipped');
    this.#core.notice(reason, { title: 'Datadog case' });
    this.#summarise(`### No Datadog case: skipped\n\n${reason}`);
  }

  /**
   * The end of a step that could not do its work. `fails`: whether the step fails with it.
   * Where the work was done all the same and only what follows it went wrong, this is a warning and changes nothing.
   */
  failed(why: Explanation, help: string, fails: boolean, closing: boolean): void {
    if (this.#done) {
      this.warning(`What was asked for is done, but not all that follows. ${why.text}`);
      return;
    }
    this.output('outcome', 'failed');
    const text = this.clean(why.text);
    const known = closing ? 'No case was closed' : 'No case was opened';
    const lead = why.unsure ? 'It is not known whether the case was opened' : known;
    const message = `${cut(`${lead}.${text.includes('\n') ? '\n' : ' '}${text}`, ANNOTATION - help.length)}\n${help}`;
    if (fails) this.#core.setFailed(message);
    else
      this.#core.warning(`${message}\nThe step passes, because fail_on_error says so.`, {
        title: 'Datadog case',
      });
    const lines = text.split('\n').map((line) => `- ${code(line, 1000)}`);
    this.#summarise(`### ${lead}${why.unsure ? '' : ' in Datadog'}\n\n${lines.join('\n')}\n\n${help}`);
  }

  /** The text without any secret. */
  clean(text: string): string {
    return redact(text, this.#secrets);
  }

  #told(notice: string, heading: string, known: Case, url: string, shown: Shown): void {
    this.#core.notice(this.clean(cut(`${notice} ${known.name}: ${shown.title}\n${url}`, ANNOTATION)), {
      title: 'Datadog case',
    });
    const comment = this.#comment && `\n\nLinked in [a comment](${this.#comment}) on the pull request.`;
    this.#summarise(`### ${link(known.name, url)} ${heading}\n\n${facts(shown)}${comment}`);
  }

  #summarise(markdown: string): void {
    const warnings = this.#warnings.map((text) => `- ${code(text, 1000)}`);
    const below = warnings.length ? `\n\n**Warnings**\n\n${warnings.join('\n')}` : '';
    try {
      this.#core.summarise(`${this.clean(markdown)}${below}\n`);
    } catch (error) {
      this.debug(`The step summary could not be written: ${String(error)}`);
    }
  }
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function facts(shown: Shown): string {
  const columns: [string, string][] = [
    ['Status', shown.status],
    ['Priority', shown.priority === 'NOT_DEFINED' ? '' : shown.priority],
    ['Type', shown.type ?? ''],
    ['Project', shown.project ?? ''],
    ['Assignee', shown.assignee ?? ''],
  ];
  const told = columns.filter(([, value]) => value);
  if (!told.length) return code(shown.title, 500);
  return [
    code(shown.title, 500),
    '',
    tableRow(told.map(([name]) => name)),
    tableRow(told.map(() => '---')),
    tableRow(told.map(([, value]) => code(value))),
  ].join('\n');
}
