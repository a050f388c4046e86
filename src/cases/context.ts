import type { Case } from '../datadog/case.ts';
import type { DatadogClient } from '../datadog/client.ts';
import type { RunContext } from '../github/run-context.ts';
import type { ApiClient } from '../http/client.ts';
import type { WorkspaceFile } from '../inputs/description-file.ts';
import type { Inputs } from '../inputs/parse-inputs.ts';
import type { Outcome } from './result.ts';

/** What opening and closing a case share. */
export interface CaseContext {
  readonly inputs: Inputs;
  readonly datadog: DatadogClient;
  readonly run: RunContext;
  /** Creates a client for GitHub's API with a time budget; `undefined` without a token or a repository. */
  readonly connectToGitHub: ((budgetMs: number) => ApiClient) | undefined;
  /** Called as soon as the case is known, and again when it changes, so that the outputs survive a later failure. */
  readonly onCase: (datadogCase: Case, outcome: Outcome) => void;
  /** Called if the case that was named turns out to be gone. */
  readonly onCaseGone: () => void;
  readonly warn: (text: string) => void;
  /** Where to read more, given the path of a file of this action. */
  readonly docsLink: (path: string) => string;
}

/** What only opening a case needs. */
export interface OpenContext extends CaseContext {
  readonly randomUUID: () => string;
  /** Reads a text file in the workspace within a time limit. Throws an Error whose message is a whole sentence. */
  readonly readWorkspaceFile: (path: string, timeoutMs: number) => Promise<WorkspaceFile>;
}
