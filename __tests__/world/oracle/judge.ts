import type { WorldRecord } from '../record.ts';
import { judgeCloses, judgeEnd, judgeFailures, judgeQuietTime, judgeTwins } from './cases.ts';
import { judgePeople } from './people.ts';
import type { Violation } from './rules.ts';
import { judgeSteps } from './steps.ts';
import { Timeline } from './timeline.ts';

/** Says what was wrong in a world. Knows nothing of the code: only users, their jobs and their cases. */
export function judge(record: WorldRecord): Violation[] {
  const timeline = new Timeline(record);
  return [
    ...judgeFailures(record, timeline),
    ...judgeCloses(record, timeline),
    ...judgeTwins(record, timeline),
    ...judgeQuietTime(record, timeline),
    ...judgeEnd(record, timeline),
    ...judgePeople(record, timeline),
    ...judgeSteps(record, timeline),
  ];
}
