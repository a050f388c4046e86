import { expect, test } from '@jest/globals';
import { useFakes } from '../support/use-fakes.ts';
import { failing, junit, passing, result, sarif } from './reports.ts';
import { isOpen, runSync, type SyncOptions } from './run-sync.ts';

const fakes = useFakes();
const { datadog } = fakes;
type Files = Readonly<Record<string, string>>;

const SARIF = sarif([result()]);
const run = (more: object) => sarif([], more);

/** A report with one case, then one without it that must not close it, and what the summary says. */
const REPORTS: readonly [name: string, first: Files, second: Files, reason: string, options?: SyncOptions][] =
  [
    [
      'no file matches',
      { 'a.sarif': SARIF },
      {},
      'No file matches `*.sarif`',
      { inputs: { files: '*.sarif' } },
    ],
    [
      'no file matches one of the lines',
      { 'a.sarif': SARIF },
      { 'a.sarif': run({}) },
      'No file matches `b/*.sarif`',
      { inputs: { files: 'a.sarif\nb/*.sarif' } },
    ],
    ['another file', { 'a.sarif': SARIF }, { 'b.sarif': run({}) }, 'came from a file that was not read'],
    ['an empty file', { 'a.sarif': SARIF }, { 'a.sarif': '' }, '`a.sarif` is empty'],
    [
      'an empty file beside it',
      { 'a.sarif': SARIF },
      { 'a.sarif': run({}), 'b.sarif': ' ' },
      '`b.sarif` is empty',
    ],
    [
      'a file of another format',
      { 'a.sarif': SARIF },
      { 'a.sarif': '<html/>' },
      '`a.sarif` is not a JUnit report',
    ],
    ['text', { 'a.sarif': SARIF }, { 'a.sarif': 'failed' }, '`a.sarif` is neither SARIF nor JUnit nor JSON'],
    [
      'a file that is cut off',
      { 'a.sarif': SARIF },
      { 'a.sarif': run({}).slice(0, -1) },
      'is not a complete SARIF log',
    ],
    [
      'the JSON of npm audit',
      { a: '[{"key":"x"}]' },
      { a: '{\n"auditReportVersion": 2,\n"vulnerabilities": {}\n}' },
      '`a` is JSON in another format: convert it to a list such as `[{"key": "…", "title": "…"}]`',
    ],
    ['no runs', { 'a.sarif': SARIF }, { 'a.sarif': '{"version":"2.1.0"}' }, '`a.sarif` has no `runs`'],
    ['runs: null', { 'a.sarif': SARIF }, { 'a.sarif': '{"runs":null}' }, '`a.sarif` has no `runs`'],
    [
      'SARIF 1.0.0, as .NET writes it',
      { 'a.sarif': SARIF },
      {
        'a.sarif': JSON.stringify({
          version: '1.0.0',
          runs: [{ tool: { name: 'Scanner' }, results: [{ ruleId: 'X', level: 'pass', message: 'fine' }] }],
        }),
      },
      '`a.sarif` is in SARIF `1.0.0`, which is not read: set the tool to write SARIF 2.1.0 (for .NET, `dotnet build -p:ErrorLog=build.sarif%2Cversion=2.1`)',
    ],
    ['runs: []', { 'a.sarif': SARIF }, { 'a.sarif': '{"runs":[]}' }, 'of tools that are not in this report'],
    [
      'results: null',
      { 'a.sarif': SARIF },
      { 'a.sarif': run({ results: null }) },
      'has no `results` for `Scanner`',
    ],
    ['no results', { 'a.sarif': SARIF }, { 'a.sarif': run({ results: undefined }) }, 'has no `results`'],
    [
      'a failed execution',
      { 'a.sarif': SARIF },
      { 'a.sarif': run({ invocations: [{ executionSuccessful: false }] }) },
      'says that `Scanner` failed',
    ],
    [
      'an error notification',
      { 'a.sarif': SARIF },
      { 'a.sarif': run({ invocations: [{ toolExecutionNotifications: [{ level: 'error' }] }] }) },
      'holds an error of `Scanner`',
    ],
    [
      'another tool',
      { 'a.sarif': SARIF },
      { 'a.sarif': run({ tool: { driver: { name: 'Other' } } }) },
      '1 case of tools that are not in this report',
    ],
    [
      'a list with an entry that is no item',
      { a: '[{"key":"x"}]' },
      { a: '[{"title":"no key"}]' },
      "an entry that can't be read (number 1)",
    ],
    [
      'lines without an end',
      { a: '{"key":"x"}\n{"complete": true}' },
      { a: '{"key":"y"}' },
      'does not end with',
    ],
    [
      'a test that passed in a report that is cut off',
      { a: junit(failing('t')) },
      { a: junit(passing('t')).slice(0, -3) },
      'is not a complete JUnit report',
    ],
    [
      'a test that passed beside a file that is empty',
      { a: junit(failing('t')) },
      { a: junit(passing('t')), b: '' },
      '`b` is empty',
    ],
    [
      'a suite that counts failures and shows none',
      { a: junit(failing('t')) },
      { a: `<testsuite name="s" tests="2" failures="1">${passing('t')}</testsuite>` },
      'counts errors or failures in the suite `s`, but shows none',
    ],
    [
      'a test that was skipped in one suite and passed in another one',
      { a: junit(passing('t') + failing('t')) },
      { a: junit(`${passing('t')}<testcase classname="Shop" name="t"><skipped/></testcase>`) },
      'the test did not run, or not everywhere',
    ],
    ['a test that is missing', { a: junit(failing('t')) }, { a: junit('') }, 'the test did not run'],
  ];

