import { expect, test } from '@jest/globals';
import { DEPLOYMENT_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { keyedInputs, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep, type StepOptions, TestClock, TestCore } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const KEY = FakeDatadog.appKey;
/** Every eight characters of the key, except those that other texts have too. */
const PARTS = Array.from({ length: KEY.length - 7 }, (_, start) => KEY.slice(start, start + 8)).filter(
  (part) => !/^\d+$|^sandbox-$/.test(part),
);
/** Where texts are shortened: quotes, titles, code spans, lines, annotations, descriptions, logs. */
const CUTS = [80, 150, 200, 250, 300, 500, 1000, 4000, 10_000, 30_000, 60_000];
/** How much of the key is in front of the cut. */
const OFFSETS = [0, 4, 8, 12, 16, 20, KEY.length];

const { datadog, github } = useFakes();

/** Puts a text into one place of a step. Everything else stays as it is. */
type Place = (text: string) => Partial<StepOptions> & { readonly setUp?: () => void };

const inputPlace =
  (name: string, wrap = (text: string) => text): Place =>
  (text) => ({ inputs: { [name]: wrap(text) } });
const envPlace =
  (name: string): Place =>
  (text) => ({ env: { [name]: text } });
const responsePlace =
  (request: string, respond: (text: string) => { status: number; body: unknown }): Place =>
  (text) => ({ setUp: () => void datadog.injectFault({ request, times: 1, response: respond(text) }) });

function failedJob(job: string, step: string, line: string) {
  github.jobs = [
    {
      id: 5,
      name: job,
      conclusion: 'failure',
      steps: [{ number: 1, name: step, conclusion: 'failure' }],
      log: `2026-01-02T03:04:05.1Z ${line}\n2026-01-02T03:04:05.2Z ##[error]Failed.`,
    },
  ];
}

const PLACES: Readonly<Record<string, Place>> = {
  title: inputPlace('title'),
  description: inputPlace('description'),
  'a file': (text) => ({ inputs: { description_file: 'report.md' }, files: { 'report.md': text } }),
  'the name of a file': inputPlace('description_file'),
  attributes: inputPlace('attributes', (text) => `env: ${text}`),
  'custom attributes': (text) => ({
    inputs: { type_id: DEPLOYMENT_TYPE_ID, custom_attributes: `summary: ${text}\nfailures: ${text}` },
  }),
  'a wrong status': inputPlace('status_name'),
  'a wrong priority': inputPlace('priority'),
  'a wrong project': inputPlace('project'),
  'a wrong assignee': inputPlace('assignee', (text) => `${text}@acme.example`),
  'invalid JSON': inputPlace('attributes', (text) => `{"${text}`),
  'the branch': envPlace('GITHUB_REF_NAME'),
  'the workflow': envPlace('GITHUB_WORKFLOW'),
  'the actor': envPlace('GITHUB_ACTOR'),
  'a job': (text) => ({ setUp: () => failedJob(text, 'Run', 'x') }),
  'a step': (text) => ({ setUp: () => failedJob('test', text, 'x') }),
  'a log line': (text) => ({ inputs: { log_lines: '10' }, setUp: () => failedJob('test', 'Run', text) }),
  'an error of the API': responsePlace('POST /api/v2/cases$', (text) => ({
    status: 400,
    body: { errors: [{ title: text, detail: text, meta: { key: text } }] },
  })),
  'an error as text': responsePlace('POST /api/v2/cases$', (text) => ({ status: 403, body: text })),
  'a success that is no JSON': responsePlace('POST /api/v2/cases$', (text) => ({ status: 200, body: text })),
  'the title of the open case': (text) => ({
    inputs: { pr_comment: 'true', pr_number: '12' },
    setUp: () => void seedKeyedCase(datadog, { title: text }),
  }),
  'an error of GitHub': (text) => ({
    setUp: () => {
      github.injectFault({
        request: '.*/jobs$',
        times: 1,
        response: { status: 500, body: { message: text } },
      });
    },
  }),
};

/** Runs a step with debug logging on, and returns everything that leaves it except the headers that carry the keys. */
async function runWith({ setUp, ...options }: ReturnType<Place>): Promise<string> {
  setUp?.();
  datadog.requests.length = 0;
  github.requests.length = 0;
  const core = new TestCore();
  core.isDebugEnabled = true;
  await runStep({
    ...options,
    inputs: { ...keyedInputs(datadog), github_token: FakeGitHub.token, ...options.inputs },
    env: github.env({ ...options.env }),
    clock: new TestClock(),
    core,
  });
  const requests = [...datadog.requests, ...github.requests].map(
    ({ path, query, body }) => `${path} ${query} ${JSON.stringify(body)}`,
  );
  return [core.visibleText, ...requests].join('\n');
}

test.each(Object.entries(PLACES))(
  'no part of a key leaves a step through %s, wherever it is cut',
  async (_, place) => {
    for (const cut of CUTS)
      for (const offset of OFFSETS) {
        datadog.cases.length = 0;
        const text = `${'x '.repeat(Math.ceil(cut / 2)).slice(0, cut - offset)}${KEY} and more`;
        const sent = await runWith(place(text));
        const leaks = PARTS.filter((part) => sent.includes(part));
        expect([cut, offset, leaks]).toEqual([cut, offset, []]);
      }
  },
  60_000,
);
