import { quoteShort } from '../base/truncate.ts';
import { INPUTS, type InputDefinition } from './schema.ts';
import { choice, integer, optional, type ParseResult, parseBoolean, secondsToMs } from './value-parsers.ts';

const MAX_TIMEOUT_SECONDS = 3600;
const MAX_CASES = 10_000;

const SEVERITY_NAMES = ['critical', 'high', 'medium', 'low'] as const;
const PRIORITIES: readonly string[] = ['NOT_DEFINED', 'P1', 'P2', 'P3', 'P4', 'P5'];
const DEFAULT_PRIORITIES = 'critical: P1\nhigh: P2\nmedium: P3\nlow: P4';

/** The priority of each severity. */
type PriorityBySeverity = ReadonlyMap<(typeof SEVERITY_NAMES)[number], string>;

/**
 * Every input of sync/action.yml by name, in its order. Inputs that the main action has as well keep their meaning.
 * Names and defaults must match that file and docs/sync.md (checked by action-file.test.ts).
 */
export const SYNC_INPUTS = {
  /** Paths or patterns, one per line. */
  files: {
    default: '',
    isEssential: true,
    property: 'files',
    parse: parseLines('is required. List the files of the report, one path or pattern per line.'),
  },
  project: INPUTS.project,
  format: {
    default: 'auto',
    isEssential: true,
    property: 'format',
    parse: choice(['auto', 'sarif', 'junit', 'json']),
  },
  /** The default depends on the format. */
  group_by: {
    default: '',
    isEssential: true,
    property: 'groupBy',
    parse: optional(choice(['rule', 'file', 'finding', 'test', 'suite', 'item'])),
  },
  /** The default depends on the job. */
  source: { default: '', unredacted: 'hash' },
  min_severity: {
    default: 'medium',
    decidesClosing: true,
    property: 'minSeverity',
    parse: choice(SEVERITY_NAMES),
  },
  priorities: { default: DEFAULT_PRIORITIES, isList: true, property: 'priorities', parse: parsePriorities },
  max_new: { default: '20', property: 'maxNew', parse: integer({ min: 0, max: MAX_CASES }) },
  max_closed: {
    default: '20',
    decidesClosing: true,
    property: 'maxClosed',
    parse: integer({ min: 0, max: MAX_CASES }),
  },
  close: { default: 'true', decidesClosing: true, property: 'shouldClose', parse: parseBoolean },
  /** The default depends on the format. */
  on_closed: { default: '', property: 'onClosed', parse: optional(choice(['ignore', 'reopen'])) },
  /** `default`, or names or patterns, one per line. */
  branches: {
    default: 'default',
    isEssential: true,
    property: 'branches',
    parse: parseLines('is empty. Write default, or one name or pattern per line.'),
  },
  type_id: INPUTS.type_id,
  assignee: INPUTS.assignee,
  custom_attributes: INPUTS.custom_attributes,
  attributes: INPUTS.attributes,
  due_date: INPUTS.due_date,
  watchers: INPUTS.watchers,
  run_context: INPUTS.run_context,
  github_token: INPUTS.github_token,
  site: INPUTS.site,
  api_key: INPUTS.api_key,
  app_key: INPUTS.app_key,
  access_token: INPUTS.access_token,
  org_uuid: INPUTS.org_uuid,
  oidc_audience: INPUTS.oidc_audience,
  api_url: INPUTS.api_url,
  dry_run: INPUTS.dry_run,
  fail_on_error: INPUTS.fail_on_error,
  /** Large reports take many requests. */
  timeout: { default: '300', property: 'timeoutMs', parse: secondsToMs({ max: MAX_TIMEOUT_SECONDS }) },
  matrix: INPUTS.matrix,
  workflow_ref: INPUTS.workflow_ref,
} as const satisfies Readonly<Record<string, InputDefinition>>;

export type SyncInputName = keyof typeof SYNC_INPUTS;

export const SYNC_INPUT_NAMES = Object.keys(SYNC_INPUTS) as readonly SyncInputName[];

/** The default of every input. */
export function getSyncDefaults(): Record<SyncInputName, string> {
  return Object.fromEntries(SYNC_INPUT_NAMES.map((name) => [name, SYNC_INPUTS[name].default])) as Record<
    SyncInputName,
    string
  >;
}

type Definitions = typeof SYNC_INPUTS;
type ParsedName = {
  [N in SyncInputName]: Definitions[N] extends { parse: unknown } ? N : never;
}[SyncInputName];

/** The values of the inputs that are parsed on their own, by property. */
export type ParsedSyncValues = {
  readonly [N in ParsedName as Definitions[N]['property']]: Awaited<
    ReturnType<Definitions[N]['parse']>
  >['value'];
};

/** A parser for lines of text. `issue` is the message if there are none. */
function parseLines(issue: string): (text: string) => ParseResult<readonly string[]> {
  return (text) => {
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const value = lines.filter((line) => line);
    return { value, issues: value.length ? [] : [issue] };
  };
}

/** Parses lines such as `high: P2`. Severities that are missing keep their default. */
function parsePriorities(text: string): ParseResult<PriorityBySeverity> {
  const value = new Map<(typeof SEVERITY_NAMES)[number], string>();
  const issues: string[] = [];
  for (const line of `${DEFAULT_PRIORITIES}\n${text}`.split(/\r?\n/)) {
    if (!line.trim()) continue;
    const [name = '', priority = ''] = line.split(':').map((part) => part.trim());
    const severity = SEVERITY_NAMES.find((candidate) => candidate === name.toLowerCase());
    const isKnown = PRIORITIES.includes(priority.toUpperCase());
    if (severity && isKnown) value.set(severity, priority.toUpperCase());
    else
      issues.push(
        `${quoteShort(line.trim())} is not valid. Write a severity (${SEVERITY_NAMES.join(', ')}), a colon and a priority (${PRIORITIES.join(', ')}).`,
      );
  }
  return { value, issues };
}
