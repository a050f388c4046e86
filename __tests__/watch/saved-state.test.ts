import { expect, test } from '@jest/globals';
import { restoreEnvironment } from '../../src/stages/saved-environment.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { runStep, TestCore, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob, startWatching } from '../support/watch-step.ts';

// What a watched job saves at its start, because the runner evaluates its inputs again at the end.

const { datadog, github, clock } = useFakes();

const LOST = 'the inputs could not be saved at the start of the job';

/** Runs both stages. The inputs of the end replace those of the start. */
async function watch(start: Record<string, string>, end: Record<string, string>): Promise<TestCore> {
  const { state } = await startWatching({ datadog, github, clock, inputs: start });
  const { title: _, ...inputs } = validInputs(datadog);
  const common = { github_token: FakeGitHub.token, matrix: 'null', run_context: 'false' };
  const atEnd = { ...inputs, ...common, ...start, job_status: 'failure', check_run_id: '70', ...end };
  const variables = Object.entries(atEnd).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const restored = restoreEnvironment({ ...github.env(), ...state, ...Object.fromEntries(variables) });
  const env = Object.entries(restored?.env ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return runStep({ entryPoint: 'watch-end', env: Object.fromEntries(env), clock });
}

/** A core whose state can't be written. */
function coreWithoutState(): TestCore {
  const core = new TestCore();
  Object.defineProperty(core.state, 'STATE_environment', {
    set: () => {
      throw new Error("EACCES: permission denied, open '/github/file_commands/save_state'");
    },
  });
  return core;
}

test('saves every input that is given', async () => {
  const core = await startWatching({
    datadog,
    github,
    clock,
    inputs: { dedup_key: 'nightly', priority: '' },
  });
  expect(core.state).toMatchObject({
    STATE_environment: '{}',
    STATE_input_api_url: datadog.url,
    STATE_input_api_key: FakeDatadog.apiKey,
    STATE_input_dedup_key: 'nightly',
    STATE_input_matrix: 'null',
  });
  expect(core.state).not.toHaveProperty('STATE_input_priority');
});

test('masks the keys before it saves them', async () => {
  const core = new TestCore();
  const masked: string[][] = [];
  for (const name of ['api_key', 'app_key'])
    Object.defineProperty(core.state, `STATE_input_${name}`, {
      set: () => void masked.push([...core.masked]),
    });
  await startWatching({ datadog, github, clock, core });
  expect(masked).toHaveLength(2);
  for (const secrets of masked)
    expect(secrets).toEqual(expect.arrayContaining([FakeDatadog.apiKey, FakeDatadog.appKey]));
});

test('sends the keys to the address of the start, whatever the address is at the end', async () => {
  const elsewhere = await FakeDatadog.start();
  try {
    const core = await watch({}, { api_url: elsewhere.url, site: 'datadoghq.eu' });
    expect(core.messages('notice')).toContain('Opened OPS-1');
    expect(elsewhere.requestLines).toEqual([]);
  } finally {
    await elsewhere.stop();
  }
});

test('all inputs may be empty at the end, as within nested composite actions', async () => {
  const inputs = { dedup_key: 'nightly', title: 'Backup', priority: 'P2' };
  const empty = Object.fromEntries(
    Object.keys({ ...validInputs(datadog), ...inputs }).map((name) => [name, '']),
  );
  const core = await watch(inputs, empty);
  expect(core.messages('warning')).toBe('');
  expect(datadog.cases).toMatchObject([{ attributes: { title: 'Backup', priority: 'P2' } }]);
});

test('what decides about the case is as it was at the start, and texts are as at the end', async () => {
  const end = { project: 'PAY', dedup_key: 'b', priority: 'P1', title: 'New', description: 'Later.' };
  await watch({ project: 'OPS', dedup_key: 'a', title: 'Old' }, end);
  expect(datadog.cases).toMatchObject([
    { key: 'OPS-1', attributes: { title: 'New', priority: 'NOT_DEFINED' } },
  ]);
  expect(datadog.lastDescription).toMatch(/^Later\./);
});

test.each([
  ['failure', 'opened'],
  ['success', 'closed'],
])('says once what is wrong with the inputs of a job that ends with %s', async (status, done) => {
  const core = await watch({ project: '' }, { job_status: status });
  expect(core.allMessages).toEqual([
    {
      kind: 'info',
      text: `No case was ${done}: the inputs are not valid, as the start of this job says.`,
    },
  ]);
  expect(core.summary).toBe('');
});

test.each([
  ['failure', 'opened'],
  ['success', 'closed'],
])('says at the end of a job with %s that no step has provided the keys', async (job_status, done) => {
  const keyless = { api_key: '', app_key: '' };
  const tolerant = await watch(keyless, { job_status });
  expect(tolerant.messages('warning')).toContain(`No case was ${done}. api_key and app_key are empty.`);
  expect(tolerant.hasFailed).toBe(false);
  const strict = await watch({ ...keyless, fail_on_error: 'true' }, { job_status });
  expect(strict.messages('error')).toContain(`No case was ${done}. api_key and app_key are empty.`);
  expect(strict.hasFailed).toBe(true);
});

test('says at the end what is wrong with the keys, beside what the start has said', async () => {
  const core = await watch({ project: '', api_key: '', app_key: '' }, {});
  expect(core.messages('warning')).toMatch(/project is required.*\napi_key and app_key are empty/);
});

test('says at the end that only one of the keys was provided', async () => {
  const core = await watch({ api_key: '', app_key: '' }, { api_key: FakeDatadog.apiKey });
  expect(core.messages('warning')).toMatch(/^No case was opened\. app_key is empty\./);
});

test('keys that are obtained during the job go to the address of the start', async () => {
  const keys = { api_key: FakeDatadog.apiKey, app_key: FakeDatadog.appKey };
  const core = await watch({ api_key: '', app_key: '' }, keys);
  expect(core.messages('notice')).toContain('Opened OPS-1');
});

test('a state that cannot be written is one warning, and the job is watched', async () => {
  const core = await startWatching({
    datadog,
    github,
    clock,
    core: coreWithoutState(),
    inputs: { api_url: '' },
  });
  expect(core.messages('warning')).toBe(
    "Could not save the inputs for the end of the job. EACCES: permission denied, open '/github/file_commands/save_state'. The end of this job reads the inputs again, and later steps may have changed them. Run the container as root, or make the files of the runner writable for its user.",
  );
  expect(core.messages('info')).toMatch(/^Watching this job\./);
  expect(core.hasFailed).toBe(false);
});

test.each([
  ['api_url', {}],
  ['HTTPS_PROXY', { https_proxy: 'http://proxy.example' }],
])('the start says that the end cannot report anything because of %s', async (name, env) => {
  const core = await startWatching({
    datadog,
    github,
    clock,
    env,
    core: coreWithoutState(),
    inputs: name === 'api_url' ? {} : { api_url: '' },
  });
  expect(core.messages('warning')).toContain(
    `The end of this job can't report anything, because ${name} is set, and a later step may have set it.`,
  );
});

test('a state that cannot be written does not hide wrong inputs', async () => {
  const core = await startWatching({
    datadog,
    github,
    clock,
    core: coreWithoutState(),
    inputs: { project: '' },
  });
  expect(core.messages('warning')).toContain('project is required');
});

test.each(['failure', 'success'])(
  'without its state, the end of a job with %s sends nothing to an address that a later step may have set',
  async (job_status) => {
    const core = await endWatchedJob({ datadog, github, clock, inputs: { job_status }, isStateLost: true });
    expect(datadog.requestLines).toEqual([]);
    expect(core.messages('warning')).toContain(
      `${LOST}, and api_url is set, and a later step may have set it.`,
    );
    expect(core.hasFailed).toBe(false);
  },
);

test('without its state, the end of a job sends nothing through a proxy', async () => {
  const core = await endWatchedJob({
    datadog,
    github,
    clock,
    inputs: { api_url: '' },
    env: { HTTPS_PROXY: 'http://proxy.example' },
    isStateLost: true,
  });
  expect(core.messages('warning')).toContain(`${LOST}, and HTTPS_PROXY is set`);
  expect(core.allMessages).toHaveLength(1);
});

test('without its state, a cancelled job changes nothing, as always', async () => {
  const inputs = { job_status: 'cancelled' };
  const core = await endWatchedJob({ datadog, github, clock, inputs, isStateLost: true });
  expect(core.messages('warning')).toBe('');
});
