import { beforeEach, describe, expect, test } from '@jest/globals';
import { ACTIVE_USER } from '../support/fake-datadog/catalog.ts';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { keyedInputs, RUN_ENV, seedKeyedCase } from '../support/keyed-case.ts';
import { REFERENCE, runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

// The runner asks a cancelled step to end, and kills it soon after.

const { datadog, clock } = useFakes();

let interruption: AbortController;
beforeEach(() => {
  interruption = new AbortController();
});

function runKeyed(inputs: Record<string, string> = {}) {
  const { signal } = interruption;
  return runStep({
    inputs: { ...keyedInputs(datadog), ...inputs },
    env: RUN_ENV,
    clock,
    interruption: signal,
  });
}

/** Interrupts the step when the first such request (method and path) arrives. */
function interruptAt(pattern: RegExp): void {
  datadog.beforeResponse = ({ method, path }) => {
    if (pattern.test(`${method} ${path}`)) interruption.abort();
  };
}

/** Interrupts the step when it sleeps for the first time. */
function interruptSleep(): void {
  const sleep = clock.sleep.bind(clock);
  clock.sleep = (ms) => {
    interruption.abort();
    return sleep(ms);
  };
}

const CREATE = /^POST \/api\/v2\/cases$/;
const countOf = (pattern: RegExp) => datadog.requestLines.filter((line) => pattern.test(line)).length;
const CANCELLED = /cancelled/;

test('finishes a create that is under way, sets the outputs, and starts nothing new', async () => {
  interruptAt(CREATE);
  const core = await runKeyed({
    dedup_key: '',
    due_date: '2w',
    attributes: 'env: prod',
    watchers: ACTIVE_USER.id,
  });
  expect(core.outputs).toMatchObject({
    outcome: 'created',
    case_key: 'OPS-1',
    case_id: datadog.cases[0]?.id,
  });
  expect(datadog.requestLines).toEqual(['POST /api/v2/cases']);
  expect(core.messages('warning')).toMatch(
    /^Could not set attributes \(env\), due_date \(\S+\), watchers \(\S+\)\. .*cancelled/,
  );
  expect(core.hasFailed).toBe(false);
});

test('does not look for cases of other steps after an interruption, and says so', async () => {
  interruptAt(CREATE);
  const core = await runKeyed();
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
  expect(datadog.requestLines.at(-1)).toBe('POST /api/v2/cases');
  expect(core.messages('warning')).toMatch(
    /^Could not check for a duplicate opened at the same time\. .*cancelled/,
  );
});

test('reports its case if it is interrupted while it waits for the search to show it', async () => {
  interruptSleep();
  const core = await runKeyed();
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
  expect(core.messages('warning')).toMatch(/^Could not check for a duplicate/);
});

test.each([
  ['looking up the project', { project: 'OPS' }, /^GET .*\/projects$/],
  ['looking up the case type', { type_id: 'Deployment failure' }, /^GET .*\/types$/],
  ['searching', {}, /^GET \/api\/v2\/cases$/],
])('opens no case if it is interrupted while %s', async (_, inputs, pattern) => {
  interruptAt(pattern);
  const core = await runKeyed(inputs);
  expect(datadog.cases).toEqual([]);
  expect(countOf(CREATE)).toBe(0);
  expect(core.outputs).toEqual({ outcome: 'failed' });
  expect(core.messages('error')).toMatch(CANCELLED);
  expect(core.visibleText).not.toContain('A new case is opened');
});

test('sends nothing if it is interrupted before the first request', async () => {
  interruption.abort();
  const core = await runKeyed();
  expect(datadog.requestLines).toEqual([]);
  expect(core.messages('error')).toMatch(/No case was opened.*cancelled/);
});

test('does not send a create again if it is interrupted while it waits to do so', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: { status: 429 } });
  interruptSleep();
  const core = await runKeyed({ dedup_key: '' });
  expect(countOf(CREATE)).toBe(1);
  expect(core.messages('error')).toMatch(CANCELLED);
});

test('does not send a rejected case with less after an interruption', async () => {
  interruptAt(CREATE);
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: { status: 400 } });
  const core = await runKeyed({ dedup_key: '', priority: 'P1' });
  expect(countOf(CREATE)).toBe(1);
  expect(core.outputs.outcome).toBe('failed');
});

test('says that it is unknown whether a case exists if the create is never answered', async () => {
  interruptAt(CREATE);
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: 'hang' });
  const startedAt = clock.time;
  const core = await runKeyed({ dedup_key: '' });
  expect(clock.time - startedAt).toBe(8000);
  expect(datadog.requestLines).toEqual(['POST /api/v2/cases']);
  expect(core.outputs).toEqual({ outcome: 'failed' });
  expect(core.messages('error')).toContain(`Search Datadog for ${REFERENCE}`);
});

test('says that it is unknown whether a case exists if the response is lost', async () => {
  interruptAt(CREATE);
  datadog.injectFault({ request: 'POST /api/v2/cases$', phase: 'after', response: 'drop' });
  const core = await runKeyed({ dedup_key: '' });
  expect(datadog.requestLines).toEqual(['POST /api/v2/cases']);
  expect(core.messages('error')).toContain(`Search Datadog for ${REFERENCE}`);
});

