import type { InputIssue } from '../../base/errors.ts';
import type { DatadogClient } from '../../datadog/client.ts';
import type { ResolvedNames } from '../../datadog/resolve-names.ts';
import type { RunContext } from '../../github/run-context.ts';
import type { SyncInputs } from '../../inputs/parse-sync-inputs.ts';

/** What all changes of a step work with. */
export interface SyncContext {
  readonly datadog: DatadogClient;
  readonly inputs: SyncInputs;
  readonly run: RunContext;
  readonly projectId: string;
  readonly log: (line: string) => void;
  /** Says what went wrong, once for each text. */
  readonly warn: (text: string) => void;
  /** The IDs of what the inputs name, looked up when the first case is opened. Rejects with InputError or LookupError. */
  readonly names: () => Promise<ResolvedNames>;
  readonly omissions: readonly InputIssue[];
  /** A random word that only this run has. */
  readonly runWord: string;
}
