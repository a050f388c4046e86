import type { Verdict } from '../check-history.ts';
import { judgeSync } from '../oracle/sync/judge.ts';
import type { Program } from '../step.ts';
import type { SyncHistory } from './history.ts';
import { runSyncHistory } from './run-history.ts';
import { shortenSync } from './short-history.ts';
import { tellSyncStory } from './sync-story.ts';

/** Lets a history happen, and judges it. */
export async function checkSyncHistory(history: SyncHistory, program: Program): Promise<Verdict> {
  const record = await runSyncHistory(history, program);
  const violations = judgeSync(record);
  if (!violations.length) return { violations, story: '' };
  const complaints = violations.map(({ rule, text }) => `Violated: ${rule}. ${text}`);
  const data = `As data: ${JSON.stringify(shortenSync(history))}`;
  return { violations, story: [tellSyncStory(history, record), ...complaints, data].join('\n') };
}
