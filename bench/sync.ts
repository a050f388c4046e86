import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseReference } from '../src/datadog/reference.ts';
import { actionEnv, datadog, type Env, reset, workspace } from './environment.ts';
import { measurePeakMemory, measureTime, renderTable } from './measure.ts';

const COUNT = 1000;
const JUNIT_MIB = 60;
const RATE = 15;
const COMMAND = [process.execPath, resolve('dist/sync.js')];

/** A run on the default branch. Later runs have higher numbers. */
function syncEnv(file: string, inputs: Env = {}): Env {
  const eventPath = join(workspace, 'sync-event.json');
  writeFileSync(eventPath, JSON.stringify({ repository: { default_branch: 'main' } }));
  return actionEnv(
    { title: '', files: file, max_new: String(COUNT), timeout: '600', ...inputs },
    {
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_REF_NAME: 'main',
      GITHUB_RUN_ID: '7',
      GITHUB_EVENT_PATH: eventPath,
    },
  );
}

function subject(file: string, inputs?: Env) {
  return { command: COMMAND, env: syncEnv(file, inputs), setUp: () => undefined };
}

function writeSarif(): void {
  const results = Array.from({ length: COUNT }, (_, index) => ({
    ruleId: `rule-${index}`,
    message: { text: 'Unsafe' },
    locations: [{ physicalLocation: { artifactLocation: { uri: `src/file-${index}.js` } } }],
  }));
  const runs = [{ tool: { driver: { name: 'Scanner' } }, results }];
  writeFileSync(join(workspace, 'scan.sarif'), JSON.stringify({ version: '2.1.0', runs }));
}

function writeJUnit(): void {
  const output = '<system-out>some output of the test</system-out>';
  const failure = `<failure message="expected 1 to be 2">${'at com.acme.Shop.test(Shop.java:12)\n'.repeat(40)}</failure>`;
  const suites: string[] = [];
  for (let length = 0; length < JUNIT_MIB * 1024 * 1024; length += suites.at(-1)?.length ?? 0) {
    const suite = suites.length;
    const tests = Array.from(
      { length: 200 },
      (_, test) =>
        `<testcase classname="com.acme.shop.Suite${suite}" name="test number ${test}" time="0.01">${test === 7 && suite % 4 === 0 ? failure : output}</testcase>`,
    );
    suites.push(`<testsuite name="suite ${suite}">${tests.join('\n')}</testsuite>`);
  }
  writeFileSync(join(workspace, 'junit.xml'), `<testsuites>${suites.join('\n')}</testsuites>`);
}

/** What syncing reports costs, and whether it is within its limits. */
export async function renderSync(): Promise<string> {
  reset();
  writeSarif();
  datadog.maxRequestsPerSecond = RATE;
  const openedMs = await measureTime(subject('scan.sarif'));
  datadog.maxRequestsPerSecond = Number.POSITIVE_INFINITY;
  const shared = datadog.cases.map(({ attributes }) => parseReference(attributes.description)?.shared);
  datadog.requests.length = 0;
  const unchangedMs = await measureTime(subject('scan.sarif'));
  const requestCount = datadog.requests.length;
  const unchangedKib = await measurePeakMemory(subject('scan.sarif'));
  reset();
  writeJUnit();
  const junit = subject('junit.xml', { max_new: '0' });
  const junitMs = await measureTime(junit);
  const junitKib = await measurePeakMemory(junit);
  for (const file of ['scan.sarif', 'junit.xml']) rmSync(join(workspace, file));
  const row = (name: string, value: number, limit: number, unit: string) => [
    name,
    `${value.toFixed(0)}${unit}`,
    `${limit}${unit}`,
    value <= limit ? 'yes' : 'no',
  ];
  const seconds = (ms: number) => ms / 1000;
  return renderTable(
    ['measure', 'result', 'target', 'met'],
    [
      row(`${COUNT} unchanged cases: requests`, requestCount, 12, ''),
      row(`${COUNT} unchanged cases: time`, seconds(unchangedMs), 10, ' s'),
      row(`${COUNT} unchanged cases: peak memory`, unchangedKib / 1024, 150, ' MiB'),
      row(`${COUNT} new cases at ${RATE} requests a second: time`, seconds(openedMs), 90, ' s'),
      row(`${COUNT} new cases at ${RATE} requests a second: lost`, COUNT - new Set(shared).size, 0, ''),
      row(
        `${COUNT} new cases at ${RATE} requests a second: duplicates`,
        shared.length - new Set(shared).size,
        0,
        '',
      ),
      row(`JUnit report of ${JUNIT_MIB} MiB: time`, seconds(junitMs), 5, ' s'),
      row(`JUnit report of ${JUNIT_MIB} MiB: peak memory`, junitKib / 1024, 150, ' MiB'),
    ],
  );
}
