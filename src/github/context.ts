import { code, link } from '../text.ts';
import type { About } from './event.ts';

/** Which run it was, linked, in a few words of Markdown; empty where that is not known. */
export function runLink({ run }: About): string {
  if (!run) return '';
  return link(run.attempt > 1 ? `${run.title}, attempt ${run.attempt}` : run.title, run.url);
}

/** A line for the timeline of a case that was open already. */
export function again(about: About, title: string): string {
  const where = runLink(about);
  return `**It happened again**${where && ` in ${where}`}: ${code(title, 500)}`;
}

/** A line for the timeline of a case whose problem is gone. */
export function resolved(about: About): string {
  const where = runLink(about);
  return `**Resolved**${where && ` in ${where}`}. This case is closed by the workflow.`;
}
