import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { testOnUnix } from '../support/unix-files.ts';
import { useFakes } from '../support/use-fakes.ts';
import { failing, junit, result, sarif, withFiles } from './reports.ts';
import { briefly, listCases, runSync } from './run-sync.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const fakes = useFakes();

async function readSteps(name: string): Promise<readonly Step[]> {
  const workflow = parse(await readFile(`examples/${name}`, 'utf8')) as Workflow;
  return Object.values(workflow.jobs).flatMap(({ steps }) => steps);
}

/** The inputs of the step that syncs, as the example has them, except where requests go. */
async function readInputs(name: string): Promise<Record<string, string>> {
  const step = (await readSteps(name)).find(({ uses }) => uses?.startsWith('OWNER/REPO/sync@'));
  const given = Object.entries(step?.with ?? {}).filter(([input]) => !/_key$|^site$/.test(input));
  return Object.fromEntries(given.map(([input, value]) => [input, String(value).replace('SEC', 'OPS')]));
}

test('sync-sarif.yml', async () => {
  const core = await runSync(
    fakes,
    { 'results/scan.sarif': sarif([result()]) },
    { inputs: await readInputs('sync-sarif.yml') },
  );
  expect(core.messages('warning')).toBe('');
  expect(briefly(core)).toBe('synced opened=1 open=1');
});

test('sync-junit.yml', async () => {
  const files = { 'unit/TEST-a.xml': junit(failing('a')), 'e2e/junit.xml': junit(failing('b')) };
  const core = await runSync(fakes, files, { inputs: await readInputs('sync-junit.yml') });
  expect(core.messages('warning')).toBe('');
  expect(briefly(core)).toBe('synced opened=2 open=2');
});

/** What `gh api` prints for two alerts: the example's own program is not run, because that takes `gh`. */
const ALERTS =
  '{"key":"GHSA-1 lodash package-lock.json","title":"lodash: prototype pollution","severity":"high","url":"https://github.com/acme/shop/security/dependabot/1"}\n' +
  '{"key":"GHSA-2 qs package-lock.json","title":"qs: denial of service","severity":"moderate","url":"https://github.com/acme/shop/security/dependabot/2"}';

/** Runs the script of sync-alerts.yml as the runner does, and returns the list that it wrote. */
function runScript(gh: string): Promise<string> {
  return withFiles({ gh }, async (workspace) => {
    const script = (await readSteps('sync-alerts.yml')).find(({ run }) => run)?.run ?? '';
    await writeFile(join(workspace, 'step.sh'), script);
    await chmod(join(workspace, 'gh'), 0o755);
    const env = { PATH: `${workspace}:${process.env.PATH}`, GITHUB_REPOSITORY: 'acme/shop' };
    await promisify(execFile)('bash', ['-e', 'step.sh'], { cwd: workspace, env }).catch(() => undefined);
    return readFile(join(workspace, 'alerts.jsonl'), 'utf8');
  });
}

testOnUnix('sync-alerts.yml', async () => {
  const inputs = await readInputs('sync-alerts.yml');
  const list = await runScript(`#!/bin/sh\ncat <<'END'\n${ALERTS}\nEND\n`);
  expect(briefly(await runSync(fakes, { 'alerts.jsonl': list }, { inputs }))).toBe('synced opened=2 open=2');
  expect(listCases(fakes.datadog).sort()).toEqual([
    'lodash: prototype pollution open',
    'qs: denial of service open',
  ]);
  const broken = await runScript('#!/bin/sh\nexit 1\n');
  const core = await runSync(fakes, { 'alerts.jsonl': broken }, { inputs });
  expect(core.outputs).toMatchObject({ closed: '0', complete: 'false' });
});
