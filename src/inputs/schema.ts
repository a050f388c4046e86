import type { Unredacted } from '../base/unredacted.ts';
import { parseAttributes, parseCustomAttributes } from './attributes.ts';
import { parseDueDate } from './due-date.ts';
import { parseResult } from './result.ts';
import {
  choice,
  hoursToMs,
  integer,
  optional,
  parseAssignee,
  parseBoolean,
  parseLine,
  parseLowerCase,
  parseText,
  requiredText,
  secondsToMs,
  type ValueParser,
} from './value-parsers.ts';
import { parseWatchers } from './watchers.ts';

const MAX_TIMEOUT_SECONDS = 3600;
const MAX_LOG_LINES = 1000;
const MAX_FAILURES = 100;
const MAX_REOPEN_HOURS = 8760;

/** The actions that share this program: `action.yml` and `watch/action.yml`. */
export type ActionName = 'case' | 'watch';

/** One input. */
export interface InputDefinition {
  /** The value of an input that is missing or empty. */
  readonly default: string;
  /** The default in watch/action.yml, if it differs. */
  readonly watchDefault?: string;
  /** The only action that has the input. Without one, both have it. */
  readonly onlyIn?: ActionName;
  /** Without a valid value, nothing is sent. All other inputs are optional: what is wrong with them never costs the case. */
  readonly isEssential?: true;
  /** The value describes the case: if it is left out, the description says so. */
  readonly isAboutCase?: true;
  /** The value has entries, which count even if others are invalid. */
  readonly isList?: true;
  /** Closing a case doesn't use the input. */
  readonly isOnlyForOpening?: true;
  /** In the main action, only the mode `auto` uses the input. */
  readonly isOnlyForAuto?: true;
  /** An empty text does not count as missing: an expression may have returned nothing. */
  readonly keepsEmpty?: true;
  /** Nothing is closed unless the input is understood. */
  readonly decidesClosing?: true;
  /** Why the value is used as it was given. All others are redacted before anything else happens with them. */
  readonly unredacted?: 'secret' | 'address' | 'hash';
  /** Filled in by the runner through its default in action.yml, which is an expression. Not for workflows to set. */
  readonly isInternal?: true;
  /** The property of `Inputs` that holds the value. Without one, the input is parsed together with others. */
  readonly property?: string;
  /** Gets the redacted text: there is none for a value that is used as it was given. */
  readonly parse?: ValueParser<unknown>;
}

/**
 * Every input of both actions by name, in the order of their action.yml. Names and defaults must match both files and
 * the README's table (checked by action-file.test.ts). To add an input, add a row: `Inputs` gets its property and type
 * from here.
 */
