import type { History } from './history.ts';
import { judge } from './oracle/judge.ts';
import type { Violation } from './oracle/rules.ts';
import { runHistory } from './run-history.ts';
import { shorten } from './short-history.ts';
import type { Program } from './step.ts';
import { tellStory } from './story.ts';

/** What a history has shown. */
export interface Verdict {
  readonly violations: readonly Violation[];
  /** The history in words, with what was wrong, and as data. */
  readonly story: string;
}

/** Lets a history happen, and judges it. */
export async function checkHistory(history: History, program: Program): Promise<Verdict> {
  const record = await runHistory(history, program);
  const violations = judge(record);
  if (!violations.length) return { violations, story: '' };
  const complaints = violations.map(({ rule, text }) => `Violated: ${rule}. ${text}`);
  const lines = [tellStory(history, record), ...complaints, `As data: ${JSON.stringify(shorten(history))}`];
  return { violations, story: lines.join('\n') };
}
