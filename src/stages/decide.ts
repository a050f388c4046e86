import type { NothingToDo } from '../cases/result.ts';
import { decideByResults } from '../inputs/result.ts';

/** What the step does about a result. */
export type Decision =
  | { readonly operation: 'open'; readonly isCancelled: boolean }
  | { readonly operation: 'close' }
  | { readonly operation: 'none'; readonly reason: NothingToDo };

/** What decides besides the results. */
export interface DecisionRules {
  readonly onCancelled: 'ignore' | 'open';
  /** Whether a success closes the case (`close`, an input of the watch action only). */
  readonly shouldClose: boolean;
  /** Whether every input that decides about closing was understood. */
  readonly canClose: boolean;
}

/** Decides by how something ended: the one rule of the watch action and the mode `auto`. */
export function decideOperation(results: readonly string[], rules: DecisionRules): Decision {
  const none = (reason: NothingToDo): Decision => ({ operation: 'none', reason });
  const decision = decideByResults(results, rules.onCancelled);
  switch (decision.operation) {
    case 'open':
      return decision;
    case 'close':
      if (!rules.canClose) return none({ kind: 'close-invalid' });
      return rules.shouldClose ? decision : none({ kind: 'close-disabled' });
    case 'none':
      if (decision.cause === 'cancelled') return none({ kind: 'cancelled-ignored' });
      return none(
        decision.cause === 'undecided' ? { kind: 'undecided', results } : { kind: 'unknown-result', results },
      );
    default:
      return decision satisfies never;
  }
}
