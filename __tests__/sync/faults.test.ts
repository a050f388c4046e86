import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseReference } from '../../src/datadog/reference.ts';
import { parseTail } from '../../src/sync/case-state.ts';
import type { StoredCase } from '../support/fake-datadog/stored-case.ts';
import type { Fault } from '../support/fake-server.ts';
import { type GitHubRun, startGitHubRun } from '../support/github-run.ts';
import { useFakes } from '../support/use-fakes.ts';
import { result, sarif } from './reports.ts';
import { isOpen, runSync } from './run-sync.ts';

const fakes = useFakes();
const { datadog, clock } = fakes;

const results = (...rules: string[]) => rules.map((rule) => result({ rule }));
const more = result({ rule: 'grows', path: 'b.js', more: { level: 'error' } });
const sync = (entries: readonly unknown[], run: Pick<GitHubRun, 'datadog' | 'clock'> = fakes) =>
  runSync(run, { 'a.sarif': sarif(entries) });

/** Cases that will be unchanged, changed, closed and opened again, and the time at which they are so. */
let prepared: { readonly cases: readonly StoredCase[]; readonly time: number };
beforeAll(async () => {
  const run = await startGitHubRun();
  await sync(results('stays', 'grows', 'goes', 'returns'), run);
  await sync(results('stays', 'grows', 'goes'), run);
  prepared = structuredClone({ cases: run.datadog.cases, time: run.clock.time });
  await Promise.all([run.datadog.stop(), run.github.stop()]);
});
beforeEach(() => {
  const { cases, time } = structuredClone(prepared);
  datadog.cases.push(...cases);
  clock.time = time;
});

/** Does all that a run can do. */
const everything = () => sync([...results('stays', 'grows', 'returns', 'new'), more]);

/** What matters of the cases: for each item those that are open, and those that this action closed for good. */
function summarize(): string[] {
  return datadog.cases
    .flatMap((stored) => {
      const state = parseTail(parseReference(stored.attributes.description)?.tail ?? '');
      if (!state) return 'a case without its state';
      if (!isOpen(stored) && state.closedAs === 'duplicate') return [];
      const { memberCount, severity, closedAs, reopenCount } = state;
      const { title, priority } = stored.attributes;
      return `${title} ${isOpen(stored) ? 'open' : 'closed'} ${priority} ${memberCount} ${severity} ${closedAs} ${reopenCount}`;
    })
    .sort();
}

const EXPECTED = [
  'goes closed P3 1 medium gone 0',
  'grows open P2 2 high undefined 0',
  'new open P3 1 medium undefined 0',
  'returns open P3 1 medium undefined 1',
  'stays open P3 1 medium undefined 0',
];

test('without a fault, everything is done in one run', async () => {
  await everything();
  expect(summarize()).toEqual(EXPECTED);
});

const REQUESTS = [
  'GET /api/v2/cases$',
  'GET /api/v2/cases/[^/]+$',
  'POST /api/v2/cases$',
  'POST /api/v2/cases/[^/]+/description',
  'POST /api/v2/cases/[^/]+/status',
  'POST /api/v2/cases/[^/]+/priority',
  'POST /api/v2/cases/[^/]+/comment',
];
const FAULTS: Readonly<Record<string, Pick<Fault, 'response' | 'phase'>>> = {
  '500': { response: { status: 500 } },
  '500 after it was processed': { response: { status: 500 }, phase: 'after' },
  '403': { response: { status: 403, body: { errors: ['Forbidden'] } } },
  '400': { response: { status: 400, body: { errors: ['Bad Request'] } } },
  '429': { response: { status: 429, headers: { 'X-RateLimit-Reset': '1' } } },
  'a broken connection': { response: 'drop' },
  'a broken connection after it was processed': { response: 'drop', phase: 'after' },
  'no response': { response: 'hang' },
  'no response after it was processed': { response: 'hang', phase: 'after' },
};

describe.each(REQUESTS)('%s', (request) => {
  for (const [name, fault] of Object.entries(FAULTS))
    for (const times of [1, Number.POSITIVE_INFINITY])
      test(`${name}, ${times === 1 ? 'once' : 'always'}: a clean run makes it good`, async () => {
        const active = { request, times, ...fault };
        datadog.injectFault(active);
        await everything();
        active.times = 0;
        await everything();
        expect(summarize()).toEqual(EXPECTED);
        datadog.requests.length = 0;
        await everything();
        expect(datadog.requestLines.filter((line) => line.startsWith('POST'))).toEqual([]);
      });
});
