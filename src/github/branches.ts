import { asRecord, asString, isRecord, type JsonObject } from '../base/json.ts';

/** An entry of a merge queue. Each has a branch of its own, on which nothing else ever runs. */
interface QueueEntry {
  /** What the branches of all entries begin with, such as `gh-readonly-queue/main`. */
  readonly queue: string;
  readonly pullRequestNumber: number;
}

/**
 * Parses the branch of a merge queue's entry, `gh-readonly-queue/<base>/pr-<number>-<commit>`, where `<base>` may look
 * like a pull request too. `undefined` for any other branch.
 */
export function parseQueueBranch(branch: string): QueueEntry | undefined {
  const [, queue, number] = /^(gh-readonly-queue\/.+)\/pr-(\d{1,15})-[^/]*$/s.exec(branch) ?? [];
  return queue === undefined ? undefined : { queue, pullRequestNumber: Number(number) };
}

/**
 * The branch that a pull request or the run of another workflow is about, after `owner/name:` if it is in a fork; empty
 * for other events.
 */
export function readReportedBranch({
  pull_request: pullRequest,
  workflow_run: workflowRun,
  repository,
}: JsonObject): string {
  const { head, base } = asRecord(pullRequest);
  const { head_branch: branch, head_repository: headRepository } = asRecord(workflowRun);
  if (isRecord(head)) return qualifyBranch(head.ref, head.repo ?? { full_name: 'fork' }, asRecord(base).repo);
  const { queue } = parseQueueBranch(asString(branch)) ?? {};
  return qualifyBranch(queue ?? branch, headRepository, repository);
}

/** The branch, after the repository that it is in if that is a fork. */
function qualifyBranch(branch: unknown, headRepository: unknown, baseRepository: unknown): string {
  const [head, base] = [headRepository, baseRepository].map((side) => asString(asRecord(side).full_name));
  return branch && head && base && head !== base ? `${head}:${asString(branch)}` : asString(branch);
}

/** What the branches of the merge queue's entries begin with; empty for other events. */
export function readQueueBranch({ merge_group: mergeGroup }: JsonObject): string {
  const base = asString(asRecord(mergeGroup).base_ref).replace(/^refs\/heads\//, '');
  return base && `gh-readonly-queue/${base}`;
}
