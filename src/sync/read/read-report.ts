import { ReportCollector } from './collector.ts';
import { findFiles } from './find-files.ts';
import type { Format, GroupBy } from './format.ts';
import { MAX_TOTAL_BYTES, type ReadBudget, readReportFile } from './read-file.ts';
import type { Report } from './report.ts';

export interface ReportQuery {
  /** The absolute path of the workspace. */
  readonly workspace: string;
  /** Paths or patterns. */
  readonly patterns: readonly string[];
  readonly format: Format | 'auto';
  /** `undefined` for the default of each format. */
  readonly groupBy: GroupBy | undefined;
  /** Removes secrets from the report's texts. */
  readonly redact: (text: string) => string;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** Reads all files that the patterns name, one after the other. Throws only if the signal aborts. */
export async function readReport(query: ReportQuery): Promise<Report> {
  const { workspace, patterns, format, groupBy, redact, signal } = query;
  const found = await findFiles(workspace, patterns, signal);
  const collector = new ReportCollector(groupBy, redact);
  collector.problems.push(...found.problems);
  const budget: ReadBudget = { remainingBytes: MAX_TOTAL_BYTES, signal };
  for (const file of found.files) await readReportFile({ file, workspace }, format, budget, collector);
  collector.finish();
  return collector;
}
