import * as attributes from './attributes.ts';
import * as credentials from './credentials.ts';
import { UUID } from './datadog/lookup.ts';
import * as sites from './datadog/sites.ts';
import { InputError, type Problem } from './errors.ts';
import type { Env, InputName, Values } from './spelling.ts';
import { quote } from './text.ts';

const PRIORITIES = ['NOT_DEFINED', 'P1', 'P2', 'P3', 'P4', 'P5'] as const;
/** When a case that could not be opened fails the step: always, never, or only for what a person must fix. */
export type FailOnError = 'true' | 'false' | 'config';

/** All that a step was asked to do, checked. */
export interface Inputs {
  readonly mode: 'open' | 'close';
  /** Empty only where a case is to be closed. */
  readonly title: string;
  readonly project: string;
  readonly typeId: string;
  readonly priority: (typeof PRIORITIES)[number];
  /** Empty where nobody is to be assigned; so are the other texts where they were not given. */
  readonly assignee: string;
  readonly description: string;
  readonly descriptionFile: string;
  readonly statusName: string;
  readonly customAttributes: attributes.GivenAttributes;
  readonly attributes: attributes.PlainAttributes;
  readonly dedupKey: string;
  readonly onExisting: 'comment' | 'ignore';
  readonly runContext: boolean;
  /** Lines of each failed step's log to add to the description. */
  readonly logLines: number;
  readonly prComment: boolean;
  readonly prNumber: number | undefined;
  readonly githubToken: string;
  readonly credentials: credentials.Credentials;
  readonly addresses: sites.Addresses;
  readonly dryRun: boolean;
  readonly failOnError: FailOnError;
  /** Milliseconds that all the API work of the step may take. */
  readonly timeout: number;
}

const SITE = ['DD_SITE', 'DATADOG_SITE'];
const MODES = ['open', 'close'] as const;
const POLICIES = ['true', 'false', 'config'] as const;
/** Seconds. */
const LONGEST_TIMEOUT = 3600;
const MOST_LOG_LINES = 1000;

/**
 * Reads every input of the step, and the environment that stands in for empty ones.
 * Throws InputError with all problems at once; no text of a secret is in it.
 */
export async function read(values: Values, env: Env): Promise<Inputs> {
  const problems: Problem[] = [];
  const wrong = (input: InputName, text: string) => problems.push({ input, text });
  const custom = await attributes.parseCustom(values.custom_attributes);
  const plain = await attributes.parsePlain(values.attributes);
  for (const text of custom.problems) wrong('custom_attributes', text);
  for (const text of plain.problems) wrong('attributes', text);
  if (!values.project) wrong('project', 'is required: give its key, its name or its UUID.');
  const asked = readChoice(values, 'mode', MODES, wrong);
  if (asked === 'close' && !values.dedup_key)
    wrong('dedup_key', 'is required to close a case: give the one that it was opened with.');
  if (asked === 'open' && !values.title) wrong('title', 'is required: say in a few words what happened.');
  const inputs: Inputs = {
    mode: asked,
    title: values.title,
    project: values.project,
    typeId: values.type_id,
    priority: readChoice(values, 'priority', PRIORITIES, wrong),
    assignee: readAssignee(values.assignee, wrong),
    description: values.description,
    descriptionFile: values.description_file,
    statusName: values.status_name,
    customAttributes: custom.value,
    attributes: plain.value,
    dedupKey: values.dedup_key,
    onExisting: readChoice(values, 'on_existing', ['comment', 'ignore'], wrong),
    runContext: readFlag(values, 'run_context', wrong),
    logLines: readNumber(values, 'log_lines', 0, MOST_LOG_LINES, wrong),
    prComment: readFlag(values, 'pr_comment', wrong),
    prNumber: values.pr_number
      ? readNumber(values, 'pr_number', 1, Number.MAX_SAFE_INTEGER, wrong)
      : undefined,
    githubToken: values.github_token,
    credentials: credentials.read(values, env, wrong),
    addresses: readAddresses(values, env, wrong),
    dryRun: readFlag(values, 'dry_run', wrong),
    failOnError: readChoice(values, 'fail_on_error', POLICIES, wrong),
    timeout: readNumber(values, 'timeout', 1, LONGEST_TIMEOUT, wrong) * 1000,
  };
  if (problems.length) throw new InputError(problems);
  return inputs;
}

/** `fail_on_error` alone, which must be known even when other inputs are wrong; `true` where it is wrong itself. */
export function failOnError(values: Values): FailOnError {
  return readChoice(values, 'fail_on_error', POLICIES, () => undefined);
}

/** `mode` alone, which says what it was that failed; `open` where it is wrong itself. */
export function mode(values: Values): Inputs['mode'] {
  return readChoice(values, 'mode', MODES, () => undefined);
}

type Wrong = (input: InputName, text: string) => unknown;

function readChoice<T extends string>(
  values: Values,
  input: InputName,
  choices: readonly [T, ...T[]],
  wrong: Wrong,
): T {
  const given = values[input];
  const found = choices.find((choice) => choice.toLowerCase() === given.toLowerCase());
  if (!found) wrong(input, `${quote(given)} will not do; use one of ${choices.join(', ')}.`);
  return found ?? choices[0];
}

function readAssignee(given: string, wrong: Wrong): string {
  if (given && !UUID.test(given) && !/^[^\s@]+@[^\s@]+$/.test(given)) {
    wrong('assignee', `${quote(given)} is neither a UUID nor an e-mail address.`);
  }
  return given;
}

function readFlag(values: Values, input: InputName, wrong: Wrong): boolean {
  return readChoice(values, input, ['true', 'false'], wrong) === 'true';
}

function readNumber(values: Values, input: InputName, least: number, most: number, wrong: Wrong): number {
  const given = values[input];
  const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  wrong(
    input,
    `${quote(given)} will not do; use a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ' up'}.`,
  );
  return least;
}

function readAddresses(values: Values, env: Env, wrong: Wrong): sites.Addresses {
  const variable = SITE.find((name) => env[name]?.trim());
  const given = values.site || (variable && env[variable]?.trim()) || 'datadoghq.com';
  const addresses = sites.parse(given);
  if (!addresses) {
    const source = values.site || !variable ? '' : ` (from ${variable})`;
    wrong(
      'site',
      `${quote(given)}${source} is no Datadog site that an API is known for; use one of ${sites.KNOWN.join(', ')}.`,
    );
  }
  const api = values.api_url ? sites.parseApiUrl(values.api_url) : addresses?.api;
  if (values.api_url && !api) {
    const shown = quote(values.api_url.replace(/\/\/.*@/, '//…@').replace(/[?#].*/, '…')); // It may hold a password.
    wrong(
      'api_url',
      `${shown} will not do; use an https address without user, password and query (http only on this machine).`,
    );
  }
  return { api: api ?? '', web: addresses?.web ?? '' };
}
