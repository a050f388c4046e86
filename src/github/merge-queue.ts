/** An entry of a merge queue. Each has a branch of its own, on which nothing else ever runs. */
export interface QueueEntry {
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
