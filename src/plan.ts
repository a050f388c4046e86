import type { Mark } from './datadog/once.ts';
import type { NewCase } from './datadog/request.ts';
import type { Resolved } from './datadog/resolve.ts';
import type { Problem } from './errors.ts';
import { block } from './github/context.ts';
import { type Failures, gather } from './github/failures.ts';
import type { Shown } from './report.ts';
import type { Step } from './step.ts';
import { code, cut, quote } from './text.ts';

/** What opening takes besides. */
export interface OpenStep extends Step {
  readonly uuid: () => string;
  readonly readText: (path: string) => Promise<string>;
}

/** A case as it is to be: in ids, and with the labels that people know them by. */
export interface Plan {
  readonly resolved: Resolved;
  readonly mark: Mark;
  readonly fileText: string;
  readonly failures: Failures;
  readonly drift: readonly Problem[];
}

/** Milliseconds that GitHub may take to tell what failed. */
const GATHERING = 5000;

// No document tells how long a text may be. A case that is refused with a longer one is tried with this much of it.
const SHORT_TITLE = 250;
const SHORT_DESCRIPTION = 10_000;

/** Which texts of a case are so long that it may be refused for them. */
export function longTexts({ title, description }: NewCase): string[] {
  return [
    ...(title.length > SHORT_TITLE ? ['title'] : []),
    ...(description.length > SHORT_DESCRIPTION ? ['description'] : []),
  ];
}

/**
 * The case of a plan. `leftOut` is told in its description, whose last line is the reference, below the own word.
 * `short`: with no more than the beginning of long texts, and without logs.
 */
export function newCase(
  { asked, report, about }: OpenStep,
  plan: Plan,
  leftOut: readonly Problem[],
  short = false,
): NewCase {
  const { resolved, failures, mark } = plan;
  const context = asked.runContext ? block(about, failures.jobs) : '';
  const notes = leftOut.map(({ input, text }) => `*Left out:* ${input}: ${code(text, 500)}`);
  const marks = new Set([mark.own, mark.reference]);
  const text = paragraphs(asked.description, plan.fileText);
  const words = short
    ? paragraphs(cut(text, SHORT_DESCRIPTION), context, ...notes, ...marks)
    : paragraphs(text, context, failures.logs, ...notes, ...marks);
  return {
    title: report.clean(short ? cut(asked.title, SHORT_TITLE) : asked.title),
    projectId: resolved.project.id,
    typeId: resolved.type.id,
    priority: asked.priority,
    description: report.clean(words),
    assigneeId: resolved.assignee?.id ?? '',
    statusName: asked.statusName,
    customAttributes: resolved.customAttributes,
  };
}

function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part).join('\n\n');
}

/** The case of a plan as people know it, for the summary. */
export function shown({ asked }: OpenStep, { resolved }: Plan, status: string): Shown {
  return {
    title: asked.title,
    status,
    priority: asked.priority,
    type: resolved.type.label,
    project: resolved.project.label,
    assignee: resolved.assignee?.label ?? '',
  };
}

/** Which jobs failed and what they said last, where the description is to tell. GitHub gets a few seconds for it. */
export async function failuresOf({ asked, report, about, github }: OpenStep): Promise<Failures> {
  const wanted = asked.runContext || asked.logLines > 0;
  return gather(wanted ? github?.(GATHERING) : undefined, about, asked.logLines, (line) => report.info(line));
}

/** Reads the file of the description. One that cannot be had is drift. */
export async function readFile({ asked, readText }: OpenStep): Promise<{ text: string; drift: Problem[] }> {
  const path = asked.descriptionFile;
  if (!path) return { text: '', drift: [] };
  try {
    return { text: (await readText(path)).trim(), drift: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      text: '',
      drift: [{ input: 'description_file', text: `${quote(path)} is not read, because ${why}.` }],
    };
  }
}
