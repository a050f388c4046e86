import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listInputNames } from '../../src/inputs/schema.ts';
import type { EntryPoint } from '../../src/stages/step.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { findLeaks, KEY, KEY_FORMS } from '../support/key-leaks.ts';
import { keyedInputs } from '../support/keyed-case.ts';
import { runStep, TestClock, TestCore } from '../support/run-step.ts';

let datadog: FakeDatadog;
let github: FakeGitHub;
beforeAll(async () => {
  [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
});
afterAll(() => Promise.all([datadog.stop(), github.stop()]));

/** What a step may do. */
const MODES: readonly (readonly [EntryPoint, Readonly<Record<string, string>>])[] = [
  ['case', { mode: 'open' }],
  ['case', { mode: 'close' }],
  ['case', { mode: 'open', dry_run: 'true' }],
  ['watch-start', {}],
  ['watch-end', { job_status: 'failure' }],
  ['watch-end', { job_status: 'success' }],
];
/** What is in the inputs of credentials is a secret as a whole. */
const NAMES = [...new Set([...listInputNames('case'), ...listInputNames('watch')])].filter(
  (name) => !/^(?:api_key|app_key|access_token|github_token)$/.test(name),
);
/** Where texts are shortened: quotes, titles, code spans, lines, annotations, descriptions, logs. */
const CUTS = [80, 150, 200, 250, 300, 500, 1000, 4000, 10_000, 30_000, 60_000];
/** How much of the key is in front of each cut. */
const OFFSETS = [8, 14, 20];
/** The key in every form. */
const ALL_FORMS = Object.values(KEY_FORMS).flat().join(' and ');

/** A text that has the key at every cut. */
function writeAtCuts(offset: number): string {
  return CUTS.reduce((text, cut) => `${text.padEnd(cut - offset, ' x')}${KEY}`, '');
}

/** Runs all that a step may do with these inputs. Fails if anything but a header holds a part of the key. */
async function expectNoLeaks(inputs: Readonly<Record<string, string>>): Promise<void> {
  for (const [entryPoint, mode] of MODES) {
    datadog.cases.length = 0;
    datadog.requests.length = 0;
    const core = new TestCore();
    core.isDebugEnabled = true;
    await runStep({
      entryPoint,
      inputs: { ...keyedInputs(datadog), github_token: FakeGitHub.token, timeout: '10', ...mode, ...inputs },
      env: github.env(),
      files: { 'report.md': 'x' },
      clock: new TestClock(),
      core,
    });
    const sent = [
      core.visibleText,
      ...datadog.requests.map(({ path, query, body }) => `${path} ${query} ${JSON.stringify(body)}`),
    ].join('\n');
    expect([entryPoint, mode, findLeaks(sent)]).toEqual([entryPoint, mode, []]);
  }
}

test.each(NAMES)(
  'no part of a key leaves a step through the input %s, in any form and at any cut',
  async (name) => {
    for (const offset of OFFSETS) await expectNoLeaks({ [name]: writeAtCuts(offset) });
    await expectNoLeaks({ [name]: ALL_FORMS });
  },
  60_000,
);

test('no part of a key leaves a step through the name of an input, at any cut', async () => {
  for (const length of [0, 50, 56, 62, 68])
    for (const known of ['', 'title-', 'api-url'])
      await expectNoLeaks({ [`${known}${'x'.repeat(length)}${KEY}`]: 'x' });
});
