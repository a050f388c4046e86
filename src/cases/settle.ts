import { explain } from '../content/explain.ts';
import { duplicateComment } from '../content/timeline.ts';
import type { Case } from '../datadog/case.ts';
import { addComment, closeCase } from '../datadog/cases.ts';
import { type CaseReferences, findOlderDuplicate } from '../datadog/create-once.ts';
import type { CaseContext } from './context.ts';

/**
 * Resolves a race between concurrent steps: searches again, and if another step's case is older, closes this step's
 * as its duplicate and returns the older one. Never throws.
 */
export async function closeIfDuplicate(
  context: CaseContext,
  created: Case,
  references: CaseReferences,
): Promise<Case | undefined> {
  try {
    const original = await findOlderDuplicate(context.datadog, created, references);
    if (original) await closeDuplicate(context, { duplicate: created, original });
    return original;
  } catch (error) {
    context.warn(
      `Whether another step opened a case with this dedup_key at the same time could not be told. ${explain(error).text}`,
    );
    return undefined;
  }
}

/** Closes a case that has the same `dedup_key` as `original`, with a comment that says so. Never throws: it warns. */
export async function closeDuplicate(
  { datadog, warn }: CaseContext,
  { duplicate, original }: { readonly duplicate: Case; readonly original: Case },
): Promise<void> {
  const results = await Promise.allSettled([
    addComment(datadog, duplicate.id, duplicateComment(original)),
    closeCase(datadog, duplicate.id),
  ]);
  for (const result of results) {
    if (result.status === 'rejected')
      warn(
        `${duplicate.label} duplicates ${original.label} and could not be closed as such: close it by hand. ${explain(result.reason).text}`,
      );
  }
}
