import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ReportQuery, readReport } from '../../src/sync/read/read-report.ts';
import type { Report } from '../../src/sync/read/report.ts';

/** Calls `use` with the path of a workspace that has these files. */
export async function withFiles<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (workspace: string) => Promise<T>,
): Promise<T> {
  const workspace = await mkdtemp(join(tmpdir(), 'sync-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(workspace, name)), { recursive: true });
      await writeFile(join(workspace, name), content);
    }
    return await use(workspace);
  } finally {
    await rm(workspace, { recursive: true });
  }
}

/** Reads a report that consists of these files. */
export function readFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  query: Partial<ReportQuery> = {},
): Promise<Report> {
  return withFiles(files, (workspace) => readWorkspace(workspace, Object.keys(files), query));
}

/** Reads the files of a workspace that match the patterns. */
export function readWorkspace(
  workspace: string,
  patterns: readonly string[],
  query: Partial<ReportQuery> = {},
): Promise<Report> {
  const { signal } = new AbortController();
  const redact = (text: string) => text;
  return readReport({ workspace, patterns, format: 'auto', groupBy: undefined, redact, signal, ...query });
}

export interface ResultOptions {
  readonly rule?: string;
  readonly path?: string;
  readonly line?: number;
  readonly message?: string;
  readonly snippet?: string;
  readonly more?: object;
}

/** A SARIF result. */
export function result(options: ResultOptions = {}): object {
  const { rule = 'js/xss', path = 'src/a.js', line = 10, message = 'Unsafe HTML', snippet, more } = options;
  return {
    ruleId: rule,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path },
          region: { startLine: line, ...(snippet !== undefined && { snippet: { text: snippet } }) },
        },
      },
    ],
    ...more,
  };
}

/** A SARIF log with one run. */
export function sarif(results: readonly unknown[], run: object = {}): string {
  return JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'Scanner' } }, results, ...run }],
  });
}

/** A JUnit report with one suite. */
export function junit(tests: string): string {
  return `<?xml version="1.0"?>\n<testsuites><testsuite name="unit">${tests}</testsuite></testsuites>`;
}

/** A test that failed, in a class. */
export function failing(name: string, text = 'boom'): string {
  return `<testcase classname="Shop" name="${name}"><failure message="no">${text}</failure></testcase>`;
}

export function passing(name: string): string {
  return `<testcase classname="Shop" name="${name}"/>`;
}

/** The identities of all members, in order. */
export function memberIds(report: Report): string[] {
  return report.tools
    .flatMap(({ items }) =>
      [...items.values()].flatMap(({ id, members }) => [...members.keys()].map((m) => `${id} ${m}`)),
    )
    .sort();
}

/** The identities of all items, in order. */
export function itemIds(report: Report): string[] {
  return report.tools.flatMap(({ items }) => [...items.keys()]).sort();
}

/** The kinds of everything that makes the report incomplete. */
export function problemKinds(report: Report): string[] {
  return [...report.problems, ...report.tools.flatMap(({ problems }) => problems)].map(({ kind }) => kind);
}
