import { explain } from '../content/explain.ts';
import type { Case } from '../datadog/case.ts';
import { setAttributes } from '../datadog/cases.ts';
import { setDueDate } from '../datadog/due-date.ts';
import type { LookupResult } from '../datadog/entities.ts';
import { addWatcher } from '../datadog/watchers.ts';
import type { CaseContext } from './context.ts';

/**
 * Sets what a case can't be created with: attributes, due date and watchers, all in parallel. Never throws: every
 * failure is a warning that names the input.
 */
export async function applyFollowUps(
  context: CaseContext,
  created: Case,
  watchers: readonly LookupResult[],
): Promise<void> {
  await Promise.all([
    applyAttributes(context, created),
    applyDueDate(context, created),
    addWatchers(context, created, watchers),
  ]);
}

async function applyAttributes({ inputs, datadog, warn }: CaseContext, { id }: Case): Promise<void> {
  const { attributes } = inputs;
  if (!attributes.size) return;
  await setAttributes(datadog, id, attributes).catch((error: unknown) => {
    warn(`attributes: could not set ${[...attributes.keys()].join(', ')}. ${explain(error).text}`);
  });
}

async function applyDueDate({ inputs, datadog, warn }: CaseContext, { id }: Case): Promise<void> {
  const { dueDate } = inputs;
  if (!dueDate) return;
  await setDueDate(datadog, id, dueDate).catch((error: unknown) => {
    warn(`due_date: could not set ${dueDate}. ${explain(error).text}`);
  });
}

/** Adds the watchers. Those who fail for the same reason share a warning. */
async function addWatchers(
  { datadog, warn }: CaseContext,
  { id }: Case,
  watchers: readonly LookupResult[],
): Promise<void> {
  const labelsByReason = new Map<string, string[]>();
  const add = async ({ id: userId, label }: LookupResult) => {
    await addWatcher(datadog, id, userId).catch((error: unknown) => {
      // The path names the user, who is in the warning anyway.
      const reason = explain(error).text.replaceAll(userId, '{user}');
      labelsByReason.set(reason, [...(labelsByReason.get(reason) ?? []), label]);
    });
  };
  await Promise.all(watchers.map(add));
  for (const [reason, labels] of labelsByReason)
    warn(`watchers: could not add ${labels.join(', ')}. ${reason}`);
}
