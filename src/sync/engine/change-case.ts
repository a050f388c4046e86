import { explain } from '../../content/explain.ts';
import type { Case } from '../../datadog/case.ts';
import { addComment, closeCase, linkDuplicate, reopenCase, setDescription } from '../../datadog/cases.ts';
import type { DatadogClient } from '../../datadog/client.ts';
import { replaceReference } from '../../datadog/reference.ts';
import { fetchCurrentState } from '../../datadog/search.ts';
import { findNewestOfEach, listRun } from '../../github/run-order.ts';
import { isContentRejection } from '../../http/fate.ts';
import { within } from '../../http/time-plan.ts';
import {
  type CaseState,
  compareRuns,
  compareWithItem,
  describeItem,
  describeKnownItem,
  isWhole,
  mergeDuplicate,
  renderTail,
  type TrackedCase,
  trackCase,
} from '../case-state.ts';
import { type Action, isStillGone, MAX_REOPENINGS } from '../decide.ts';
import {
  changeComment,
  closeComment,
  duplicateItemComment,
  leaveComment,
  reopenComment,
} from '../text/comments.ts';
import { renderDescription, renderItem, START } from '../text/description.ts';
import { updatePriority, updateTitle } from './case-fields.ts';
import type { SyncContext } from './context.ts';

// Changes of one case. The description is the record: what it says is written only once it is true, or, for a close,
// just before. A run that ends in between is made good by the next one.

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** What people wrote leaves no room in a description. */
export class TooLongError extends Error {
  override name = 'TooLongError';
}

/** Whether a change was made. It is obsolete if the case isn't as the search showed it. */
export type Changed = 'done' | 'obsolete';

/** What came of a change so far. It is tried again after a rate limit, and what follows its status may fail. */
export interface Progress {
  hasNewStatus: boolean;
}

/** Writes the new members, severity and files into an open case. Throws HttpError, NetworkError, TimeoutError and UnexpectedResponseError, as all changes do. */
export async function changeItemCase(context: SyncContext, action: ActionOf<'change'>): Promise<Changed> {
  const { item } = action.subject;
  const client = within('syncChange', context.changing);
  const current = await refresh(client, context, action.tracked);
  if (!current?.case.isOpen) return 'obsolete';
  const { hasChanged, hasMoved } = compareWithItem(current.state, action.subject);
  if (!hasChanged && !hasMoved && !current.state.closedAs) return 'obsolete';
  await updatePriority(context, client, current, item);
  const title = await updateTitle(context, client, current, item);
  const reopened = current.state.closedAs === 'gone' ? 1 : 0;
  await writeItem(context, client, current, { action, title, reopened });
  if (hasChanged)
    await comment(context, client, current.case, changeComment(context.run, current.state, item));
  return 'done';
}

/** Opens a closed case again. */
export async function reopenItemCase(
  context: SyncContext,
  action: ActionOf<'reopen'>,
  progress: Progress,
): Promise<Changed> {
  const { item } = action.subject;
  const client = within('syncChange', context.changing);
  const current = await refresh(client, context, action.tracked);
  if (!current || current.case.isArchived || (current.case.isOpen && !progress.hasNewStatus))
    return 'obsolete';
  if (!current.case.isOpen) await reopenCase(client, current.case);
  progress.hasNewStatus = true;
  await updatePriority(context, client, current, item);
  const title = await updateTitle(context, client, current, item);
  await writeItem(context, client, current, { action, title, reopened: 1 });
  await comment(context, client, current.case, reopenComment(context.run, item));
  return 'done';
}

/** Closes a case, after its last line says that this action did. */
export async function closeItemCase(
  context: SyncContext,
  action: ActionOf<'close'>,
  progress: Progress,
): Promise<Changed> {
  const client = within('syncChange', context.changing);
  const current = await refresh(client, context, action.tracked);
  if (!current || (!current.case.isOpen && !progress.hasNewStatus)) return 'obsolete';
  // Another run may have reopened it a second time since this was decided: the next run leaves it to people.
  if (current.case.isOpen && current.state.reopenCount >= MAX_REOPENINGS) return 'obsolete';
  if (current.case.isOpen && !isStillGone(current, action)) return 'obsolete';
  await closeAs(context, client, current, { closedAs: 'gone', progress });
  await comment(context, client, current.case, closeComment(context.run, action.because));
  return 'done';
}

