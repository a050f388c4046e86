import type { InputIssue } from '../../base/errors.ts';
import type { DatadogClient } from '../../datadog/client.ts';
import type { ResolvedNames } from '../../datadog/resolve-names.ts';
import type { RunContext } from '../../github/run-context.ts';
import type { SyncInputs } from '../../inputs/parse-sync-inputs.ts';
import type { RateLimit } from './concurrency.ts';

/** What Datadog has taken so far. */
export interface CaseForm {
  /** Whether cases are created with everything, or only with what is essential, and the rest is set afterwards. */
  isComplete: boolean;
  /** Whether cases have the type Standard instead of their own. */
  isStandard: boolean;
  /** Whether descriptions are short. */
  isShort: boolean;
}

/** What all changes of a step work with. */
export interface SyncContext {
  readonly datadog: DatadogClient;
  /** The same for changes, which are made again after a long rate limit. */
  readonly changing: DatadogClient;
  readonly rateLimit: RateLimit;
  readonly inputs: SyncInputs;
  readonly run: RunContext;
  readonly projectId: string;
  readonly log: (line: string) => void;
  /** Says what went wrong, once for each text. */
  readonly warn: (text: string) => void;
  /** The IDs of what the inputs name, looked up when the first case is opened. Rejects with InputError or LookupError. */
  readonly names: () => Promise<ResolvedNames>;
  readonly omissions: readonly InputIssue[];
  /** How cases are written. Once Datadog rejects one, the others go the same way. */
  readonly form: CaseForm;
  /** A random word that only this run has. */
  readonly runWord: string;
}
