import { docsLink } from '../base/docs-link.ts';
import type { Env } from '../base/env.ts';
import type { Redactor } from '../base/redactor.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import {
  type ActionName,
  getInputDefaults,
  INPUT_NAMES,
  INPUTS,
  type InputDefinition,
  type InputName,
  isInternalInput,
  keepsEmpty,
  listInputNames,
} from './schema.ts';

/** The trimmed text of every input, or its default if it is empty. */
export type RawInputs = Readonly<Record<InputName, string>>;

/** Inputs that must not be changed: secrets, a key that is only hashed, and where requests are sent. */
const UNREDACTED: ReadonlySet<InputName> = new Set([
  'api_key',
  'app_key',
  'access_token',
  'github_token',
  'dedup_key',
  'api_url',
  'site',
]);

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

/** Quotes a name in a warning, without secrets. */
type Quote = (name: string) => string;

/** Raw inputs, and how to warn about those that the action doesn't have. */
export interface ReadInputs<N extends string> {
  readonly values: Record<N, string>;
  readonly describeWarnings: (redactor: Redactor) => string[];
}

/** The inputs of the action, as `readInputTable` reads them. */
export function readRawInputs(env: Env, action: ActionName): ReadInputs<InputName> {
  return readInputTable(env, {
    names: listInputNames(action),
    defaults: getInputDefaults(action),
    keepsEmpty,
    describeUnknown: (name, quote) => describeUnknownInput(name, quote, { action, env }),
  });
}

/** The inputs of an action. */
interface InputTable<N extends string> {
  readonly names: readonly N[];
  readonly defaults: Readonly<Record<N, string>>;
  /** Whether an empty text is a value of the input, rather than missing. */
  readonly keepsEmpty: (name: N) => boolean;
  /** The warning about an input that the action doesn't have. */
  readonly describeUnknown: (name: string, quote: Quote) => string;
}

/**
 * Reads the inputs of an action from `INPUT_` variables. The runner passes unknown inputs too: a hyphen is accepted in
 * place of an underscore; the rest are likely typos. The warnings name all of these. Never throws.
 */
export function readInputTable<N extends string>(
  env: Env,
  { names, defaults, keepsEmpty, describeUnknown }: InputTable<N>,
): ReadInputs<N> {
  const isInputName = (name: string): name is N => (names as readonly string[]).includes(name);
  const values: Record<N, string> = { ...defaults };
  const warnings: ((quote: Quote) => string)[] = [];
  for (const name of names) {
    const text = env[`INPUT_${name.toUpperCase()}`]?.trim();
    values[name] = (keepsEmpty(name) ? text : text || undefined) ?? defaults[name];
  }
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('INPUT_') || value === undefined) continue;
    const name = variable.slice('INPUT_'.length).toLowerCase();
    if (isInputName(name)) continue;
    const canonicalName = name.replaceAll('-', '_');
    if (!isInputName(canonicalName)) {
      warnings.push((quote) => describeUnknown(name, quote));
      continue;
    }
    if (canonicalName === 'api_url') {
      warnings.push(
        (quote) =>
          `Input ${quote(name)} is ignored, because an earlier step could have set it. Write api_url.`,
      );
      continue;
    }
    // The runner fills in the default of the canonical name, so a default there does not count as given.
    if (values[canonicalName] === defaults[canonicalName]) {
      warnings.push(
        (quote) => `Input ${quote(name)} is read as ${canonicalName}. Use underscores in input names.`,
      );
      values[canonicalName] = value.trim() || values[canonicalName];
    } else warnings.push((quote) => `Input ${quote(name)} is ignored because ${canonicalName} is set too.`);
  }
  return {
    values,
    // Which secrets there are is known only once all inputs are read.
    describeWarnings: (redactor) =>
      warnings.map((describe) => describe((name) => quoteShort(redactor.redact(name)))),
  };
}

/** The inputs with every secret in them redacted, except in those that must not be changed. */
export function redactInputs(raw: RawInputs, redactor: Redactor): RawInputs {
  const redacted = { ...raw };
  for (const name of INPUT_NAMES) if (!UNREDACTED.has(name)) redacted[name] = redactor.redact(raw[name]);
  return redacted;
}

function describeUnknownInput(
  name: string,
  quote: Quote,
  { action, env }: { readonly action: ActionName; readonly env: Env },
): string {
  const canonicalName = name.replaceAll('-', '_');
  const owner = findOwner(canonicalName);
  if (owner)
    return `${quote(name)} is an input of ${describeAction(owner, env)} only and is ignored here. More: ${docsLink(env, 'docs/watch.md')}`;
  const candidates = listInputNames(action).filter((candidate) => !isInternalInput(candidate));
  const plainName = canonicalName.replace(/^(?:dd|datadog)_/, '').replace(/^application_/, 'app_');
  const suggestion =
    INPUT_ALIASES.get(canonicalName) ??
    candidates.find((candidate) => candidate === plainName) ??
    suggest(plainName, candidates);
  return `${quote(name)} is not an input of this action and is ignored.${didYouMean(suggestion)}`;
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
