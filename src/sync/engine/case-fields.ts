import { explain } from '../../content/explain.ts';
import { setPriority, setTitle } from '../../datadog/cases.ts';
import type { DatadogClient } from '../../datadog/client.ts';
import { isContentRejection } from '../../http/fate.ts';
import { hashTitle, type TrackedCase } from '../case-state.ts';
import type { Item } from '../read/report.ts';
import { renderTitle } from '../text/description.ts';
import type { SyncContext } from './context.ts';

// Fields of a case besides its description. They are changed before the description records it, so that a failure is
// made good by the next run.

/** Gives a case the priority of its item's severity, if that has changed: people may have chosen another priority. */
export async function updatePriority(
  { inputs }: SyncContext,
  client: DatadogClient,
  { case: { id, priority: current }, state }: TrackedCase,
  { severity }: Item,
): Promise<void> {
  const priority = inputs.priorities.get(severity) ?? 'NOT_DEFINED';
  if (severity !== state.severity && priority !== current) await setPriority(client, id, priority);
}

/**
 * Gives a case the title of its item, because tools write severities into it. A title that people wrote stays. Returns
 * how the title that this action has given it is recorded. A rejection is a warning.
 */
export async function updateTitle(
  { warn }: SyncContext,
  client: DatadogClient,
  { case: { id, label, title: current }, state }: TrackedCase,
  item: Item,
): Promise<string> {
  const title = renderTitle(item);
  if (title === current) return hashTitle(title);
  if (hashTitle(current) !== state.title) return state.title;
  try {
    await setTitle(client, id, title);
    return hashTitle(title);
  } catch (error) {
    if (!isContentRejection(error)) throw error;
    warn(`The title of ${label} could not be updated. ${explain(error).text}`);
    return state.title;
  }
}
