import { link } from '../../base/markdown.ts';
import { renderRunLink } from '../../content/description.ts';
import type { Case } from '../../datadog/case.ts';
import type { RunContext } from '../../github/run-context.ts';
import type { CaseState } from '../case-state.ts';
import type { Item } from '../read/report.ts';
import { countMembers } from './words.ts';

/** The timeline comment for an open case whose members or severity changed: `12 → 14 findings`. */
export function changeComment(run: RunContext, before: CaseState, { kind, members, severity }: Item): string {
  const count = members.size;
  const noun = countMembers(kind, count);
  const changes = [
    before.memberCount === count
      ? before.severity === severity && `${noun}, not the same ones as before`
      : `${before.memberCount} → ${noun}`,
    before.severity !== severity && `severity ${before.severity} → ${severity}`,
  ].filter((text) => text);
  return `**${changes.join(', ')}**${inRun(run)}.`;
}

/** The timeline comment for a case that was closed and is open again. */
export function reopenComment(run: RunContext, { kind, members }: Item): string {
  return `**Reopened**: ${countMembers(kind, members.size)} again${inRun(run)}.`;
}

/** The timeline comment for a case that was closed. */
export function closeComment(run: RunContext, because: 'absent' | 'passed'): string {
  const reason = because === 'passed' ? 'the test passed' : 'no longer in the report';
  return `**Resolved**: ${reason}${inRun(run)}. Closed by the workflow.`;
}

/** The timeline comment for a case that this action doesn't close any more. */
export function leaveComment(run: RunContext): string {
  return `No longer in the report${inRun(run)}. This case was reopened twice, so the workflow doesn't close it any more: please close it if it is resolved.`;
}

/** The timeline comment for a case that was closed because `original` is about the same item. */
export function duplicateItemComment(original: Case): string {
  return `Duplicate of ${link(original.label, original.url)}, which is about the same item of the report.`;
}

/** The timeline comment for a new case whose item had another case long ago. */
export function predecessorComment({ label, url }: Case): string {
  return `There was an earlier case for this: ${link(label, url)}.`;
}

function inRun(run: RunContext): string {
  const text = renderRunLink(run);
  return text && ` in ${text}`;
}
