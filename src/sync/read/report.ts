import type { Format, GroupBy } from './format.ts';
import type { Problem } from './problems.ts';
import type { Severity } from './severity.ts';

/** A file of a report. */
export interface ReportFile {
  /** As the log and the summary show it: relative to the workspace. */
  readonly file: string;
  /** The absolute path of the workspace. */
  readonly workspace: string;
}

/** One finding, failing test or item. All texts are other people's. */
export interface Member {
  /** What is the same in every report, whatever the line. */
  readonly id: string;
  /** What it is about, if not a file: the name of a test. */
  readonly name: string;
  /** The suite of a test. */
  readonly suite?: string;
  /** Relative to the workspace if it is inside; empty if unknown. */
  readonly path: string;
  readonly line: number | undefined;
  readonly message: string;
}

/** How many tests a suite has, each counted once. */
export interface SuiteCounts {
  readonly ran: number;
  readonly skipped: number;
}

/** What gets a case: everything in a report that has the same identity. */
export interface Item {
  /** A hash of what identifies it, within its tool and category. */
  readonly id: string;
  readonly kind: GroupBy;
  readonly title: string;
  readonly severity: Severity;
  /** More about it, such as what the rule looks for; empty if unknown. */
  readonly details: string;
  /** Where to read more; empty if unknown. */
  readonly url: string;
  readonly members: ReadonlyMap<string, Member>;
  /** The files that it is in. */
  readonly files: ReadonlySet<string>;
  /** If it is a suite. */
  readonly counts?: SuiteCounts;
}

/** What the files say about one tool and category. Its cases are found together. */
export interface ToolReport {
  readonly format: Format;
  readonly tool: string;
  readonly category: string;
  readonly groupBy: GroupBy;
  readonly items: ReadonlyMap<string, Item>;
  /** The identities of what certainly passed, for formats that say so. */
  readonly passed: { readonly size: number; has(id: string): boolean };
  /** Suites that have the cases, by the beginnings of their identities, 16 digits. */
  readonly suites: ReadonlyMap<string, SuiteCounts>;
  readonly files: ReadonlySet<string>;
  /** Why nothing of this tool may be closed. Empty if the report is complete. */
  readonly problems: readonly Problem[];
}

/** Everything that was read. */
export interface Report {
  readonly tools: readonly ToolReport[];
  /** The files that were read to their end. */
  readonly files: ReadonlySet<string>;
  /** Why nothing at all may be closed. */
  readonly problems: readonly Problem[];
}
