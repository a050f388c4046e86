import { InputError, type InputIssue } from '../base/errors.ts';
import { quoteShort } from '../base/truncate.ts';
import type { Unredacted } from '../base/unredacted.ts';
import type { Credentials } from '../datadog/client.ts';
import { parseCredentials } from './credentials.ts';
import { type InputProblem, parseGitHubToken, parseSingleInputs } from './parse-single-inputs.ts';
import type { ParseContext, RawInputs } from './raw-inputs.ts';
import {
  type ActionName,
  getInputDefaults,
  INPUT_NAMES,
  INPUTS,
  type InputDefinition,
  type ParsedValues,
} from './schema.ts';
import { parseSiteUrls, type SiteLocation } from './site-urls.ts';
import { parseLine } from './value-parsers.ts';

/** All inputs of the step, validated. A text that was not set is empty. */
export interface Inputs extends ParsedValues {
  readonly credentials: Credentials;
  readonly githubToken: Unredacted;
  /** Only hashed, as it was given. */
  readonly dedupKey: Unredacted;
  /** The same for words. */
  readonly dedupKeyText: string;
  readonly site: SiteLocation;
  /** What was probably meant differently, and what can't be used. The step goes on. */
  readonly warnings: readonly InputIssue[];
  /** Those of the warnings that say what the case is opened without, for its description. */
  readonly omissions: readonly InputIssue[];
  /** Whether every input that decides about closing was understood. If not, nothing may be closed. */
  readonly canClose: boolean;
  /** Whether `dedupKey` was derived from the job, rather than given. */
  readonly isKeyDerived: boolean;
}

/** What parsing depends on besides the inputs. */
interface ParseOptions {
  /** Default: the main action. */
  readonly action?: ActionName;
  readonly isKeyDerived?: boolean;
  /** Replaces a title without visible characters and, in the watch action and the mode `auto`, a missing one. */
  readonly defaultTitle?: string;
  /** Whether the credentials are read again later: missing ones are only a warning then. */
  readonly mayCredentialsFollow?: boolean;
}

/** When an error fails the step: always, never, or only if a person must fix something. */
export type FailurePolicy = Inputs['failOnError'];

/**
 * Parses every input, and the environment variables that replace empty ones. What is wrong with an optional input is a
 * warning, and the input is left out or has its default. Throws an InputError with all issues at once if an essential
 * input is invalid, or any input in a dry run.
 */
export async function parseInputs(
  raw: RawInputs,
  context: ParseContext,
  options: ParseOptions = {},
): Promise<Inputs> {
  const { action = 'case', isKeyDerived = false, defaultTitle = '' } = options;
  const single = await parseSingleInputs(raw, context.nowMs, getInputDefaults(action));
  const unused = listUnused(action, single.values.mode);
  const title = chooseTitle(raw, single.values, { action, defaultTitle });
  const values: ParsedValues = { ...single.values, title: title.value };
  const access = parseAccess(raw, context, options);
  const problems = [
    ...single.problems,
    ...access.problems,
    ...title.problems,
    ...findUselessReopening(raw, values),
  ].filter(({ issue }) => !unused.has(issue.input));
  const essential = [...findCombinationIssues(raw, values), ...access.issues];
  throwIfFatal({ essential, problems, late: access.late }, values);
  return {
    ...values,
    ...access.values,
    dedupKey: raw.dedup_key,
    dedupKeyText: context.redactor.redact(raw.dedup_key),
    warnings: [
      ...single.warnings,
      ...access.warnings,
      ...problems.map(toWarning),
      ...describeUnused(raw, unused, action),
    ],
    omissions: problems.filter(({ definition }) => definition.isAboutCase).map(({ issue }) => issue),
    canClose: !problems.some(({ definition }) => definition.decidesClosing),
    isKeyDerived,
  };
}

/** Parses what decides where the step connects to, and how it signs in. */
function parseAccess(
  raw: RawInputs,
  context: ParseContext,
  { mayCredentialsFollow: mayFollow = false }: ParseOptions,
) {
  const credentials = parseCredentials(raw, context, { mayFollow });
  const gitHubToken = parseGitHubToken(raw);
  const site = parseSiteUrls(raw, context);
  return {
    values: { credentials: credentials.value, githubToken: gitHubToken.value, site: site.value },
    issues: [...credentials.issues, ...site.issues],
    problems: gitHubToken.problems,
    warnings: credentials.warnings,
    /** Those of the warnings that are about credentials, if they may follow. */
    late: mayFollow ? credentials.warnings : [],
  };
}

/** Parses `fail_on_error` alone, for when other inputs are invalid. The action's default if it is invalid itself. */
export function parseFailOnError(raw: RawInputs, action: ActionName): FailurePolicy {
  const { value, issues } = INPUTS.fail_on_error.parse(raw.fail_on_error);
  return issues.length ? INPUTS.fail_on_error.parse(getInputDefaults(action).fail_on_error).value : value;
}

