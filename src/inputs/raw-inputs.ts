import { docsLink } from '../base/docs-link.ts';
import type { Env, GivenEnv, StepVariables } from '../base/env.ts';
import type { Redactor } from '../base/redactor.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import { Unredacted } from '../base/unredacted.ts';
import {
  type ActionName,
  getInputDefaults,
  INPUTS,
  type InputDefinition,
  type InputName,
  isInternalInput,
  keepsEmpty,
  listInputNames,
  type RawInputsOf,
} from './schema.ts';

/** The trimmed text of every input, or its default if it is empty. */
export type GivenInputs = Readonly<Record<InputName, Unredacted>>;

/** The same without secrets, except in those that are used as they were given. */
export type RawInputs = RawInputsOf<typeof INPUTS>;

/** What parsing inputs needs besides the inputs. */
export interface ParseContext extends StepVariables {
  readonly redactor: Redactor;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Names that people expect, but that are too different for a suggestion by similarity. */
const INPUT_ALIASES: ReadonlyMap<string, InputName> = new Map([
  ['tags', 'attributes'],
  ['labels', 'attributes'],
  ['name', 'title'],
  ['body', 'description'],
  ['message', 'description'],
  ['severity', 'priority'],
  ['case_type', 'type_id'],
]);

/** Inputs as they were given, and how to warn about those that the action doesn't have. */
export interface ReadInputs<N extends string> {
  readonly values: Record<N, Unredacted>;
  /** Which secrets there are is known only once all inputs are read. `env` is redacted. */
  readonly describeWarnings: (redactor: Redactor, env: Env) => string[];
}

/** The inputs of the action, as `readInputTable` reads them. */
export function readRawInputs(env: GivenEnv, action: ActionName): ReadInputs<InputName> {
  return readInputTable(env, {
    names: listInputNames(action),
    defaults: getInputDefaults(action),
    keepsEmpty,
    describeUnknown: (name, safeEnv) => describeUnknownInput(name, { action, env: safeEnv }),
  });
}

/** The inputs of an action. */
interface InputTable<N extends string> {
  readonly names: readonly N[];
  readonly defaults: Readonly<Record<N, string>>;
  /** Whether an empty text is a value of the input, rather than missing. */
  readonly keepsEmpty: (name: N) => boolean;
  /** The warning about an input that the action doesn't have. The name and the variables are redacted. */
  readonly describeUnknown: (name: string, env: Env) => string;
}

/**
 * Reads the inputs of an action from `INPUT_` variables. The runner passes unknown inputs too: a hyphen is accepted in
 * place of an underscore; the rest are likely typos. The warnings name all of these. Never throws.
 */
export function readInputTable<N extends string>(env: GivenEnv, table: InputTable<N>): ReadInputs<N> {
  const values = readKnownInputs(env, table);
  const warnings: InputWarning[] = [];
  for (const [variable, value] of Object.entries(env)) {
    const givenName = /^INPUT_(.*)$/s.exec(variable)?.[1]?.toLowerCase();
    if (givenName === undefined || !value || isInputOf(table, givenName)) continue;
    const name = new Unredacted(givenName);
    const describe = readOtherInput(givenName, { text: value.trim(), values, table });
    warnings.push({ name, describe });
  }
  return {
    values,
    describeWarnings: (redactor, safeEnv) =>
      warnings.map(({ name, describe }) => describe(redactor.redact(name), safeEnv)),
  };
}

interface InputWarning {
  readonly name: Unredacted;
  /** Both are redacted. */
  readonly describe: (name: string, env: Env) => string;
}

function isInputOf<N extends string>({ names }: InputTable<N>, name: string): name is N {
  return (names as readonly string[]).includes(name);
}

function readKnownInputs<N extends string>(
  env: GivenEnv,
  { names, defaults, keepsEmpty }: InputTable<N>,
): Record<N, Unredacted> {
  const entries = Object.entries<string>(defaults).map(([name, text]) => [name, new Unredacted(text)]);
  const values = Object.fromEntries(entries) as Record<N, Unredacted>;
  for (const name of names) {
    const text = env[`INPUT_${name.toUpperCase()}`]?.trim();
    if (text && (!text.isEmpty || keepsEmpty(name))) values[name] = text;
  }
  return values;
}

/** Reads an input that the action doesn't have under this name. Returns the warning about it. */
function readOtherInput<N extends string>(
  givenName: string,
  other: { readonly text: Unredacted; readonly values: Record<N, Unredacted>; readonly table: InputTable<N> },
): InputWarning['describe'] {
  const { text, values, table } = other;
  const canonicalName = givenName.replaceAll('-', '_');
  if (!isInputOf(table, canonicalName)) return table.describeUnknown;
  if (canonicalName === 'api_url')
    return (name) =>
      `Input ${quoteShort(name)} is ignored, because an earlier step could have set it. Write api_url.`;
  // The runner fills in the default of the canonical name, so a default there does not count as given.
  if (!values[canonicalName].equals(new Unredacted(table.defaults[canonicalName])))
    return (name) => `Input ${quoteShort(name)} is ignored because ${canonicalName} is set too.`;
  if (!text.isEmpty) values[canonicalName] = text;
  return (name) => `Input ${quoteShort(name)} is read as ${canonicalName}. Use underscores in input names.`;
}

/** The inputs of a table without secrets, except in those that are used as they were given. */
export function redactTable<T extends Readonly<Record<string, InputDefinition>>>(
  table: T,
  given: Readonly<Record<keyof T, Unredacted>>,
  redactor: Redactor,
): RawInputsOf<T> {
  const entries = Object.entries(table).map(([name, { unredacted }]) => [
    name,
    unredacted ? given[name] : redactor.redact(given[name] as Unredacted),
  ]);
  return Object.fromEntries(entries) as RawInputsOf<T>;
}

/** The inputs without secrets, except in those that are used as they were given. */
export function redactInputs(given: GivenInputs, redactor: Redactor): RawInputs {
  return redactTable(INPUTS, given, redactor);
}

function describeUnknownInput(
  name: string,
  { action, env }: { readonly action: ActionName; readonly env: Env },
): string {
  const canonicalName = name.replaceAll('-', '_');
  const owner = findOwner(canonicalName);
  if (owner)
    return `${quoteShort(name)} is an input of ${describeAction(owner, env)} only and is ignored here. More: ${docsLink(env, 'docs/watch.md')}`;
  const candidates = listInputNames(action).filter((candidate) => !isInternalInput(candidate));
  const plainName = canonicalName.replace(/^(?:dd|datadog)_/, '').replace(/^application_/, 'app_');
  const suggestion =
    INPUT_ALIASES.get(canonicalName) ??
    candidates.find((candidate) => candidate === plainName) ??
    suggest(plainName, candidates);
  return `${quoteShort(name)} is not an input of this action and is ignored.${didYouMean(suggestion)}`;
}

/** The only action that has the input. */
function findOwner(name: string): ActionName | undefined {
  const definition: InputDefinition | undefined = INPUTS[name as InputName];
  return definition?.onlyIn;
}

function describeAction(action: ActionName, { GITHUB_ACTION_REPOSITORY: repository }: Env): string {
  if (action === 'case') return 'the main action';
  return repository ? `${repository}/${action}` : `the action ${action}`;
}
