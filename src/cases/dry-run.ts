import { formatIssue, InputError } from '../base/errors.ts';
import { verifyNames } from '../datadog/verify-names.ts';
import type { Inputs } from '../inputs/parse-inputs.ts';
import { type Form, renderBody, summarize } from './create/new-case.ts';
import type { OpenDecision } from './decide.ts';
import type { Facts } from './gather.ts';
import { decide, type FailureReport, planNewCase } from './plan.ts';
import type { PlannedAlternative, Result } from './result.ts';
import type { CaseTools } from './tools.ts';

/**
 * The end of a dry run: checks everything that a real run would send unchecked, and says what that run would do.
 * Throws InputError with every issue, and LookupError.
 */
export async function planCase(tools: CaseTools, facts: Facts, report: FailureReport): Promise<Result> {
  const { inputs } = report;
  const names = await facts.names;
  tools.log(`Project: ${names.project.label}. Case type: ${names.type.label}.`);
  const newCase = planNewCase(names, facts, report);
  const verified = await verifyNames(tools.datadog, inputs, names.type.id);
  const issues = [...newCase.omissions, ...verified.issues];
  if (issues.length) throw new InputError(issues);
  for (const warning of verified.warnings) tools.warn(formatIssue(warning));
  const form: Form = { isComplete: true, typeId: names.type.id, size: 0 };
  return {
    outcome: 'planned',
    operation: 'open',
    instead: toAlternative(decide(facts, report, tools), inputs),
    facts: summarize(newCase, inputs.statusName),
    request: renderBody(newCase, form),
    attributes: inputs.attributes,
  };
}

function toAlternative(
  decision: OpenDecision,
  { onExisting, afterFailures }: Pick<Inputs, 'onExisting' | 'afterFailures'>,
): PlannedAlternative | undefined {
  switch (decision.kind) {
    case 'comment':
      return { kind: onExisting === 'comment' ? 'comment' : 'keep', case: decision.case };
    case 'reopen':
      return { kind: 'reopen', case: decision.case };
    case 'wait':
      return {
        kind: 'wait',
        failureCount: decision.failureCount,
        afterFailures,
      };
    case 'create':
      return undefined;
    default:
      return decision satisfies never;
  }
}
