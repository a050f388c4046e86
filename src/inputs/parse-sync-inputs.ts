import { docsLink } from '../base/docs-link.ts';
import type { Env } from '../base/env.ts';
import { InputError, type InputIssue } from '../base/errors.ts';
import type { Redactor } from '../base/redactor.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import type { Credentials } from '../datadog/client.ts';
import { parseCredentials } from './credentials.ts';
import { parseRows } from './parse-single-inputs.ts';
import { type RawInputs, type ReadInputs, readInputTable, redactInputs } from './raw-inputs.ts';
import { getInputDefaults, INPUT_NAMES } from './schema.ts';
import { parseSiteUrls, type SiteLocation } from './site-urls.ts';
import {
  getSyncDefaults,
  type ParsedSyncValues,
  SYNC_INPUT_NAMES,
  SYNC_INPUTS,
  type SyncInputName,
} from './sync-schema.ts';

export type RawSyncInputs = Readonly<Record<SyncInputName, string>>;

/** All inputs of `sync`, validated. */
export interface SyncInputs extends ParsedSyncValues {
  readonly credentials: Credentials;
  readonly site: SiteLocation;
  readonly warnings: readonly InputIssue[];
  /** Those of the warnings that say what cases are opened without. */
  readonly omissions: readonly InputIssue[];
  /** The names of the inputs that decide about closing and were not understood. With any, nothing is closed. */
  readonly unclearNames: readonly string[];
}

/** Reads the inputs of `sync`, and warns about those that it doesn't have. Never throws. */
export function readSyncInputs(env: Env): ReadInputs<SyncInputName> {
  return readInputTable(env, {
    names: SYNC_INPUT_NAMES,
    defaults: getSyncDefaults(),
    keepsEmpty: () => false,
    describeUnknown: (name, quote) => {
      const canonicalName = name.replaceAll('-', '_');
      if ((INPUT_NAMES as readonly string[]).includes(canonicalName))
        return `${quote(name)} is an input of the main action only and is ignored here. More: ${docsLink(env, 'docs/sync.md')}`;
      return `${quote(name)} is not an input of this action and is ignored.${didYouMean(suggest(canonicalName, SYNC_INPUT_NAMES))}`;
    },
  });
}

/** The inputs with every secret in them redacted, except in those that must not be changed. */
export function redactSyncInputs(raw: RawSyncInputs, redactor: Redactor): RawSyncInputs {
  const own = SYNC_INPUT_NAMES.filter((name) => !(name in getInputDefaults('case')));
  const redacted = Object.fromEntries(own.map((name) => [name, redactor.redact(raw[name])]));
  return { ...raw, ...redactInputs(toMainInputs(raw), redactor), ...redacted, source: raw.source };
}

/**
 * Parses every input. What is wrong with an optional input is a warning. Throws an InputError with all issues at once if
 * an essential input is invalid, or any input in a dry run.
 */
export async function parseSyncInputs(raw: RawSyncInputs, env: Env, nowMs: number): Promise<SyncInputs> {
  const rows = await parseRows<SyncInputName>(SYNC_INPUTS, raw, { nowMs, defaults: getSyncDefaults() });
  // Complete, since ParsedSyncValues has exactly the properties and types of the table's rows.
  const values = rows.values as unknown as ParsedSyncValues;
  const credentials = parseCredentials(toMainInputs(raw), env);
  const site = parseSiteUrls(toMainInputs(raw), env);
  const essential = [...credentials.issues, ...site.issues];
  const isFatal = rows.problems.some(({ definition }) => definition.isEssential || values.isDryRun);
  if (essential.length || isFatal)
    throw new InputError([...rows.problems.map(({ issue }) => issue), ...essential]);
  return {
    ...values,
    credentials: credentials.value,
    site: site.value,
    warnings: [
      ...rows.warnings,
      ...credentials.warnings,
      ...rows.problems.map(({ issue: { input, text }, consequence }) => ({
        input,
        text: `${text} ${consequence}`,
      })),
    ],
    omissions: rows.problems.filter(({ definition }) => definition.isAboutCase).map(({ issue }) => issue),
    unclearNames: rows.problems
      .filter(({ definition }) => definition.decidesClosing)
      .map(({ issue }) => issue.input),
  };
}

/** The inputs that the main action has, too; its others have their defaults. */
function toMainInputs(raw: RawSyncInputs): RawInputs {
  const defaults = getInputDefaults('case');
  const shared = INPUT_NAMES.filter((name) => name in raw);
  return { ...defaults, ...Object.fromEntries(shared.map((name) => [name, raw[name as SyncInputName]])) };
}