test.each(REPORTS)('%s closes nothing', async (...row) => {
  const [, first, second, reason, options] = row;
  await runSync(fakes, first);
  const core = await runSync(fakes, second, options);
  expect(core.outputs).toMatchObject({ closed: '0', outcome: 'synced' });
  expect(core.summary).toContain(reason);
  const isComplete = core.outputs.complete === 'true';
  expect(core.messages('warning')).toContain(isComplete ? '' : reason);
  expect(core.messages('notice').includes('Datadog cases are in sync with the report')).toBe(isComplete);
  expect(isOpen(datadog.cases[0] ?? Object.create(null))).toBe(true);
});

test('open cases are counted even if the file that names their tool can not be read', async () => {
  await runSync(fakes, { 'a.sarif': SARIF });
  for (const text of ['', SARIF.slice(0, 40), '{"runs":[]}'])
    expect((await runSync(fakes, { 'a.sarif': text })).outputs).toMatchObject({ open: '1', closed: '0' });
  expect((await runSync(fakes, {}, { inputs: { files: '*.xml' } })).outputs).toMatchObject({
    open: '1',
    complete: 'false',
  });
});

test('a complete report does', async () => {
  await runSync(fakes, { 'a.sarif': SARIF });
  const core = await runSync(fakes, { 'a.sarif': run({}) });
  expect(core.outputs).toMatchObject({ closed: '1', complete: 'true' });
});

test('what is wrong with one tool of a file concerns only its cases', async () => {
  const log = (results: readonly unknown[], isBroken: boolean) =>
    JSON.stringify({
      runs: [
        { tool: { driver: { name: 'A' } }, results, invocations: [{ executionSuccessful: !isBroken }] },
        { tool: { driver: { name: 'B' } }, results },
      ],
    });
  await runSync(fakes, { a: log([result()], false) });
  expect((await runSync(fakes, { a: log([], true) })).outputs).toMatchObject({ closed: '1', open: '1' });
});

test('good files still open cases', async () => {
  const core = await runSync(fakes, { 'a.sarif': SARIF, 'b.sarif': '{' });
  expect(core.outputs).toMatchObject({ opened: '1', complete: 'false' });
});
