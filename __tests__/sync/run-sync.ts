import { createHash } from 'node:crypto';
import type { SyncResult } from '../../src/sync/result.ts';
import type { StoredCase } from '../support/fake-datadog/stored-case.ts';
import type { FakeDatadog } from '../support/fake-datadog.ts';
import { runStep, type TestClock, type TestCore, validInputs } from '../support/run-step.ts';
import { withFiles } from './reports.ts';

export interface SyncOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: object;
  readonly interruption?: AbortSignal;
  /** Later runs have higher numbers. Default: one more than the run before. */
  readonly runId?: number;
}

let lastRunId = 1000;

/** Runs `sync` with a workspace that has these files, on the default branch. Each run draws other random words. */
export function runSync(
  { datadog, clock }: { readonly datadog: FakeDatadog; readonly clock: TestClock },
  files: Readonly<Record<string, string | Uint8Array>>,
  options: SyncOptions = {},
): Promise<TestCore> {
  lastRunId += 1;
  const runId = options.runId ?? lastRunId;
  const { title: _, ...inputs } = validInputs(datadog);
  return withFiles(files, (workspace) =>
    runStep({
      entryPoint: 'sync',
      clock,
      inputs: { ...inputs, files: Object.keys(files).join('\n') || 'none', ...options.inputs },
      env: {
        GITHUB_WORKSPACE: workspace,
        GITHUB_REPOSITORY: 'acme/shop',
        GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/scan.yml@refs/heads/main',
        GITHUB_JOB: 'scan',
        GITHUB_RUN_ID: String(runId),
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_REF_NAME: 'main',
        GITHUB_REF_TYPE: 'branch',
        GITHUB_SHA: 'a'.repeat(40),
        GITHUB_EVENT_NAME: 'push',
        ...options.env,
      },
      ...(options.interruption && { interruption: options.interruption }),
      event: options.event ?? { repository: { default_branch: 'main' } },
      randomUUID: () => toUuid(`${runId}`),
    }),
  );
}

function toUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** How a step ended, with the counts that aren't zero: `synced opened=1 open=1`. */
export function briefly({ outputs }: TestCore): string {
  const names = ['opened', 'changed', 'reopened', 'closed', 'unchanged', 'deferred', 'open'];
  const counts = names.filter((name) => outputs[name] !== undefined && outputs[name] !== '0');
  return [outputs.outcome, ...counts.map((name) => `${name}=${outputs[name]}`)].join(' ');
}

/** The result of a step that found an empty report and nothing to do. */
export const NOTHING_DONE: SyncResult = {
  outcome: 'synced',
  rows: [],
  problems: [],
  openCount: 0,
  belowCount: 0,
  shownOnly: undefined,
};

/** What is in Datadog: the title of each case, and whether it is open. */
export function listCases({ cases }: FakeDatadog): string[] {
  return cases.map((stored) => `${stored.attributes.title} ${isOpen(stored) ? 'open' : 'closed'}`);
}

export function isOpen({ attributes }: StoredCase): boolean {
  return attributes.status !== 'CLOSED';
}

/** The last line of a description. */
export function lastLine(stored: StoredCase | undefined): string {
  return stored?.attributes.description.trimEnd().split('\n').at(-1) ?? '';
}

/** Two runs that don't see each other's cases. */
export async function openTwice(
  { datadog, clock }: { readonly datadog: FakeDatadog; readonly clock: TestClock },
  open: () => Promise<unknown>,
  openAgain = open,
): Promise<void> {
  datadog.indexLagMs = 60_000;
  await open();
  await openAgain();
  clock.time += 120_000;
  datadog.indexLagMs = 0;
}
