import { expect, test } from '@jest/globals';
import { Unredacted } from '../../src/base/unredacted.ts';
import { openCase } from '../../src/cases/open.ts';
import { createReport, createTools } from '../support/case-context.ts';
import { DEDUP_KEY, seedKeyedCase } from '../support/keyed-case.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

/** Opens a case and records what happens, with at most `remainingMs` in total. */
async function open(env: Record<string, string> = {}, remainingMs = 60_000) {
  const { tools, warnings, named: events } = createTools(datadog, clock);
  const fileTimeouts: number[] = [];
  const readWorkspaceFile = async (_: string, timeoutMs: number) => {
    fileTimeouts.push(timeoutMs);
    return { text: new Unredacted('Words.'), problems: [] };
  };
  const client = { ...tools.datadog, deadlineMs: clock.time + remainingMs };
  const report = { ...(await createReport(env)), readWorkspaceFile };
  const result = await openCase({ ...tools, datadog: client }, report);
  return { result, events, warnings, fileTimeouts };
}

/** Stores another step's case with the same key just before this step creates its own. */
function seedAtCreate(): void {
  datadog.beforeResponse = ({ method, path }) => {
    if (method !== 'POST' || path !== '/api/v2/cases' || datadog.seedCount) return;
    seedKeyedCase(datadog);
    clock.time += 1;
  };
}

const KEYED = { INPUT_DEDUP_KEY: DEDUP_KEY };

test('passes the created case on before and after everything else', async () => {
  const { result, events, warnings } = await open();
  expect(result).toMatchObject({ outcome: 'created', case: { label: 'OPS-1' }, commentUrl: '' });
  expect(events).toEqual(['OPS-1 created', 'OPS-1 created']);
  expect(warnings).toEqual([]);
});

test('passes its own case on if a search found it', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', phase: 'after', times: 1, response: 'drop' });
  const { events, warnings } = await open();
  expect(events).toEqual(['OPS-1 created', 'OPS-1 created']);
  expect(warnings).toEqual([]);
});

test('does not claim a case of another step that it finds instead of its own', async () => {
  seedAtCreate();
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: 'drop' });
  const { result, events } = await open({ ...KEYED, INPUT_DUE_DATE: '2026-02-01' });
  expect(result.outcome).toBe('existing');
  expect(events).toEqual(['OPS-1 existing']);
  expect(datadog.requestLines.filter((line) => line.endsWith('/due_date'))).toEqual([]);
});

test('opens a case again if the older one of another step is deleted at the same time', async () => {
  seedAtCreate();
  datadog.injectFault(
    { request: 'POST .*1/comment$', response: { status: 404 } },
    { request: 'GET .*1$', skip: 1, response: { status: 404 } },
  );
  const { result, events, warnings } = await open(KEYED);
  expect(result).toMatchObject({ outcome: 'created', case: { label: 'OPS-3' } });
  expect(events).toEqual(['OPS-2 created', 'OPS-1 existing', 'gone', 'OPS-3 created', 'OPS-3 created']);
  expect(warnings).toEqual([]);
});

test.each([
  [60_000, 2000],
  [3000, 1000],
])('with %d ms left, a file may be read for %d ms', async (remainingMs, timeoutMs) => {
  const { fileTimeouts } = await open({ INPUT_DESCRIPTION_FILE: 'words.md' }, remainingMs);
  expect(fileTimeouts).toEqual([timeoutMs]);
  expect(datadog.lastDescription.split('\n')[0]).toBe('Words.');
});
