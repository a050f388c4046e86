import type { RunContext } from './run-context.ts';

/** What tells a run from all others, and which one is newer. */
export interface RunIdentity {
  readonly id: number;
  readonly attempt: number;
  /** `owner/name`. */
  readonly repository: string;
  /** The host of the GitHub instance, unless that is github.com: each instance counts its own runs. */
  readonly server?: string;
  /** What started the run, if that matters to the cases of its key. */
  readonly trigger?: string;
}

/** The run as a list; empty if it isn't known. */
export function listRun(run: Parameters<typeof identifyRun>[0]): RunIdentity[] {
  const own = identifyRun(run);
  return own ? [own] : [];
}

/** Which run this is; `undefined` if it isn't known. */
export function identifyRun({
  run,
  repository,
  repositoryUrl,
  trigger,
}: Pick<RunContext, 'run' | 'repository' | 'repositoryUrl' | 'trigger'>): RunIdentity | undefined {
  const host = URL.parse(repositoryUrl)?.host ?? '';
  // Without a dot, it looks like any other word of a description.
  const server = host.includes('.') && host !== 'github.com' ? { server: host } : {};
  return run && { id: run.id, attempt: run.attempt, repository, ...server, ...(trigger && { trigger }) };
}

/**
 * Whether two runs are of the same repository, so that their IDs tell which one is newer. Letter case doesn't matter to
 * GitHub.
 */
export function areComparable(
  a: Pick<RunIdentity, 'repository' | 'server'>,
  b: Pick<RunIdentity, 'repository' | 'server'>,
): boolean {
  return a.repository.toLowerCase() === b.repository.toLowerCase() && a.server === b.server;
}

/** The newest run of each repository. The repositories keep their order. */
export function findNewestOfEach(runs: readonly RunIdentity[]): RunIdentity[] {
  const newest: RunIdentity[] = [];
  for (const run of runs) {
    const index = newest.findIndex((other) => areComparable(other, run));
    const other = newest[index];
    if (!other) newest.push(run);
    else if (compareRuns(run, other) > 0) newest[index] = run;
  }
  return newest;
}

/**
 * Which of two attempts is newer: positive if it is the first. Run IDs grow over time, and a re-run keeps its ID.
 * Source: https://docs.github.com/rest/actions/workflow-runs
 */
export function compareRuns(
  a: Pick<RunIdentity, 'id' | 'attempt'>,
  b: Pick<RunIdentity, 'id' | 'attempt'>,
): number {
  return a.id - b.id || a.attempt - b.attempt;
}