/** Closes a case whose item has an older open case. That one must certainly be open. */
export async function closeDuplicateCase(
  context: SyncContext,
  { tracked, original, report }: ActionOf<'duplicate'>,
  progress: Progress,
): Promise<Changed> {
  const client = within('syncChange', context.changing);
  const [current, other] = await Promise.all([
    refresh(client, context, tracked),
    refresh(client, { run: { run: undefined } }, original),
  ]);
  if (!current || !other) return 'obsolete';
  if (!progress.hasNewStatus && !(current.case.isOpen && other.case.isOpen)) return 'obsolete';
  const { tests, counts, files, fileCount } = other.state;
  const merged = mergeDuplicate(other.state, current.state, report);
  if (JSON.stringify(merged) !== JSON.stringify({ tests, counts, files, fileCount }))
    await writeState(context, client, other, merged);
  await closeAs(context, client, current, { closedAs: 'duplicate', progress });
  await comment(context, client, current.case, duplicateItemComment(other.case));
  const ids = { duplicateId: current.case.id, originalId: other.case.id };
  await linkDuplicate(client, ids).catch((error: unknown) =>
    context.log(`Could not link ${current.case.label} to ${other.case.label}. ${explain(error).text}`),
  );
  return 'done';
}

/** Removes the mark of a close from an open case. If its item is present, that completes what opened it again. */
export async function unmarkCase(
  context: SyncContext,
  { tracked, isPresent }: ActionOf<'unmark'>,
): Promise<Changed> {
  const client = within('syncChange', context.changing);
  const current = await refresh(client, context, tracked);
  if (!current?.case.isOpen || !current.state.closedAs) return 'obsolete';
  const reopened = isPresent && current.state.closedAs === 'gone' ? 1 : 0;
  const reopenCount = current.state.reopenCount + reopened;
  const written = await writeState(context, client, current, { closedAs: undefined, reopenCount });
  await keepMark(context, client, written);
  return 'done';
}

/** Says that a case comes and goes, and isn't closed any more. */
export async function leaveCase(context: SyncContext, { tracked }: ActionOf<'leave'>): Promise<Changed> {
  const client = within('syncChange', context.changing);
  const current = await refresh(client, context, tracked);
  if (!current?.case.isOpen || current.state.isLeftToPeople) return 'obsolete';
  const written = await writeState(context, client, current, { isLeftToPeople: true, closedAs: undefined });
  await keepMark(context, client, written);
  await comment(context, client, current.case, leaveComment(context.run));
  return 'done';
}

/** The case as it is now; `undefined` if it is gone, unclear, or of a newer run than this. Throws if it can't be fetched. */
async function refresh(
  client: DatadogClient,
  { run: { run } }: { readonly run: Pick<SyncContext['run'], 'run'> },
  { case: found }: TrackedCase,
): Promise<TrackedCase | undefined> {
  const current = await fetchCurrentState(client, found);
  if (current.state === 'unknown') throw current.error;
  const tracked = current.state === 'gone' ? undefined : trackCase(current.case);
  if (!tracked || tracked.reference.isAmbiguous) return undefined;
  const isNewer = run && tracked.state.run && compareRuns(tracked.state.run, run) > 0;
  return isNewer ? undefined : tracked;
}

/** Writes a short description if Datadog rejects the long one, or cuts it off. */
async function writeItem(
  context: SyncContext,
  client: DatadogClient,
  tracked: TrackedCase,
  change: ItemChange,
): Promise<void> {
  const { form } = context;
  const render = () => describeChange(context, tracked, change);
  const renderShort = () => {
    form.isShort = true;
    return render();
  };
  const texts = form.isShort ? [render] : [render, renderShort];
  await keepMark(context, client, await writeDescription(client, tracked.case, texts));
}

/**
 * Writes the first of these descriptions that Datadog takes, with the whole last line. Returns the case as it is then. If
 * all are cut off, what people wrote is too long for anything more: this writes the old one again, and throws.
 */
