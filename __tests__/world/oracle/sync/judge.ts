import type { SyncWorldRecord } from '../../sync/record.ts';
import type { Violation } from '../rules.ts';
import { judgeSyncCloses, judgeSyncOpenings, judgeSyncOrder, judgeSyncReopenings } from './cases.ts';
import { judgeSyncPeople } from './people.ts';
import { judgeSyncStates } from './state.ts';
import { judgeSyncSteps } from './steps.ts';
import { SyncTimeline } from './timeline.ts';

/** Says what was wrong in a world of reports. Knows nothing of the code: only reports, people and cases. */
export function judgeSync(record: SyncWorldRecord): Violation[] {
  const timeline = new SyncTimeline(record);
  return [
    ...judgeSyncCloses(timeline),
    ...judgeSyncOrder(timeline),
    ...judgeSyncOpenings(record, timeline),
    ...judgeSyncReopenings(record, timeline),
    ...judgeSyncStates(record, timeline),
    ...judgeSyncPeople(record, timeline),
    ...judgeSyncSteps(record, timeline),
  ];
}
