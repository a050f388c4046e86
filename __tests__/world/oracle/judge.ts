import type { Feature } from '../history.ts';
import type { WorldRecord } from '../record.ts';
import { judgeCloses, judgeEnd, judgeFailures, judgeQuietTime } from './cases.ts';
import { judgePeople } from './people.ts';
import type { Violation } from './rules.ts';
import { judgeSteps } from './steps.ts';
import { Timeline } from './timeline.ts';

/** Says what was wrong in a world. Knows nothing of the code: only users, their jobs and their cases. */
export function judge(record: WorldRecord, features: readonly Feature[]): Violation[] {
  const timeline = new Timeline(record);
  return [
    ...judgeFailures(record, timeline, features),
    ...judgeCloses(record, timeline, features),
    ...judgeQuietTime(record, timeline, features),
    ...judgeEnd(record, timeline, features),
    ...judgePeople(record, timeline),
    ...judgeSteps(record, timeline, features),
  ];
}
