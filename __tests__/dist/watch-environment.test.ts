import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sharedWords } from '../../src/datadog/reference.ts';
import { PROJECT } from '../support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { type WatchedJobRun, watchJob } from '../support/run-watched-job.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog, github } = useFakesInRealTime();
let elsewhere: FakeDatadog;
beforeEach(async () => {
  elsewhere = await FakeDatadog.start();
});
afterEach(() => elsewhere.stop());

function watch(overrides: Partial<WatchedJobRun>) {
  return watchJob(datadog, github, overrides);
}

// The runner sets the inputs that an action declares. It passes on other variables as they are.
test('a later step can neither redirect the keys nor change what is done by setting inputs', async () => {
  const { end } = await watch({
    laterEnv: {
      'INPUT_API-URL': elsewhere.url,
      'INPUT_DEDUP-KEY': 'another',
      'INPUT_DRY-RUN': 'true',
      'INPUT_ON-CANCELLED': 'open',
    },
  });
  expect(end.log).toContain('Opened OPS-1');
  expect(end.log).not.toContain('is read as');
  expect(elsewhere.requestLines).toEqual([]);
});

test('an input that the workflow writes with a hyphen counts at the end of the job, too', async () => {
  const inputs = { ...validInputs(datadog), title: '', 'dedup-key': 'mine' };
  await watch({ inputs });
  const [reference] = sharedWords(PROJECT.id, 'mine');
  expect(datadog.cases[0]?.attributes.description).toContain(reference);
});

test('an earlier step cannot redirect the keys by setting an input with a hyphen', async () => {
  const { start, end } = await watch({ inputs: { 'api-url': elsewhere.url } });
  expect(start.log).toContain('"api-url" is ignored, because an earlier step could have set it');
  expect(end.log).toContain('Opened OPS-1');
  expect(elsewhere.requestLines).toEqual([]);
});

test('a later step cannot make Node print the requests', async () => {
  const { end } = await watch({ laterEnv: { NODE_DEBUG: 'http,https' } });
  expect(end.log).toContain('Opened OPS-1');
  expect(end.log).not.toMatch(/^HTTPS? \d+: /m);
});

/** What an earlier step can set to look like the end of a watched job, with a program for Node to run. */
const FORGED = {
  INPUT_INTERNAL_ACTION: 'watch',
  STATE_stage: 'end',
  STATE_environment: JSON.stringify({
    NODE_DEBUG: 'http',
    NODE_OPTIONS: '--import=data:text/javascript,console.log("injected")',
  }),
};

test('an earlier step cannot make the main action run a program or print its requests', async () => {
  const { log } = await runAction({ inputs: validInputs(datadog), env: FORGED });
  expect(log).toContain('Opened OPS-1');
  expect(log).not.toMatch(/^injected|^HTTPS? \d+: /m);
});

test('an earlier step cannot make a watched job run a program or print its requests', async () => {
  const { start, end } = await watch({ env: FORGED });
  expect(end.log).toContain('Opened OPS-1');
  for (const { log } of [start, end]) expect(log).not.toMatch(/^injected|^HTTPS? \d+: /m);
});

test('a later step cannot choose what the end of the job does', async () => {
  const { end } = await watch({ laterEnv: { INPUT_INTERNAL_ACTION: 'case', STATE_stage: 'start' } });
  expect(end.log).toContain('Opened OPS-1');
});

test('the end of the job starts again only once, however a name is written', async () => {
  const { end } = await watch({ laterEnv: { node_debug: 'http', Node_Extra_CA_Certs: 'x.pem' } });
  expect(end.log).toContain('Opened OPS-1');
});

test('the exit code is kept when the end of the job starts again', async () => {
  const inputs = { ...validInputs(datadog), title: '', project: 'NOPE', fail_on_error: 'true' };
  const { end } = await watch({ inputs, laterEnv: { NODE_DEBUG: 'http' } });
  expect(end.log).toContain('Project "NOPE" not found');
  expect(end.exitCode).toBe(1);
});

test('a cancellation reaches the end of the job if Node starts again in the environment of the start', async () => {
  const { promise: interrupt, resolve } = Promise.withResolvers<void>();
  datadog.beforeResponse = () => resolve();
  datadog.injectFault({ request: 'GET ', response: 'hang' });
  const { end } = await watch({ interrupt, laterEnv: { NODE_EXTRA_CA_CERTS: 'ca.pem' } });
  expect(end.log).toContain('The step was cancelled before this was done.');
  expect(end.exitCode).toBe(0);
});
