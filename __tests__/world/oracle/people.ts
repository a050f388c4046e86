import type { WorldRecord } from '../record.ts';
import { describeStep } from '../story.ts';
import type { Violation } from './rules.ts';
import type { Timeline } from './timeline.ts';

/** Nothing that people wrote is gone, nothing that they opened is touched, and nothing is reopened unless `reopen_within` says so. */
export function judgePeople({ notes, cases, changes }: WorldRecord, timeline: Timeline): Violation[] {
  const complain = (text: string): Violation => ({ rule: 'people', text });
  const lost = notes.flatMap(({ id, text, at }): Violation[] => {
    const record = cases.find((candidate) => candidate.id === id);
    if (!record || record.description.includes(text)) return [];
    const culprit = changes.find(
      (change) => change.id === id && change.at >= at && !change.description.includes(text),
    );
    // Between reading a description and writing it, a step can't know of a note.
    if (!culprit || culprit.by === 'somebody' || culprit.by.startedAt <= at) return [];
    return [
      complain(
        `${describeStep(culprit.by)} writes the description of ${record.label}, and "${text}" is gone.`,
      ),
    ];
  });
  const others = timeline.cases.flatMap((line): Violation[] => {
    if (line.key !== undefined) return [];
    const change = line.changes.find(({ by }) => by !== 'somebody');
    return change && change.by !== 'somebody'
      ? [
          complain(
            `${describeStep(change.by)} changes ${line.label}, which a person opened for something else.`,
          ),
        ]
      : [];
  });
  return [...lost, ...others, ...judgeReopenings(timeline)];
}

function judgeReopenings(timeline: Timeline): Violation[] {
  return timeline.cases.flatMap(({ label, changes }) =>
    changes.flatMap((change, index): Violation[] => {
      const { by, kind, at } = change;
      if (kind !== 'reopened' || by === 'somebody') return [];
      const closed = changes.slice(0, index).findLast((other) => other.kind === 'closed');
      const allowedMs = by.job.reopenHours * 3_600_000 + Math.abs(by.event.skew);
      if (closed && by.job.reopenHours && at - closed.at <= allowedMs) return [];
      // A status that it sets on its own new case opens it again if it was closed since.
      if (closed && closed.at >= by.startedAt) return [];
      return [
        {
          rule: 'people',
          text: `${describeStep(by)} reopens ${label}, although reopen_within is ${by.job.reopenHours}.`,
        },
      ];
    }),
  );
}
