import type { SyncWorldRecord } from '../../sync/record.ts';
import type { Violation } from '../rules.ts';
import { isOfSameTool, ownerOf, type SyncTimeline } from './timeline.ts';
import { readAt, wasMarked } from './unsettled.ts';

/** Nothing that people wrote is gone, and nothing that belongs to others is touched. */
export function judgeSyncPeople({ notes, cases }: SyncWorldRecord, timeline: SyncTimeline): Violation[] {
  const complain = (text: string): Violation => ({ rule: 'people', text });
  const lost = notes.flatMap(({ id, text, at }): Violation[] => {
    const record = cases.find((candidate) => candidate.id === id);
    if (!record || record.description.includes(text)) return [];
    const culprit = timeline
      .changesBySteps('described')
      .find(({ line, change }) => line.id === id && change.at >= at && !change.description.includes(text));
    if (!culprit) return [];
    const { step, change, line } = culprit;
    // Between reading a description and writing it, a step can't know of a note.
    const read = readAt(step, id, change.at);
    return read <= at
      ? []
      : [complain(`step ${step.number} writes the description of ${line.label}, and "${text}" is gone.`)];
  });
  const others = timeline
    .changesBySteps('closed', 'reopened', 'described', 'commented', 'other')
    .filter(({ line, step, change }) => {
      const isOwn = line.owner === ownerOf(step);
      // The mark of a close is removed from an open case, however it is grouped.
      const isUnmarked =
        change.kind === 'described' && isOfSameTool(line.owner, step) && wasMarked(line, timeline);
      return !isOwn && !isUnmarked;
    })
    .map(({ line, step }) => complain(`step ${step.number} changes ${line.label}, a case of ${line.owner}.`));
  const moved = timeline
    .changesBySteps('closed', 'reopened', 'described')
    .filter(({ line, step, change }) => {
      const read = readAt(step, line.id, change.at);
      return line.changes.some(({ kind, at }) => ['moved', 'archived'].includes(kind) && at < read);
    })
    .map(({ line, step }) =>
      complain(`step ${step.number} changes ${line.label}, which a person had archived or moved.`),
    );
  return [...lost, ...others, ...moved];
}