test('does not open another case if it is interrupted before it reopens one', async () => {
  const closed = seedKeyedCase(datadog, closedAttributes(clock.time - 60_000));
  interruptAt(new RegExp(`^GET .*/${closed.id}$`));
  const core = await runKeyed({ reopen_within: '24' });
  expect(datadog.openCases).toEqual([]);
  expect(countOf(/^POST/)).toBe(0);
  expect(core.messages('error')).toMatch(CANCELLED);
  expect(core.messages('warning')).toBe('');
});

test('reports a case that it has reopened', async () => {
  seedKeyedCase(datadog, closedAttributes(clock.time - 60_000));
  interruptAt(/\/status$/);
  const core = await runKeyed({ reopen_within: '24' });
  expect(core.outputs).toMatchObject({ outcome: 'reopened', case_key: 'OPS-1' });
  expect(core.messages('warning')).toMatch(/^Could not comment on OPS-1\. .*cancelled/m);
  // The run is recorded before the case is open.
  expect(countOf(/^POST/)).toBe(2);
  expect(datadog.requestLines.at(-1)).toMatch(/\/status$/);
});

test('finishes a comment on an open case', async () => {
  const stored = seedKeyedCase(datadog);
  interruptAt(/\/comment$/);
  const core = await runKeyed();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_key: 'OPS-1' });
  expect(stored.comments).toHaveLength(1);
});

test('closes a case if the request is under way, and does not comment on it', async () => {
  const stored = seedKeyedCase(datadog);
  interruptAt(/\/status$/);
  const core = await runKeyed({ mode: 'close', title: '' });
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_key: 'OPS-1' });
  expect(stored).toMatchObject({ attributes: { status: 'CLOSED' }, comments: [] });
  expect(core.messages('warning')).toMatch(/^Could not comment on OPS-1, which was closed\. .*cancelled/);
});

test('closes nothing if it is interrupted while searching', async () => {
  seedKeyedCase(datadog);
  interruptAt(/^GET \/api\/v2\/cases$/);
  const core = await runKeyed({ mode: 'close', title: '' });
  expect(datadog.openCases).toHaveLength(1);
  expect(core.messages('error')).toMatch(/No case was closed.*cancelled/);
});

test.each(['hang', 'stall'] as const)('ends at once if a search is interrupted: %s', async (response) => {
  interruptAt(/^GET \/api\/v2\/cases$/);
  datadog.injectFault({ request: 'GET /api/v2/cases$', response });
  const startedAt = clock.time;
  const core = await runKeyed();
  expect(clock.time - startedAt).toBe(0);
  expect(core.messages('error')).toBe(
    'No case was opened. The step was cancelled before this was done.\nHelp: docs/troubleshooting.md, "Timeout or outage"',
  );
});

describe.each(['hang', 'stall'] as const)(
  'if a change gets no response after an interruption: %s',
  (response) => {
    test('says only what is true of a create', async () => {
      interruptAt(CREATE);
      datadog.injectFault({ request: 'POST /api/v2/cases$', phase: 'after', response });
      const startedAt = clock.time;
      const core = await runKeyed();
      expect(clock.time - startedAt).toBe(8000);
      expect(core.messages('error')).toMatch(
        /^It is unknown whether the case was opened\. The step was cancelled before a response came\. The case may have been created anyway\. Search Datadog for ghac/,
      );
      expect(core.visibleText).not.toMatch(/lost the connection|Searching|raise `timeout`/);
    });

    test('does not say that a case was not closed', async () => {
      seedKeyedCase(datadog);
      interruptAt(/\/status$/);
      datadog.injectFault({ request: 'POST .*/status$', phase: 'after', response });
      const startedAt = clock.time;
      const core = await runKeyed({ mode: 'close', title: '' });
      expect(datadog.openCases).toEqual([]);
      expect(clock.time - startedAt).toBe(8000);
      expect(core.outputs).toMatchObject({ outcome: 'failed', case_key: 'OPS-1' });
      expect(core.messages('error')).toMatch(
        /^It is unknown whether the case was closed\. The step was cancelled before a response came\./,
      );
      expect(core.visibleText).not.toContain('second request');
    });

    test('does not say that a case was not reopened, and opens no other one', async () => {
      seedKeyedCase(datadog, closedAttributes(clock.time - 60_000));
      interruptAt(/\/status$/);
      datadog.injectFault({ request: 'POST .*/status$', phase: 'after', response });
      const core = await runKeyed({ reopen_within: '24' });
      expect(datadog.openCases).toHaveLength(1);
      expect(countOf(CREATE)).toBe(0);
      expect(core.messages('warning')).toBe('Check whether OPS-1 is open: it may have been reopened.');
      expect(core.messages('error')).toMatch(/^It is unknown whether the case was opened\..*cancelled/);
    });
  },
);

test('does not say that a case was not closed if it is interrupted before it asks again', async () => {
  seedKeyedCase(datadog);
  datadog.injectFault({ request: 'POST .*/status$', phase: 'after', response: { status: 502 } });
  interruptSleep();
  const core = await runKeyed({ mode: 'close', title: '' });
  expect(datadog.openCases).toEqual([]);
  expect(core.messages('error')).toMatch(/^It is unknown whether the case was closed\..*cancelled/);
});
