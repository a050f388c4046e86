import { joinParagraphs } from '../content/description.ts';
import { sharedWords, uniqueWord } from '../datadog/reference.ts';
import type { ResolvedNames } from '../datadog/resolve-names.ts';
import { listRun } from '../github/run-order.ts';
import type { NewCase } from './create/new-case.ts';
import { decideOpen, type OpenDecision } from './decide.ts';
import type { Facts, Sources } from './gather.ts';
import type { CommentOnPullRequest } from './pull-request.ts';
import type { CaseTools } from './tools.ts';

/** A failure that is to open a case. */
export interface FailureReport extends Sources {
  readonly commentOnPullRequest: CommentOnPullRequest;
  readonly randomUUID: () => string;
  /** Where to read more, given the path of a file of this action. */
  readonly docsLink: (path: string) => string;
}

/** What a step with these facts does. */
export function decide(facts: Facts, { inputs }: FailureReport, { clock }: CaseTools): OpenDecision {
  return decideOpen(facts.keyed, {
    reopenWithinMs: inputs.reopenWithinMs,
    nowMs: clock.now(),
    earlyFailureCount: facts.earlyFailureCount,
  });
}

/** Everything about the case that a step would open. */
export function planNewCase(
  names: ResolvedNames,
  { file, failedJobs }: Facts,
  { inputs, run, randomUUID }: FailureReport,
): NewCase {
  const projectId = names.project.id;
  const unique = uniqueWord(randomUUID());
  const shared = inputs.dedupKey.isEmpty ? unique : sharedWords(projectId, inputs.dedupKey)[0];
  return {
    title: inputs.title,
    text: joinParagraphs(inputs.description, file.text),
    run,
    hasRunContext: inputs.hasRunContext,
    failedJobs,
    omissions: [...inputs.omissions, ...file.omissions, ...names.omissions],
    names,
    priority: inputs.priority,
    statusName: inputs.statusName,
    attributes: inputs.attributes,
    dueDate: inputs.dueDate,
    reference: { shared, unique, runs: listRun(run) },
    projectId,
  };
}
