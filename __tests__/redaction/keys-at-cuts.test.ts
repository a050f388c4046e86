import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEPLOYMENT_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { KEY, ROTATION_COUNT, writeAtCuts, writeAtCutsFromEnd } from '../support/key-leaks.ts';
import { seedKeyedCase } from '../support/keyed-case.ts';
import { useLeakRun } from '../support/run-for-leaks.ts';
import type { StepOptions } from '../support/run-step.ts';
import { failing, junit, result, sarif } from '../sync/reports.ts';

const leakRun = useLeakRun();

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'case-leaks-'));
});
afterAll(() => rm(workspace, { recursive: true }));

/** Puts a text into one place of a step. Everything else stays as it is. */
type Place = (text: string) => StepOptions | Promise<StepOptions>;

const envPlace =
  (name: string): Place =>
  (text) => ({ env: { [name]: text } });

function responsePlace(request: string, respond: (text: string) => { status: number; body: unknown }): Place {
  return (text) => {
    leakRun().datadog.injectFault({ request, times: 1, response: respond(text) });
    return {};
  };
}

function failedJob(job: string, step: string, lines: string): StepOptions {
  const steps = [{ number: 1, name: step, conclusion: 'failure' }];
  const log = `2026-01-02T03:04:05.1Z ${lines}\n2026-01-02T03:04:05.2Z ##[error]Failed.`;
  leakRun().github.jobs = [{ id: 5, name: job, conclusion: 'failure', steps, log }];
  return { inputs: { log_lines: '10' } };
}

async function reportPlace(name: string, content: string): Promise<StepOptions> {
  await writeFile(join(workspace, name), content);
  return {
    entryPoint: 'sync',
    inputs: { files: name },
    env: { GITHUB_WORKSPACE: workspace, GITHUB_REF_NAME: 'main' },
    event: { repository: { default_branch: 'main' } },
  };
}

/** A text in XML, which has no control characters. */
const toXml = (text: string) =>
  text.replaceAll('\u001b', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const PLACES: Readonly<Record<string, Place>> = {
  'a file': (text) => ({ inputs: { description_file: 'report.md' }, files: { 'report.md': text } }),
  'a line of attributes': (text) => ({ inputs: { attributes: `env: ${text}` } }),
  'custom attributes': (text) => ({
    inputs: { type_id: DEPLOYMENT_TYPE_ID, custom_attributes: `summary: ${text}\nfailures: ${text}` },
  }),
  'a wrong e-mail address': (text) => ({ inputs: { assignee: `${text}@acme.example` } }),
  'invalid JSON': (text) => ({ inputs: { attributes: `{"${text}` } }),
  'the branch': envPlace('GITHUB_REF_NAME'),
  'the workflow': envPlace('GITHUB_WORKFLOW'),
  'the actor': envPlace('GITHUB_ACTOR'),
  'the variable of the site': envPlace('DD_SITE'),
  'the variable of the organization': (text) => ({
    inputs: { api_key: '', app_key: '' },
    env: { DD_ORG_UUID: text, ACTIONS_ID_TOKEN_REQUEST_URL: 'https://tokens.example' },
  }),
  'the address of GitHub': envPlace('GITHUB_API_URL'),
  'a variable that is an input of an unknown name': (text) => ({ env: { [`INPUT_${text}`]: 'x' } }),
  'an event': (text) => ({
    inputs: { mode: 'auto' },
    env: { GITHUB_EVENT_NAME: 'workflow_run' },
    event: {
      action: 'completed',
      head_commit: { message: text },
      workflow_run: { name: text, path: text, head_branch: text, conclusion: 'failure' },
    },
  }),
  'the result of an event': (text) => ({
    inputs: { mode: 'auto' },
    env: { GITHUB_EVENT_NAME: 'workflow_run' },
    event: { action: 'completed', workflow_run: { name: 'Deploy', path: 'a.yml', conclusion: text } },
  }),
  'a job': (text) => failedJob(text, 'Run', 'x'),
  'a step': (text) => failedJob('test', text, 'x'),
  'a log line': (text) => failedJob('test', 'Run', text),
  'the lines of a log': (text) => failedJob('test', 'Run', text.replaceAll(' x x', '\nx ')),
  'an error of the API': responsePlace('POST /api/v2/cases$', (text) => ({
    status: 400,
    body: { errors: [{ title: text, detail: text, meta: { key: text } }] },
  })),
  'an error as text': responsePlace('POST /api/v2/cases$', (text) => ({ status: 403, body: text })),
  'a success that is no JSON': responsePlace('POST /api/v2/cases$', (text) => ({ status: 200, body: text })),
  'the title of the open case': (text) => {
    seedKeyedCase(leakRun().datadog, { title: text });
    return { inputs: { pr_comment: 'true', pr_number: '12' } };
  },
  'the description of the open case': (text) => {
    seedKeyedCase(leakRun().datadog, { description: text });
    return {};
  },
  'an error of GitHub': (text) => {
    const response = { status: 500, body: { message: text } };
    leakRun().github.injectFault({ request: '.*/jobs$', times: 1, response });
    return {};
  },
  'a finding': (text) => reportPlace('a.sarif', sarif([result({ rule: text, message: text, path: text })])),
  'the text of a failing test': (text) => reportPlace('a.xml', junit(failing('test', toXml(text)))),
  'the name of a failing test': (text) =>
    reportPlace('b.xml', junit(failing(toXml(text).replace(/["\n\r]/g, ' ')))),
  'the name of a report': (text) => reportPlace(`${'x'.repeat(text.length % 150)}${KEY}.xml`, 'x'),
  'the name of a tool': (text) =>
    reportPlace('d.sarif', JSON.stringify({ runs: [{ tool: { driver: { name: text } } }] })),
  'a report that is not valid': (text) => reportPlace('c.xml', `<testsuite><${toXml(text)}></testsuite>`),
};

test.each(Object.entries(PLACES).map(([name, place], index) => [name, place, index] as const))(
  'no part of a key leaves a step through %s, in any form and wherever it is cut',
  async (_, place, index) => {
    const { datadog, findLeaksOf } = leakRun();
    for (const [write, step] of [
      [writeAtCuts, 0],
      [writeAtCuts, 7],
      [writeAtCutsFromEnd, 0],
      [writeAtCutsFromEnd, 7],
    ] as const) {
      datadog.cases.length = 0;
      const rotation = (2 * index + step) % ROTATION_COUNT;
      const leaks = await findLeaksOf(await place(write(rotation)));
      expect([write.name, rotation, leaks]).toEqual([write.name, rotation, []]);
    }
  },
);
