import { docsLink } from '../base/docs-link.ts';
import type { GivenEnv } from '../base/env.ts';
import { InputError, type InputIssue } from '../base/errors.ts';
import type { Redactor } from '../base/redactor.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import type { Unredacted } from '../base/unredacted.ts';
import type { Credentials } from '../datadog/client.ts';
import { parseCredentials } from './credentials.ts';
import { parseGitHubToken, parseRows } from './parse-single-inputs.ts';
import { type ParseContext, type ReadInputs, readInputTable, redactTable } from './raw-inputs.ts';
import { INPUT_NAMES, type RawInputsOf } from './schema.ts';
import { parseSiteUrls, type SiteLocation } from './site-urls.ts';
import {
  getSyncDefaults,
  type ParsedSyncValues,
  SYNC_INPUT_NAMES,
  SYNC_INPUTS,
  type SyncInputName,
} from './sync-schema.ts';

export type RawSyncInputs = RawInputsOf<typeof SYNC_INPUTS>;

/** All inputs of `sync`, validated. */
export interface SyncInputs extends ParsedSyncValues {
  readonly credentials: Credentials;
  readonly githubToken: Unredacted;
  readonly site: SiteLocation;
  readonly warnings: readonly InputIssue[];
  /** Those of the warnings that say what cases are opened without. */
  readonly omissions: readonly InputIssue[];
  /** The names of the inputs that decide about closing and were not understood. With any, nothing is closed. */
  readonly unclearNames: readonly string[];
}

/** Reads the inputs of `sync`, and warns about those that it doesn't have. Never throws. */
export function readSyncInputs(env: GivenEnv): ReadInputs<SyncInputName> {
  return readInputTable(env, {
    names: SYNC_INPUT_NAMES,
    defaults: getSyncDefaults(),
    keepsEmpty: () => false,
    describeUnknown: (name, safeEnv) => {
      const canonicalName = name.replaceAll('-', '_');
      if ((INPUT_NAMES as readonly string[]).includes(canonicalName))
        return `${quoteShort(name)} is an input of the main action only and is ignored here. More: ${docsLink(safeEnv, 'docs/sync.md')}`;
      return `${quoteShort(name)} is not an input of this action and is ignored.${didYouMean(suggest(canonicalName, SYNC_INPUT_NAMES))}`;
    },
  });
}

/** The inputs without secrets, except in those that are used as they were given. */
export function redactSyncInputs(
  given: Readonly<Record<SyncInputName, Unredacted>>,
  redactor: Redactor,
): RawSyncInputs {
  return redactTable(SYNC_INPUTS, given, redactor);
}

/**
 * Parses every input. What is wrong with an optional input is a warning. Throws an InputError with all issues at once if
 * an essential input is invalid, or any input in a dry run.
 */
export async function parseSyncInputs(raw: RawSyncInputs, context: ParseContext): Promise<SyncInputs> {
  const rows = await parseRows<SyncInputName>(SYNC_INPUTS, raw, {
    nowMs: context.nowMs,
    defaults: getSyncDefaults(),
  });
  // Complete, since ParsedSyncValues has exactly the properties and types of the table's rows.
  const values = rows.values as unknown as ParsedSyncValues;
  const credentials = parseCredentials(raw, context);
  const gitHubToken = parseGitHubToken(raw);
  const problems = [...rows.problems, ...gitHubToken.problems];
  const site = parseSiteUrls(raw, context);
  const essential = [...credentials.issues, ...site.issues];
  const isFatal = problems.some(({ definition }) => definition.isEssential || values.isDryRun);
  if (essential.length || isFatal)
    throw new InputError([...problems.map(({ issue }) => issue), ...essential]);
  return {
    ...values,
    credentials: credentials.value,
    githubToken: gitHubToken.value,
    site: site.value,
    warnings: [
      ...rows.warnings,
      ...credentials.warnings,
      ...problems.map(({ issue: { input, text }, consequence }) => ({
        input,
        text: `${text} ${consequence}`,
      })),
    ],
    omissions: problems.filter(({ definition }) => definition.isAboutCase).map(({ issue }) => issue),
    unclearNames: problems
      .filter(({ definition }) => definition.decidesClosing)
      .map(({ issue }) => issue.input),
  };
}
