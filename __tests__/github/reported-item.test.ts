import { expect, test } from '@jest/globals';
import { readReportedItem } from '../../src/github/reported-item.ts';
import { readRunContext } from '../../src/github/run-context.ts';

const HOME = 'https://github.example/acme/shop';
const SHA = 'b'.repeat(40);
const ENV = {
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_RUN_ID: '42',
};

function read(eventName: string, event: unknown, env: Record<string, string> = ENV) {
  const context = readRunContext({ ...env, GITHUB_EVENT_NAME: eventName }, event);
  return readReportedItem(context, event);
}

test.each(['push', 'workflow_run', 'deployment', 'pull_request', ''])('%s reports nothing else', (name) => {
  const event = { check_run: { id: 5 }, check_suite: { id: 6 }, workflow_run: { id: 7 } };
  expect(read(name, event)).toBeUndefined();
});

const OWN_PAGE = `${HOME}/runs/555`;

test.each([
  ['on the same server', `${HOME}/actions/runs/9/job/555`, `${HOME}/actions/runs/9/job/555`],
  ['with a query', `${HOME}/runs/555?check_suite_focus=true#x`, OWN_PAGE],
  ['on another server', 'https://evil.example/acme/shop/runs/555', OWN_PAGE],
  ['on a server with a longer name', 'https://github.example.evil.example/runs/555', OWN_PAGE],
  ['with another protocol', 'http://github.example/acme/shop/runs/555', OWN_PAGE],
  ['that is not a URL', 'javascript:alert(1)', OWN_PAGE],
  ['that is no text', 5, OWN_PAGE],
  ['that is missing', undefined, OWN_PAGE],
])('links a check whose page is one %s', (_, html_url, url) => {
  const check_run = { id: 555, name: 'lint', html_url, app: { slug: 'lint-bot' } };
  expect(read('check_run', { check_run })).toEqual({ kind: 'check', name: 'lint', url });
});

test('a check without a name is called like its app, and has no page without an ID', () => {
  const check_run = { id: 'x', app: { slug: 'lint-bot' } };
  expect(read('check_run', { check_run })).toEqual({ kind: 'check', name: 'lint-bot', url: '' });
});

test.each([
  [{ head_sha: SHA, app: { slug: 'lint-bot' } }, 'lint-bot', `${HOME}/commit/${SHA}/checks`],
  [{ head_sha: '../evil' }, '', ''],
])('links the checks of the commit of a check suite: %j', (check_suite, name, url) => {
  expect(read('check_suite', { check_suite })).toEqual({ kind: 'check-suite', name, url });
});

const RUN = { id: 9001, name: 'Deploy', run_number: 3 };

test.each([
  [RUN, 'Deploy #3', `${HOME}/actions/runs/9001`],
  [{ ...RUN, run_attempt: 2 }, 'Deploy #3', `${HOME}/actions/runs/9001/attempts/2`],
  [{ id: 'x' }, '', ''],
  [undefined, '', ''],
  [null, '', ''],
])('links the run that deployed: %j', (workflow_run, name, url) => {
  expect(read('deployment_status', { workflow_run })).toEqual({ kind: 'deployment', name, url });
});

test.each(['check_run', 'check_suite', 'deployment_status'])(
  '%s has no page without a repository',
  (name) => {
    const event = { check_run: { id: 5 }, check_suite: { head_sha: SHA }, workflow_run: RUN };
    expect(read(name, event, {})).toMatchObject({ url: '' });
    expect(read(name, undefined)).toMatchObject({ url: '' });
  },
);