/** Parses `dry_run` alone, for when other inputs are invalid. `false` if it is invalid itself. */
export function parseDryRun(raw: RawInputs): boolean {
  const { value, issues } = INPUTS.dry_run.parse(raw.dry_run);
  return value && !issues.length;
}

/** Parses `mode` alone, for when other inputs are invalid. `open` if it is invalid itself. */
export function parseMode(raw: RawInputs): Inputs['mode'] {
  return INPUTS.mode.parse(raw.mode).value;
}

/** What decides whether the end of a watched job opens or closes a case. */
type Trigger = Pick<Inputs, 'jobStatus' | 'shouldClose' | 'onCancelled' | 'canClose'>;

/** Parses the trigger alone, for when other inputs are invalid. Invalid values become the defaults. */
export function parseTrigger(raw: RawInputs): Trigger {
  const { value: shouldClose, issues } = INPUTS.close.parse(raw.close);
  return {
    jobStatus: INPUTS.job_status.parse(raw.job_status).value,
    shouldClose,
    onCancelled: INPUTS.on_cancelled.parse(raw.on_cancelled).value,
    canClose: !issues.length,
  };
}

/** What may be wrong with the inputs. `late` is about credentials that may follow: it is never fatal by itself. */
interface Findings {
  readonly essential: readonly InputIssue[];
  readonly problems: readonly InputProblem[];
  readonly late: readonly InputIssue[];
}

/** Throws all issues together if an essential input is invalid, or any input that the operation of a dry run uses. */
function throwIfFatal({ essential, problems, late }: Findings, { mode, isDryRun }: ParsedValues): void {
  const used = problems.filter(({ definition }) => mode !== 'close' || !definition.isOnlyForOpening);
  const isFatal = essential.length || used.some(({ definition }) => isDryRun || definition.isEssential);
  if (isFatal) throw new InputError([...used.map(({ issue }) => issue), ...essential, ...late]);
}

/** The inputs that only another mode of the main action uses. */
function listUnused(action: ActionName, mode: Inputs['mode']): ReadonlySet<string> {
  const isUnused = ({ isOnlyForAuto }: InputDefinition) =>
    isOnlyForAuto && action === 'case' && mode !== 'auto';
  return new Set(INPUT_NAMES.filter((name) => isUnused(INPUTS[name])));
}

function describeUnused(raw: RawInputs, unused: ReadonlySet<string>, action: ActionName): InputIssue[] {
  const defaults = getInputDefaults(action);
  const given = INPUT_NAMES.filter((name) => unused.has(name) && raw[name] !== defaults[name]);
  return given.map((input) => ({ input, text: 'is used only with mode: auto, and is ignored.' }));
}

function toWarning({ issue: { input, text }, consequence }: InputProblem): InputIssue {
  return { input, text: `${text} ${consequence}` };
}

/**
 * The title, or its default if nobody could see the title. The watch action needs none. A default is made of other
 * people's text, such as the name of a branch, so it is made one line like any title.
 */
function chooseTitle(
  raw: RawInputs,
  { title, mode }: ParsedValues,
  options: Required<Pick<ParseOptions, 'action' | 'defaultTitle'>>,
): { value: string; problems: InputProblem[] } {
  const { action } = options;
  const { value: defaultTitle } = parseLine(options.defaultTitle);
  if (title || !defaultTitle) return { value: title, problems: [] };
  if (!raw.title) return { value: action === 'case' && mode === 'open' ? '' : defaultTitle, problems: [] };
  const problem: InputProblem = {
    issue: { input: 'title', text: 'contains only invisible characters.' },
    definition: INPUTS.title,
    consequence: `The default is used: ${quoteShort(defaultTitle)}.`,
  };
  return { value: defaultTitle, problems: [problem] };
}

/** Without a key, there is no case to reopen: an expression in `dedup_key` may have been empty. */
function findUselessReopening(
  { dedup_key: dedupKey }: RawInputs,
  { mode, reopenWithinMs }: ParsedValues,
): InputProblem[] {
  if (mode !== 'open' || !reopenWithinMs || !dedupKey.isEmpty) return [];
  const text = 'needs a dedup_key, which finds the case to reopen. The dedup_key is missing or empty.';
  return [
    {
      issue: { input: 'reopen_within', text },
      definition: INPUTS.reopen_within,
      consequence: 'The input is ignored.',
    },
  ];
}

/** Rules that involve several inputs. */
function findCombinationIssues(
  { dedup_key: dedupKey }: RawInputs,
  { mode, title }: ParsedValues,
): InputIssue[] {
  if (mode === 'close' && dedupKey.isEmpty)
    return [
      {
        input: 'dedup_key',
        text: 'is required with mode: close. Use the dedup_key that the case was opened with.',
      },
    ];
  if (mode === 'open' && !title)
    return [{ input: 'title', text: 'is required. Say in a few words what happened.' }];
  return [];
}