async function writeDescription(
  client: DatadogClient,
  old: Case,
  texts: readonly (() => string)[],
): Promise<Case> {
  let rejection: unknown;
  for (const render of texts) {
    const sent = render();
    try {
      const written = await setDescription(client, old.id, sent);
      // A response without the description says nothing about it.
      if (isWhole(sent, written)) return written ?? old;
    } catch (error) {
      if (!isContentRejection(error)) throw error;
      rejection = error;
    }
  }
  if (rejection) throw rejection;
  await setDescription(client, old.id, old.description);
  throw new TooLongError('Datadog cuts off its description: it is too long.');
}

interface ItemChange {
  readonly action: ActionOf<'change' | 'reopen'>;
  /** How the title that this action has given the case is recorded. */
  readonly title: string;
  /** How often the case was opened again by this change. */
  readonly reopened: number;
}

function describeChange(
  { run, inputs, form }: SyncContext,
  { case: { description }, reference, state }: TrackedCase,
  { action, title, reopened }: ItemChange,
): string {
  const { tool, item } = action.subject;
  const { hasRunContext } = inputs;
  const text = renderItem({ tool, item, run, hasRunContext, omissions: [], isShort: form.isShort });
  const toReference = (textHash: string) => {
    const reopenCount = state.reopenCount + reopened;
    const isOpen = action.kind === 'change';
    const known = isOpen ? describeKnownItem(state, action.subject) : describeItem(item);
    const now = { ...known, title, text: textHash, run: run.run ?? state.run, reopenCount };
    const tail = renderTail({ ...state, ...now, closedAs: undefined });
    return { ...reference, runs: findNewestOfEach([...listRun(run), ...reference.runs]), tail };
  };
  return renderDescription(text, toReference, { description, textHash: state.text });
}

/**
 * Marks a case as closed by this action, and closes it. Without the mark, it would look as if a person had closed it, so
 * the mark is written again if another run has written the description meanwhile.
 */
async function closeAs(
  context: SyncContext,
  client: DatadogClient,
  current: TrackedCase,
  {
    closedAs,
    progress,
  }: { readonly closedAs: NonNullable<CaseState['closedAs']>; readonly progress: Progress },
): Promise<void> {
  if (current.state.closedAs !== closedAs) await writeState(context, client, current, { closedAs });
  const closed = trackCase(current.case.isOpen ? await closeCase(client, current.case) : current.case);
  progress.hasNewStatus = true;
  if (closed && !closed.state.closedAs) await writeState(context, client, closed, { closedAs });
}

/** Marks a case that another run closed after this one had read it, and whose mark was overwritten by that. */
async function keepMark(context: SyncContext, client: DatadogClient, written: Case): Promise<void> {
  if (written.isOpen || written.isArchived) return;
  const tracked = trackCase(written);
  if (tracked && !tracked.state.closedAs) await writeState(context, client, tracked, { closedAs: 'gone' });
}

/** Changes only the last line, unless there is no room for it. Returns the case as it is then. */
async function writeState(
  { run: { run } }: SyncContext,
  client: DatadogClient,
  { case: old, reference, state }: TrackedCase,
  change: { -readonly [Key in keyof CaseState]?: CaseState[Key] | undefined },
): Promise<Case> {
  const isNewer = run && (!state.run || compareRuns(run, state.run) > 0);
  const now = { ...state, run: isNewer ? run : state.run, ...change } as CaseState;
  const toReference = (text: string) => ({ ...reference, tail: renderTail({ ...now, text }) });
  return writeDescription(client, old, [
    () => replaceReference(old.description, toReference(state.text)),
    () => renderDescription(START, toReference, { description: old.description, textHash: state.text }),
  ]);
}

/** Comments are for people: without one, the case is as it should be. */
async function comment(
  { warn }: SyncContext,
  client: DatadogClient,
  { id, label }: Case,
  text: string,
): Promise<void> {
  await addComment(client, id, text).catch((error: unknown) =>
    warn(`Could not comment on ${label}. ${explain(error).text}`),
  );
}
