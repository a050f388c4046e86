import { formatIssue, InputError } from '../base/errors.ts';
import { toCreateBody } from '../datadog/create-body.ts';
import { verifyNames } from '../datadog/verify-names.ts';
import type { OpenContext } from './context.ts';
import { buildDraft, initialReduction, type OpenPlan, summarizePlan } from './draft.ts';
import type { KeyedCases } from './find-existing.ts';
import { findRecentlyClosed } from './reopen.ts';
import type { PlannedAlternative, Result } from './result.ts';
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
  const verified = await verifyNames(context.datadog, inputs, plan.names.type.id);
  const issues = [...plan.omissions, ...verified.issues];
  if (issues.length) throw new InputError(issues);
  for (const warning of verified.warnings) context.warn(formatIssue(warning));
  return {
    outcome: 'planned',
    operation: 'open',
    instead: await findAlternative(context, keyed),
    facts: summarizePlan(context, plan, inputs.statusName),
    request: toCreateBody(buildDraft(context, plan, initialReduction(context, plan))),
    attributes: inputs.attributes,
  };
}

/** What a real run would do instead of creating a case, in the order of `openCase`. */
async function findAlternative(
  context: OpenContext,
  keyed: KeyedCases | undefined,
): Promise<PlannedAlternative | undefined> {
  const { inputs } = context;
  const [existing] = keyed?.open ?? [];
  if (existing) return { kind: inputs.onExisting === 'comment' ? 'comment' : 'keep', case: existing };
  const recent = findRecentlyClosed(context, keyed?.closed ?? []);
  if (recent) return { kind: 'reopen', case: recent };
  const failureCount = inputs.afterFailures > 1 ? await countEarlyFailures(context) : undefined;
  if (!failureCount) return undefined;
  return { kind: 'wait', failureCount, afterFailures: inputs.afterFailures };
}
