import { InputError } from '../base/errors.ts';
import { toCreateBody } from '../datadog/create-body.ts';
import { verifyNames } from '../datadog/verify-names.ts';
import type { OpenContext } from './context.ts';
import { buildDraft, initialReduction, type OpenPlan, summarizePlan } from './draft.ts';
import type { KeyedCases } from './find-existing.ts';
import { findRecentlyClosed } from './reopen.ts';
import type { Result } from './result.ts';
import { countEarlyFailures } from './streak.ts';

/**
 * The end of a dry run: checks everything that a real run would send unchecked, and says what that run would do.
 * Throws InputError with every issue, and LookupError.
 */
export async function planCase(
  context: OpenContext,
  plan: OpenPlan,
  keyed: KeyedCases | undefined,
): Promise<Result> {
  const { inputs } = context;
  const issues = [...plan.omissions, ...(await verifyNames(context.datadog, inputs, plan.names.type.id))];
  if (issues.length) throw new InputError(issues);
  await logDecision(context, keyed);
  return {
    outcome: 'planned',
    operation: 'open',
    facts: summarizePlan(context, plan, inputs.statusName),
    request: toCreateBody(buildDraft(context, plan, initialReduction(context, plan))),
    attributes: inputs.attributes,
  };
}

/** Logs what a real run would do instead of creating a case, in the order of `openCase`. */
async function logDecision(context: OpenContext, keyed: KeyedCases | undefined): Promise<void> {
  const { log } = context.datadog;
  const [existing] = keyed?.open ?? [];
  const recent = findRecentlyClosed(context, keyed?.closed ?? []);
  if (existing) return log(`${existing.label} is already open: a real run would not open another case.`);
  if (recent) return log(`${recent.label} was closed recently: a real run would reopen it.`);
  const failureCount = await countEarlyFailures(context);
  if (failureCount)
    log(
      `${failureCount} of ${context.inputs.afterFailures} consecutive failures (after_failures): a real run would not open a case yet.`,
    );
}
