import { textLink } from '../base/markdown.ts';
import { quoteShort } from '../base/truncate.ts';
import type { NothingToDo } from '../cases/result.ts';
import type { Case } from '../datadog/case.ts';
import { eventOf } from '../github/trigger.ts';
import { DRY_RUN_LIMITS, describeFindings, type Rendering, type RenderOptions } from './rendering.ts';

/** Renders why there was nothing to do. If that is normal, only the log says so. */
export function renderNothing(reason: NothingToDo, options: RenderOptions): Rendering {
  switch (reason.kind) {
    case 'none-open':
      return renderNoneOpen(reason, options);
    case 'none-open-for-job':
      return renderLine('Nothing to close: the result is a success, and no case is open for it.');
    case 'newer-run':
    case 'same-attempt':
    case 'other-trigger':
    case 'step-running':
    case 'step-failed':
    case 'job-failed':
    case 'several-references':
    case 'unchecked':
      return renderOpenCase(reason.case, explainOpen(reason));
    case 'reported-at-start':
      return renderLine(
        `No case was ${reason.operation === 'open' ? 'opened' : 'closed'}: the inputs are not valid, as the start of this job says.`,
      );
    case 'close-disabled':
      return renderLine('The job succeeded. No case was closed (close: false).');
    case 'close-invalid':
      return renderLine('The job succeeded. No case was closed, because the input close is not valid.');
    case 'cancelled-ignored':
      return reason.failedStep
        ? renderWarning(
            `The job was cancelled after its step ${quoteShort(reason.failedStep)} had failed. No case was opened or closed (on_cancelled: ignore).`,
          )
        : renderLine(
            'The result is cancelled, for example by a person or a time limit. No case was opened or closed (on_cancelled: ignore).',
          );
    case 'undecided':
      return reason.failedJob
        ? renderWarning(
            `Nothing to report: the result is ${quoteResults(reason.results)}, maybe because the job ${quoteShort(reason.failedJob)} of this attempt failed. To report that, too, add the job to \`needs\` and its result to \`result\`.`,
          )
        : renderLine(`Nothing to report: the result is ${quoteResults(reason.results)}.`);
    case 'unknown-result':
      return renderUnknown(reason.results);
    case 'not-ended':
      // Only GitHub knows the branch of a check in a fork.
      return renderLine(
        `Nothing to report: this ${reason.event} event doesn't say how something ended${reason.event.startsWith('check_') ? ', or on which branch' : ''}.`,
      );
    case 'event-unknown':
      return renderWarning(
        `Nothing was reported: the payload of this ${reason.event} event can't be read (GITHUB_EVENT_PATH), so it isn't known how what it is about ended.`,
      );
    case 'in-composite-action':
      return renderLine(
        'No case was closed: inside a composite action, it is not known whether the job has failed outside of it. Pass the result of the job as an input of the composite action, and set result to it.',
      );
    default:
      return reason satisfies never;
  }
}

interface OpenReason {
  /** Follows a colon. */
  readonly why: string;
  /** A sentence of its own in Markdown, if it isn't the same. */
  readonly markdown?: string;
}

function explainOpen(reason: Extract<NothingToDo, { readonly case: Case }>): OpenReason {
  switch (reason.kind) {
    case 'newer-run': {
      const { failedRunId, failedRunUrl, runId } = reason;
      if (failedRunId === runId)
        return {
          why: `a newer attempt of this run (${runId}) failed. ${failedRunUrl}`,
          markdown: `A newer attempt of ${textLink(`this run (${runId})`, failedRunUrl)} failed.`,
        };
      const newer = `failed, which is newer than this run (${runId}).`;
      return {
        why: `run ${failedRunId} ${newer} ${failedRunUrl}`,
        markdown: `${textLink(`Run ${failedRunId}`, failedRunUrl)} ${newer}`,
      };
    }
    case 'same-attempt':
      return {
        why: 'another job of this attempt reported a failure to it. The next attempt or run may close it.',
      };
    case 'other-trigger':
      return explainTrigger(reason);
    case 'step-running':
      return {
        why: `the step ${quoteShort(reason.name)} of this job still runs in the background and may fail. Put \`wait-all\` before this step.`,
      };
    case 'step-failed':
      return {
        why: `the step ${quoteShort(reason.name)} of this job failed in the background. Put \`wait-all\` before this step, so that it knows of it.`,
      };
    case 'job-failed':
      return {
        why: `something was skipped, and the job ${quoteShort(reason.name)} of this attempt failed.`,
      };
    case 'several-references':
      return {
        why: 'its description holds the references of several cases, so it may be about something else. Check it and close it manually.',
      };
    case 'unchecked':
      return { why: 'it could not be fetched. The next run may close it.' };
    default:
      return reason satisfies never;
  }
}

/** What may differ between two runs of the same event. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  workflow_dispatch: 'with other inputs',
  repository_dispatch: 'of another type',
  schedule: 'by another schedule',
  workflow_run: 'after a run that was started differently',
};

function explainTrigger({ failed, own }: Extract<NothingToDo, { kind: 'other-trigger' }>): OpenReason {
  const [failedEvent, ownEvent] = [eventOf(failed), eventOf(own)];
  const isSame = failedEvent === ownEvent;
  const difference = isSame ? `, ${DIFFERENCES[ownEvent] ?? 'for another pull request'}` : '';
  const start = `the run that failed was started by \`${failedEvent}\`, and this one by \`${ownEvent}\`${difference}.`;
  return {
    why: `${start} A success of a run that is started like the first closes it. If there will be none, close it by hand. If both do the same, give the step a dedup_key.`,
  };
}

function renderUnknown(results: readonly string[]): Rendering {
  const finding = results.join('') ? `${quoteResults(results)} is unknown` : 'is empty';
  return renderWarning(`The result ${finding}. No case was opened or closed.`);
}

function quoteResults(results: readonly string[]): string {
  return results.map(quoteShort).join(', ');
}

function renderNoneOpen(
  { project, dedupKey }: Extract<NothingToDo, { kind: 'none-open' }>,
  options: RenderOptions,
): Rendering {
  const finding = `No case in project ${quoteShort(project)} is open for the dedup_key ${quoteShort(dedupKey)}`;
  if (!options.isDryRun) return renderLine(`${finding}: nothing to close.`);
  const text = `${describeFindings(options)}. ${finding}, so none would be closed. ${DRY_RUN_LIMITS}`;
  return { ...renderLine(text), message: { level: 'notice', text } };
}

function renderWarning(text: string): Rendering {
  return { ...renderLine(text), message: { level: 'warning', text } };
}

function renderLine(text: string): Rendering {
  return { outputs: {}, message: { level: 'log', text }, summary: '' };
}

/** Says why a case stays open. */
function renderOpenCase(
  { label, url }: Case,
  { why, markdown = why.charAt(0).toUpperCase() + why.slice(1) }: OpenReason,
): Rendering {
  return {
    outputs: {},
    message: { level: 'notice', text: `${label} stays open: ${why}` },
    summary: `### ${textLink(label, url)} stays open in Datadog\n\n${markdown}`,
  };
}
