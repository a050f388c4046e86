import * as cases from './datadog/cases.ts';
import { explain } from './explain.ts';
import { pageOf, type Step } from './step.ts';
import { link } from './text.ts';

/** Closes a case that has the same `dedup_key` as another one, and says so in its timeline. Never throws: what fails is a warning. */
export async function closeDuplicate(
  { asked, report, service }: Step,
  one: cases.Case,
  other: cases.Case,
): Promise<void> {
  const words = `Duplicate of ${link(other.name, pageOf(other, asked))}, which has the same dedup_key.`;
  const done = await Promise.allSettled([
    cases.comment(service, one.id, words),
    cases.close(service, one.id),
  ]);
  for (const end of done) {
    if (end.status === 'rejected')
      report.warning(
        `${one.name} duplicates ${other.name} and could not be closed as such: close it by hand. ${explain(end.reason).text}`,
      );
  }
}
