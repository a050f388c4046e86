import { explain } from '../content/explain.ts';
import type { Case } from '../datadog/case.ts';
import { setAttributes } from '../datadog/cases.ts';
import { setDueDate } from '../datadog/due-date.ts';
import type { LookupResult } from '../datadog/entities.ts';
import { addWatcher } from '../datadog/watchers.ts';
import { HttpError } from '../http/errors.ts';
import type { CaseContext } from './context.ts';

/** Something to set once a case exists. */
interface FollowUp {
  readonly input: 'attributes' | 'due_date' | 'watchers';
  /** What is set, for a warning. */
  readonly value: string;
  readonly apply: () => Promise<void>;
}

/**
 * Sets what a case can't be created with: attributes, due date and watchers, all in parallel. Never throws: every
 * failure is a warning that names the inputs. Those that fail for the same reason share one.
 */
export async function applyFollowUps(
  context: CaseContext,
  created: Case,
  watchers: readonly LookupResult[],
): Promise<void> {
  const failed: { readonly followUp: FollowUp; readonly error: unknown }[] = [];
  await Promise.all(
    listFollowUps(context, created, watchers).map((followUp) =>
      followUp.apply().catch((error: unknown) => void failed.push({ followUp, error })),
    ),
  );
  for (const group of groupBy(failed, ({ error }) => describeReason(error))) {
    const list = groupBy(group, ({ followUp }) => followUp.input).map(
      (items) => `${items[0]?.followUp.input} (${items.map(({ followUp }) => followUp.value).join(', ')})`,
    );
    context.warn(`Could not set ${list.join(', ')}. ${explain(group[0]?.error).text}`);
  }
}

/** The items in groups with the same key. `Map.groupBy` needs Node 21, and act runs actions with Node 20. */
function groupBy<T>(items: readonly T[], getKey: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(getKey(item), [...(groups.get(getKey(item)) ?? []), item]);
  return [...groups.values()];
}

function listFollowUps(
  { inputs, datadog }: CaseContext,
  { id }: Case,
  watchers: readonly LookupResult[],
): FollowUp[] {
  const { attributes, dueDate } = inputs;
  const followUps: FollowUp[] = [];
  if (attributes.size)
    followUps.push({
      input: 'attributes',
      value: [...attributes.keys()].join(', '),
      apply: () => setAttributes(datadog, id, attributes),
    });
  if (dueDate)
    followUps.push({ input: 'due_date', value: dueDate, apply: () => setDueDate(datadog, id, dueDate) });
  for (const watcher of watchers)
    followUps.push({
      input: 'watchers',
      value: watcher.label,
      apply: () => addWatcher(datadog, id, watcher.id),
    });
  return followUps;
}

/** The same for errors that need the same fix, although their requests differ. */
function describeReason(error: unknown): string {
  if (!(error instanceof HttpError)) return explain(error).text;
  return `${error.status} ${error.details.map(({ text }) => text).join('; ')}`;
}
