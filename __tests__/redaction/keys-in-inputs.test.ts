import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listInputNames } from '../../src/inputs/schema.ts';
import { SYNC_INPUT_NAMES } from '../../src/inputs/sync-schema.ts';
import type { EntryPoint } from '../../src/stages/step.ts';
import { KEY, ROTATION_COUNT, writeAtCuts } from '../support/key-leaks.ts';
import { useLeakRun } from '../support/run-for-leaks.ts';
import { result, sarif } from '../sync/reports.ts';

const leakRun = useLeakRun();

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'case-leaks-'));
  await writeFile(join(workspace, 'report.sarif'), sarif([result()]));
});
afterAll(() => rm(workspace, { recursive: true }));

/** What a step may do. */
const MODES: readonly (readonly [EntryPoint, Readonly<Record<string, string>>])[] = [
  ['case', { mode: 'open' }],
  ['case', { mode: 'open', dry_run: 'true' }],
  ['case', { mode: 'close' }],
  ['case', { mode: 'auto', result: 'failure' }],
  ['case', { mode: 'auto', result: 'success' }],
  ['watch-start', {}],
  ['watch-end', { job_status: 'failure' }],
  ['watch-end', { job_status: 'success' }],
  ['sync', {}],
  ['sync', { dry_run: 'true' }],
];

const NAMES_BY_ENTRY: Readonly<Record<EntryPoint, readonly string[]>> = {
  case: listInputNames('case'),
  'watch-start': listInputNames('watch'),
  'watch-end': listInputNames('watch'),
  sync: SYNC_INPUT_NAMES,
};
const NAMES = [...new Set(Object.values(NAMES_BY_ENTRY).flat())];

/**
 * Runs all that a step may do with these inputs, except in actions that don't have the input `name`. Fails if anything
 * but a header holds a part of the key.
 */
async function expectNoLeaks(
  listInputs: (modeIndex: number) => Readonly<Record<string, string>>,
  name?: string,
): Promise<void> {
  const { datadog, findLeaksOf } = leakRun();
  for (const [index, [entryPoint, mode]] of MODES.entries()) {
    if (name !== undefined && !NAMES_BY_ENTRY[entryPoint].includes(name)) continue;
    datadog.cases.length = 0;
    const leaks = await findLeaksOf({
      entryPoint,
      inputs: { ...(entryPoint === 'sync' && { files: '*.sarif' }), ...mode, ...listInputs(index) },
      env: { GITHUB_WORKSPACE: workspace },
      files: { 'report.md': 'x' },
    });
    expect([entryPoint, mode, leaks]).toEqual([entryPoint, mode, []]);
  }
}

test.each(NAMES.map((name, index) => [name, index] as const))(
  'no part of a key leaves a step through the input %s, in any form and at any cut',
  (name, index) =>
    // Inputs and modes together have each form at each cut.
    expectNoLeaks(
      (modeIndex) => ({ [name]: writeAtCuts((index * MODES.length + modeIndex) % ROTATION_COUNT) }),
      name,
    ),
);

test('no part of a key leaves a step through the names of inputs, at any cut', async () => {
  const names = ['', 'title-', 'api-url', 'dd_'].flatMap((known) =>
    [0, 50, 56, 62, 68].map((length) => `${known}${'x'.repeat(length)}${KEY}`),
  );
  for (const some of [names.slice(0, 10), names.slice(10)])
    await expectNoLeaks(() => Object.fromEntries(some.map((name) => [name, 'x'])));
});
