import { matchesGlob } from 'node:path';
import type { RunContext } from '../github/run-context.ts';
import type { ShownOnly } from './result.ts';

/** What a run's branch means for its report. */
interface BranchDecision {
  /** Why nothing may be changed; `undefined` if it may. */
  readonly shownOnly: ShownOnly | undefined;
  /** Whose cases the report is compared with, as a part of the source; empty for those of the default branch. */
  readonly branch: string;
}

/**
 * Whether a run may change cases: on the default branch, or on those that `branches` names, which have cases of their own.
 * All others, pull requests and tags only show what would happen to the cases of the default branch. `defaultBranch` is
 * empty if it is unknown.
 */
export function decideBranch(
  { ref, refType, pullRequestNumber, eventName }: RunContext,
  branches: readonly string[],
  defaultBranch: string,
): BranchDecision {
  const branch = ref === defaultBranch ? '' : ref;
  const showOnly = (shownOnly: ShownOnly): BranchDecision => ({ shownOnly, branch: '' });
  if (pullRequestNumber !== undefined || /^(?:pull_request|merge_group)/.test(eventName))
    return showOnly({ kind: 'pull-request' });
  if (refType === 'tag') return showOnly({ kind: 'tag' });
  if (!defaultBranch) return showOnly({ kind: 'unknown-default-branch' });
  const isNamed =
    ref !== '' &&
    branches.some((pattern) =>
      pattern === 'default' ? branch === '' : pattern === ref || matchesGlob(ref, pattern),
    );
  return isNamed ? { shownOnly: undefined, branch } : showOnly({ kind: 'other-branch', branch: ref });
}
