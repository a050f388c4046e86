// Whether all checks of a commit passed, from GitHub's list of the commit's workflow runs.

/** A workflow run, as far as it is read here. https://docs.github.com/rest/actions/workflow-runs */
interface WorkflowRun {
  readonly id: number;
  /** The workflow's file, such as `.github/workflows/ci.yml`; `dynamic/…` for those of GitHub itself. */
  readonly path: string;
  readonly head_sha: string;
  /** Why it ran, such as `push`. */
  readonly event: string;
  readonly status: string;
  readonly conclusion: string | null;
}

const FOLDER = '.github/workflows/';
const REQUIRED = [`${FOLDER}ci.yml`, `${FOLDER}codeql.yml`];
/** Its own earlier attempts may have failed. */
const RELEASE = `${FOLDER}release.yml`;
const PASSED = new Set(['success', 'skipped', 'neutral']);

/**
 * Which checks of the commit are missing, running or failed; empty if all passed. The newest run of a workflow counts.
 * Takes the pages that `gh api --paginate --slurp` prints.
 */
export function findRunProblems(pages: string, commit: string): string[] {
  const runs = (JSON.parse(pages) as readonly { workflow_runs: readonly WorkflowRun[] }[])
    .flatMap((page) => page.workflow_runs)
    // GitHub's reference shows paths with a ref behind them.
    .map((run) => ({ ...run, path: run.path.replace(/@.*$/, '') }))
    .filter(({ path, head_sha }) => head_sha === commit && path.startsWith(FOLDER) && path !== RELEASE)
    // A pull request's run tests its merge, not the commit.
    .filter(({ event }) => event !== 'pull_request');
  const newest = new Map<string, WorkflowRun>();
  for (const run of runs) if (run.id > (newest.get(run.path)?.id ?? 0)) newest.set(run.path, run);
  return [
    ...REQUIRED.filter((path) => !newest.has(path)).map((path) => `${path} has not run for ${commit}.`),
    ...[...newest.values()].flatMap((run) => describeProblem(run)),
  ];
}

function describeProblem({ path, status, conclusion }: WorkflowRun): string[] {
  if (status !== 'completed') return [`${path} has not ended (${status}).`];
  const hasPassed = REQUIRED.includes(path) ? conclusion === 'success' : PASSED.has(conclusion ?? '');
  return hasPassed ? [] : [`${path} ended with ${conclusion}.`];
}
