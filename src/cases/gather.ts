import { formatIssue, type InputIssue, toSentence } from '../base/errors.ts';
import { explain } from '../content/explain.ts';
import { explainUnknownStreak } from '../content/warnings.ts';
import type { DatadogClient } from '../datadog/client.ts';
import type { LookupResult } from '../datadog/entities.ts';
import { fetchProject } from '../datadog/projects.ts';
import { type ResolvedNames, resolveNames } from '../datadog/resolve-names.ts';
import { collectFailedJobs, type FailedJobsWithLogs, NO_FAILED_JOBS } from '../github/collect-failed-jobs.ts';
import type { RunContext } from '../github/run-context.ts';
import { countFailureStreak } from '../github/run-history.ts';
import { InterruptedError } from '../http/errors.ts';
import { FRESH_MS, timeFor } from '../http/time-plan.ts';
import type { WorkspaceFile } from '../inputs/description-file.ts';
import type { Inputs } from '../inputs/parse-inputs.ts';
import { fetchKeyedCases, type KeyedCases, NO_CASES, refreshOpenCases } from './keyed-cases.ts';
import type { ConnectToGitHub } from './pull-request.ts';
import type { CaseTools } from './tools.ts';

/** Everything that is asked before it is decided what to do about a failure. */
export interface Facts {
  readonly keyed: KeyedCases;
  readonly failedJobs: FailedJobsWithLogs;
  readonly file: DescriptionFile;
  /** The failures in a row, if that is fewer than `after_failures`. */
  readonly earlyFailureCount: number | undefined;
  /**
   * The IDs of what the inputs name; needed only to create a case. Rejects with InputError or LookupError: a case that
   * is open already gets its comment anyway.
   */
  readonly names: Promise<ResolvedNames>;
}

/** What asking needs besides Datadog. */
export interface Sources {
  readonly inputs: Inputs;
  readonly run: RunContext;
  /** `undefined` without a token or a repository. */
  readonly connectToGitHub: ConnectToGitHub | undefined;
  /** Reads a text file in the workspace within a time limit. Throws an Error whose message is a whole sentence. */
  readonly readWorkspaceFile: (path: string, timeoutMs: number) => Promise<WorkspaceFile>;
}

/**
 * Asks for everything at the same time, with a client that leaves time to create a case. Warns of what fails. Throws
 * InterruptedError.
 */
export async function gather(
  tools: CaseTools,
  lookUpClient: DatadogClient,
  sources: Sources,
): Promise<Facts> {
  const { inputs } = sources;
  const project = fetchProject(lookUpClient, inputs.project);
  const names = resolveNames(lookUpClient, project, inputs);
  names.catch(() => undefined); // The one who creates the case waits for it.
  const finding = fetchExisting(tools, lookUpClient, { inputs, project });
  const timing = finding.then(() => tools.clock.now());
  const [found, foundAtMs, file, failedJobs, earlyFailureCount] = await Promise.all([
    finding,
    timing,
    readDescriptionFile(tools, sources),
    fetchFailedJobs(tools, sources, finding),
    inputs.afterFailures > 1 ? countEarlyFailures(tools, sources, finding) : undefined,
  ]);
  const isFresh = tools.clock.now() - foundAtMs < FRESH_MS;
  const keyed = isFresh ? found : await refreshOpenCases(lookUpClient, found);
  return { keyed, file, failedJobs, earlyFailureCount, names };
}

/**
 * If the search fails, this warns and finds nothing: a duplicate is better than a lost case. Throws InterruptedError,
 * after which nothing is opened.
 */
async function fetchExisting(
  { warn }: CaseTools,
  client: DatadogClient,
  { inputs, project }: { readonly inputs: Inputs; readonly project: Promise<LookupResult> },
): Promise<KeyedCases> {
  const { dedupKey, isKeyDerived } = inputs;
  const found = !dedupKey.isEmpty ? await project.catch(() => undefined) : undefined; // `names` rejects with the same error.
  if (!found) return NO_CASES;
  try {
    return await fetchKeyedCases({ warn }, client, {
      projectId: found.id,
      dedupKey,
      isDerived: isKeyDerived,
    });
  } catch (error) {
    if (error instanceof Error && error.cause instanceof InterruptedError) throw error.cause;
    const doubt = { kind: 'maybe-duplicate', cases: [] } as const;
    warn(`${explain(error).text} A new case is opened; it may be a duplicate.`, doubt);
    return NO_CASES;
  }
}

/** Collects failed jobs and their logs, if the description or a comment is to have them. */
async function fetchFailedJobs(
  { datadog, warn }: CaseTools,
  { inputs, run, connectToGitHub }: Sources,
  finding: Promise<KeyedCases>,
): Promise<FailedJobsWithLogs> {
  const isOnlyForNewCase =
    !inputs.dedupKey.isEmpty && inputs.onExisting === 'ignore' && !inputs.hasPullRequestComment;
  if (isOnlyForNewCase && (await finding).open.length) return NO_FAILED_JOBS;
  const isNeeded = inputs.hasRunContext || inputs.logLines > 0;
  const client = isNeeded ? connectToGitHub?.(timeFor('failedJobs', datadog)) : undefined;
  return collectFailedJobs(client, run, inputs.logLines, warn);
}

/** What `description_file` holds. A file that can't be read is an omission. */
interface DescriptionFile {
  readonly text: string;
  readonly omissions: readonly InputIssue[];
}

async function readDescriptionFile(
  { datadog, warn }: CaseTools,
  { inputs: { descriptionFile: path, isDryRun }, readWorkspaceFile }: Sources,
): Promise<DescriptionFile> {
  if (!path) return { text: '', omissions: [] };
  try {
    const file = await readWorkspaceFile(path, timeFor('file', datadog));
    const issues = file.problems.map((text) => ({ input: 'description_file', text }));
    if (!isDryRun) for (const issue of issues) warn(formatIssue(issue));
    const text = datadog.redactor.redact(file.text).trim();
    return { text, omissions: isDryRun ? issues : [] };
  } catch (error) {
    return { text: '', omissions: [{ input: 'description_file', text: toSentence(error) }] };
  }
}

/**
 * How many consecutive failures there were, this one included, if that is fewer than `after_failures`. If the streak
 * isn't known, this warns: a case that is opened too early is better than a missed one.
 */
async function countEarlyFailures(
  { datadog, warn }: CaseTools,
  { inputs: { afterFailures, onCancelled }, run, connectToGitHub }: Sources,
  finding: Promise<KeyedCases>,
): Promise<number | undefined> {
  if ((await finding).open.length) return undefined; // It gets its comment, however short the streak is.
  const describeProblem = (reason: string) =>
    `after_failures: could not count earlier failures, so the case is opened now. ${reason}`;
  const client = connectToGitHub?.(timeFor('streak', datadog));
  if (!client) {
    warn(describeProblem('The step has no github_token or no repository.'));
    return undefined;
  }
  const options = { max: afterFailures, doesCancelledCount: onCancelled === 'open' };
  const streak = await countFailureStreak(client, run, options);
  if (streak.kind === 'counted') return streak.failureCount < afterFailures ? streak.failureCount : undefined;
  warn(describeProblem(explainUnknownStreak(streak)));
  return undefined;
}
