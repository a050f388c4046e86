import type { Env } from '../base/env.ts';
import type { FailurePolicy } from '../inputs/parse-inputs.ts';
import type { ActionName } from '../inputs/schema.ts';

/** What a step shows and sets at its end. */
export interface Rendering {
  readonly outputs: Readonly<Record<string, string>>;
  /** Shown as an annotation, or only in the log. */
  readonly message: { readonly level: 'log' | 'notice' | 'warning' | 'error'; readonly text: string };
  /** Markdown for the step summary; empty for no summary. */
  readonly summary: string;
  /** More text for the log. */
  readonly log?: string;
}

/** What the rendering of a result depends on besides the result. */
export interface RenderOptions {
  readonly failOnError: FailurePolicy;
  /** A watched job is not failed by default. */
  readonly action: ActionName;
  /** Whether the step was only to find problems. */
  readonly isDryRun: boolean;
  /** Names the repository that links to the documentation lead to. */
  readonly env: Env;
  /** Removes secrets. Applied before anything is shortened. */
  readonly redact: (text: string) => string;
  /** How many warnings the step has written. */
  readonly warningCount: number;
}

/** What GitHub shows of an annotation. Source: https://docs.github.com/rest/checks/runs */
export const MAX_ANNOTATION_CHARS = 4096;

/** Says what a dry run has found, as the beginning of a sentence. */
export function describeFindings({ warningCount }: Pick<RenderOptions, 'warningCount'>): string {
  if (!warningCount) return 'Dry run: no error found';
  return `Dry run: no error found, ${warningCount} warning${warningCount > 1 ? 's' : ''}`;
}

/** What every dry run has in common, in the log and in Markdown. */
export const DRY_RUN_LIMITS =
  "Nothing was changed. A dry run can't check the permission to write cases (cases_write).";
export const DRY_RUN_LIMITS_MARKDOWN = DRY_RUN_LIMITS.replace('cases_write', '`cases_write`');