export const INPUTS = {
  /** Empty only with mode `close`. The watch action has a default that depends on the job. */
  title: { default: '', isOnlyForOpening: true, property: 'title', parse: parseLine },
  /** A key, name or UUID. */
  project: {
    default: '',
    isEssential: true,
    property: 'project',
    parse: requiredText('is required. Set it to the key, name or UUID of a Datadog project.'),
  },
  /** A name or UUID. */
  type_id: { default: 'Standard', isOnlyForOpening: true, property: 'caseType', parse: parseText },
  priority: {
    default: 'NOT_DEFINED',
    isAboutCase: true,
    isOnlyForOpening: true,
    property: 'priority',
    parse: choice(['NOT_DEFINED', 'P1', 'P2', 'P3', 'P4', 'P5']),
  },
  assignee: {
    default: '',
    isAboutCase: true,
    isOnlyForOpening: true,
    property: 'assignee',
    parse: parseAssignee,
  },
  description: { default: '', isOnlyForOpening: true, property: 'description', parse: parseText },
  /** A path, relative to the workspace. */
  description_file: { default: '', isOnlyForOpening: true, property: 'descriptionFile', parse: parseText },
  status_name: { default: '', property: 'statusName', parse: parseText },
  custom_attributes: {
    default: '',
    isAboutCase: true,
    isList: true,
    isOnlyForOpening: true,
    property: 'customAttributes',
    parse: parseCustomAttributes,
  },
  attributes: {
    default: '',
    isAboutCase: true,
    isList: true,
    isOnlyForOpening: true,
    property: 'attributes',
    parse: parseAttributes,
  },
  /** A date such as `2026-12-31`. */
  due_date: {
    default: '',
    isAboutCase: true,
    isOnlyForOpening: true,
    property: 'dueDate',
    parse: parseDueDate,
  },
  /** UUIDs or e-mail addresses. */
  watchers: {
    default: '',
    isAboutCase: true,
    isList: true,
    isOnlyForOpening: true,
    property: 'watchers',
    parse: parseWatchers,
  },
  mode: {
    default: 'open',
    onlyIn: 'case',
    isEssential: true,
    property: 'mode',
    parse: choice(['open', 'close', 'auto']),
  },
  /** What the mode `auto` decides by. */
  result: {
    default: 'job',
    onlyIn: 'case',
    isEssential: true,
    isOnlyForAuto: true,
    keepsEmpty: true,
    property: 'result',
    parse: parseResult,
  },
  /** Close the case when the watched job succeeds. */
  close: {
    default: 'true',
    onlyIn: 'watch',
    decidesClosing: true,
    property: 'shouldClose',
    parse: parseBoolean,
  },
  on_cancelled: {
    default: 'ignore',
    isOnlyForAuto: true,
    property: 'onCancelled',
    parse: choice(['ignore', 'open']),
  },
  /** The watch action has a default that depends on the job. */
  dedup_key: { default: '', unredacted: 'hash' },
  on_existing: {
    default: 'comment',
    isOnlyForOpening: true,
    property: 'onExisting',
    parse: choice(['comment', 'ignore']),
  },
  /** How many consecutive failures it takes to open a case. */
  after_failures: {
    default: '1',
    isOnlyForOpening: true,
    property: 'afterFailures',
    parse: integer({ min: 1, max: MAX_FAILURES }),
  },
  /** For how many hours a closed case is reopened instead of opening another. */
  reopen_within: {
    default: '0',
    isOnlyForOpening: true,
    property: 'reopenWithinMs',
    parse: hoursToMs({ max: MAX_REOPEN_HOURS }),
  },
  run_context: { default: 'true', isOnlyForOpening: true, property: 'hasRunContext', parse: parseBoolean },
  /** Lines of each failed step's log to add to the description. */
  log_lines: {
    default: '0',
    isOnlyForOpening: true,
    onlyIn: 'case', // A watched job's log is not available while the job runs.
    property: 'logLines',
    parse: integer({ min: 0, max: MAX_LOG_LINES }),
  },
  pr_comment: { default: 'false', property: 'hasPullRequestComment', parse: parseBoolean },
  pr_number: { default: '', property: 'prNumber', parse: optional(integer({ min: 1 })) },
  /** Defaults to the job's token in action.yml, where it is an expression for the runner to evaluate. */
  github_token: { default: '', unredacted: 'secret' },
  site: { default: '', unredacted: 'address' },
  api_key: { default: '', unredacted: 'secret' },
  app_key: { default: '', unredacted: 'secret' },
  access_token: { default: '', unredacted: 'secret' },
  /** Replaces the keys: the step signs in with GitHub's identity token. */
  org_uuid: { default: '' },
  /** The identity token's audience, if it isn't `datadog/<org_uuid>`. */
  oidc_audience: { default: '' },
  api_url: { default: '', unredacted: 'address' },
  dry_run: { default: 'false', isEssential: true, property: 'isDryRun', parse: parseBoolean },
  /** Whether an error fails the step; with `config`, only an error that a person must fix does. */
  fail_on_error: {
    default: 'true',
    watchDefault: 'false',
    property: 'failOnError',
    parse: choice(['true', 'false', 'config']),
  },
  /** Time limit for all API calls of the step. */
  timeout: { default: '60', property: 'timeoutMs', parse: secondsToMs({ max: MAX_TIMEOUT_SECONDS }) },
  /** `success`, `failure` or `cancelled`. */
  job_status: {
    default: '',
    isInternal: true,
    property: 'jobStatus',
    parse: parseLowerCase,
  },
  /** The job's ID in GitHub's API; empty if the runner doesn't know it. */
  check_run_id: { default: '', isInternal: true },
  /** The job's matrix values, as JSON. */
  matrix: { default: '', isInternal: true },
  /** The workflow file that defines the job: the called one in a reusable workflow. Empty on older runners. */
  workflow_ref: { default: '', isInternal: true },
} as const satisfies Readonly<Record<string, InputDefinition>>;

/** The names of the inputs of a table that hold a secret. */
export type SecretNameOf<T> = { [N in keyof T]: T[N] extends { unredacted: 'secret' } ? N : never }[keyof T];

/** The texts of a table's inputs: a string is redacted. */
export type RawInputsOf<T> = {
  readonly [N in keyof T]: T[N] extends { unredacted: string } ? Unredacted : string;
};

/** The name of an input. */
export type InputName = keyof typeof INPUTS;

export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[];

/** The names of the inputs that the action has. */
export function listInputNames(action: ActionName): InputName[] {
  return INPUT_NAMES.filter((name) => {
    const { onlyIn }: InputDefinition = INPUTS[name];
    return onlyIn === undefined || onlyIn === action;
  });
}

/** Whether the runner fills in the input, so that workflows don't set it. */
export function isInternalInput(name: InputName): boolean {
  const { isInternal }: InputDefinition = INPUTS[name];
  return isInternal ?? false;
}

/** Whether an empty text is a value of the input, rather than missing. */
export function keepsEmpty(name: InputName): boolean {
  const definition: InputDefinition = INPUTS[name];
  return definition.keepsEmpty ?? false;
}

/** The default of every input, also of those that the action doesn't have. */
export function getInputDefaults(action: ActionName): Record<InputName, string> {
  const entries = INPUT_NAMES.map((name) => {
    const definition: InputDefinition = INPUTS[name];
    return [name, (action === 'watch' ? definition.watchDefault : undefined) ?? definition.default];
  });
  return Object.fromEntries(entries) as Record<InputName, string>;
}

type Definitions = typeof INPUTS;
/** The names of the inputs that are parsed on their own. */
type ParsedName = { [N in InputName]: Definitions[N] extends { parse: unknown } ? N : never }[InputName];

/** The values of the inputs that are parsed on their own, by property. */
export type ParsedValues = {
  readonly [N in ParsedName as Definitions[N]['property']]: Awaited<
    ReturnType<Definitions[N]['parse']>
  >['value'];
};
