import * as cases from './datadog/cases.ts';
import { find } from './datadog/find.ts';
import * as lookup from './datadog/lookup.ts';
import * as reference from './datadog/reference.ts';
import { closeDuplicate } from './duplicate.ts';
import { AnswerError, HttpError, LookupError, sentence } from './errors.ts';
import { explain } from './explain.ts';
import { resolved } from './github/context.ts';
import { tellPull } from './github/pull.ts';
import { within } from './http.ts';
import { pageOf, type Step } from './step.ts';

/**
 * Closes the open case of a `dedup_key`, if there is one, with a line in its timeline that links the run. Where a
 * search that failed or lagged has let several be opened, the others are closed as its duplicates.
 */
export async function close(step: Step): Promise<void> {
  const { asked, report, service, about } = step;
  const { id: projectId } = await lookup.project(service, asked.project);
  const word = reference.derive(projectId, asked.dedupKey);
  const [found, ...others] = await find(service, projectId, word).catch((cause: unknown) => {
    throw new LookupError('The open case of this dedup_key', 'cases_read', cause);
  });
  if (!found) {
    report.nothingToClose();
    return;
  }
  const url = pageOf(found, asked);
  if (asked.dryRun) {
    report.wouldClose(found, url);
    return;
  }
  report.found(found, url, 'failed');
  await cases.comment(within(service, 1 / 3), found.id, resolved(about)).catch((error: unknown) => {
    report.warning(`${found.name} got no comment that says why it is closed. ${explain(error).text}`);
  });
  const closed = await closeWith(step, found);
  report.found(closed, url, 'closed');
  await Promise.all([
    tellPull(step, closed, false),
    ...others.map((other) => closeDuplicate(step, other, closed)),
  ]);
  report.closed(closed, url);
}

/** Closes with the status that was asked for, or, where that is refused or does not close, as every case type can. */
async function closeWith({ asked, report, service }: Step, found: cases.Case): Promise<cases.Case> {
  if (!asked.statusName) return cases.close(service, found.id);
  try {
    return await cases.close(service, found.id, asked.statusName);
  } catch (error) {
    const wrong = error instanceof AnswerError || (error instanceof HttpError && error.refuses);
    if (!wrong) throw error;
    report.warning(
      `status_name: ${sentence(error)} It is left out, and the case closed with the type's own status.`,
    );
    return cases.close(service, found.id);
  }
}
