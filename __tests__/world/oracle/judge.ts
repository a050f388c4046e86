import type { WorldRecord } from '../record.ts';
import { judgeCloses, judgeEnd, judgeFailures } from './cases.ts';
import { judgePeople } from './people.ts';
import type { Strictness, Violation } from './rules.ts';
import { judgeSteps } from './steps.ts';
import { Timeline } from './timeline.ts';

/** Says what was wrong in a world. Knows nothing of the code: only users, their jobs and their cases. */
export function judge(record: WorldRecord, strictness: Strictness): Violation[] {
  const timeline = new Timeline(record);
  return [
    ...judgeFailures(record, timeline),
    ...judgeCloses(record, timeline),
    ...judgeEnd(record, timeline),
    ...judgePeople(record, timeline),
    ...judgeSteps(record, timeline, strictness),
  ];
}
