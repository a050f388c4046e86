import { expect, test } from '@jest/globals';
import type { Failure } from '../../src/cases/comment.ts';
import { reopen } from '../../src/cases/reopen.ts';
import { type Case, parseCase } from '../../src/datadog/case.ts';
import { NO_FAILED_JOBS } from '../../src/github/collect-failed-jobs.ts';
import { readRunContext } from '../../src/github/run-context.ts';
import { createTools } from '../support/case-context.ts';
import { closedAttributes, type StoredCase, toApi } from '../support/fake-datadog/stored-case.ts';
import { DEDUP_KEY, RUN_ENV, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock, openCase } = useFakes();

const HOUR_MS = 3_600_000;

/** Reopens a case after a failure of this run. */
async function reopenCase(closed: Case, env: Record<string, string> = RUN_ENV) {
  const { tools, warnings, named } = createTools(datadog, clock);
  const failure: Failure = {
    title: 'Deploy failed',
    failedJobs: NO_FAILED_JOBS,
    run: readRunContext(env, undefined),
    hasTimelineComment: true,
    commentOnPullRequest: async () => '',
  };
  const result = await reopen(tools, tools.datadog, { closed, failure });
  return { result, warnings, events: named };
}

function parse(stored: StoredCase): Case {
  const parsed = parseCase(structuredClone(toApi(stored)), 'https://app.datadoghq.com');
  if (!parsed) throw new Error('not a case');
  return parsed;
}

function seedClosed(agoMs: number, attributes = {}): StoredCase {
  return seedKeyedCase(datadog, { ...closedAttributes(clock.time - agoMs), ...attributes });
}

const REFERENCE = `Reference: ${SHARED_REFERENCE}`;

test.each([
  ['deleted', { status: 404 }],
  ['archived', undefined],
])('gives up a case that was %s after the search', async (_, response) => {
  const stored = seedClosed(HOUR_MS);
  const closed = parse(stored);
  if (response) datadog.injectFault({ request: 'GET', response });
  else stored.attributes.archived_at = '2026-01-02T00:00:00Z';
  expect(await reopenCase(closed)).toEqual({ result: undefined, warnings: [], events: [] });
  expect(datadog.requestLines).toEqual([`GET /api/v2/cases/${closed.id}`]);
});

test('judges by the description that the case has now', async () => {
  const stored = seedClosed(HOUR_MS, { description: `Old.\n\n${REFERENCE}, opened by run 1 of acme/shop` });
  const closed = parse(stored);
  stored.attributes.description = `New.\n\n${REFERENCE}, opened by run 1 of acme/blog`;
  datadog.injectFault({
    request: 'POST .*/status$',
    phase: 'after',
    response: {
      status: 200,
      body: { data: { id: stored.id, type: 'case', attributes: { status: 'OPEN' } } },
    },
  });
  const { result, warnings, events } = await reopenCase(closed);
  expect(result).toMatchObject({ outcome: 'reopened', commentUrl: '' });
  expect(events).toEqual([`${stored.id} reopened`]);
  expect(warnings).toEqual([
    'OPS-1 was opened by acme/blog, which uses the same dedup_key as acme/shop. If these are different problems, add `${{ github.repository }}` to the dedup_key.',
  ]);
  expect(stored.attributes.description).toMatch(
    /^New\..*, opened by run 42 of acme\/shop, attempt 2, and run 1 of acme\/blog$/s,
  );
});

test('does not touch the description if the run is unknown', async () => {
  const stored = seedClosed(HOUR_MS);
  const { result, warnings } = await reopenCase(parse(stored), {});
  expect(result?.outcome).toBe('reopened');
  expect(warnings).toEqual([]);
  expect(datadog.requestLines.map((line) => line.replace(stored.id, 'ID'))).toEqual([
    'GET /api/v2/cases/ID',
    'POST /api/v2/cases/ID/status',
    'POST /api/v2/cases/ID/comment',
  ]);
});

test('does not add a reference to a description that lost it', async () => {
  const stored = seedClosed(HOUR_MS, { description: 'Words.' });
  const { warnings } = await reopenCase(parse(stored));
  expect(warnings).toEqual([]);
  expect(stored.attributes.description).toBe('Words.');
});

test.each([
  [
    'refused',
    { status: 403 },
    'Could not reopen OPS-1, so a new case is opened. POST /api/v2/cases/5eed0000-0000-4000-8000-000000000001/status returned 403 (no details). Host: HOST (from a test). The credentials work: Datadog accepted them for another request of this step. The application key is probably missing the permission cases_write.',
  ],
  [
    'accepted without effect',
    { status: 200, body: {} },
    'Could not reopen OPS-1, so a new case is opened. Check whether OPS-1 is open as well. POST /api/v2/cases/5eed0000-0000-4000-8000-000000000001/status succeeded, but the case is still closed. If api_url is set, check that it is a Datadog API.',
  ],
])('explains why a new case is opened when reopening is %s', async (_, response, text) => {
  const closed = parse(seedClosed(HOUR_MS));
  datadog.injectFault({ request: 'POST .*/(status|description)$', response });
  const { result, warnings } = await reopenCase(closed);
  expect(result).toBeUndefined();
  expect(warnings).toEqual([text.replace('HOST', new URL(datadog.url).host)]);
});

test('comments on the pull request as on every failure', async () => {
  seedClosed(HOUR_MS);
  const core = await openCase({
    dedup_key: DEDUP_KEY,
    reopen_within: '24',
    pr_comment: 'true',
    pr_number: '12',
    run_context: 'false',
  });
  expect(core.outputs.outcome).toBe('reopened');
  expect(core.messages('warning')).toBe('');
  expect(github.comments).toHaveLength(1);
});

test('leaves the description alone if the case could not be fetched', async () => {
  const stored = seedClosed(HOUR_MS, { description: `Old.\n\n${REFERENCE}, opened by run 1 of acme/shop` });
  const closed = parse(stored);
  stored.attributes.description = `New.\n\n${REFERENCE}, opened by run 1 of acme/shop`;
  datadog.injectFault(
    { request: `GET .*/${stored.id}$`, response: { status: 403 } },
    {
      request: 'POST .*/status$',
      phase: 'after',
      response: { status: 200, body: { data: { id: stored.id, attributes: { status: 'OPEN' } } } },
    },
  );
  const { result, warnings } = await reopenCase(closed);
  expect(result?.outcome).toBe('reopened');
  expect(stored.attributes.description).toMatch(/^New\..*opened by run 1 of acme\/shop$/s);
  expect(warnings).toEqual([
    `Could not fetch the description of ${stored.id}, so this run was not recorded in it. An older run may close the case.`,
  ]);
});
