import { expect, test } from '@jest/globals';
import { PROJECT } from '../support/fake-datadog/catalog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { findIssues, parseEnv, VALID_ENV } from '../support/parse-env.ts';
import { revealAll } from '../support/reveal.ts';
import { runStep, type StepOptions, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock, ...options });
}

const ORG_UUID = '0b9a1c2d-1111-4222-8333-444455556666';
const WITHOUT_KEYS = { api_key: '', app_key: '' };

/** https://docs.github.com/code-security/dependabot/troubleshooting-dependabot/troubleshooting-dependabot-on-github-actions */
const EVENTS_WITHOUT_DEPENDABOT_SECRETS = [
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'create',
  'deployment',
  'deployment_status',
];

function byDependabot(eventName: string) {
  return { GITHUB_ACTOR: 'dependabot[bot]', GITHUB_EVENT_NAME: eventName };
}

/** The payload of a pull request from a repository, or from one that was deleted. */
function pullRequestEvent(head: string | null, author = 'octocat') {
  return {
    pull_request: {
      user: { login: author },
      head: { repo: head === null ? null : { full_name: head } },
      base: { repo: { full_name: 'acme/shop' } },
    },
  };
}

test.each([
  [
    { DD_API_KEY: 'a', DD_APP_KEY: 'b' },
    { kind: 'keys', apiKey: 'a', appKey: 'b' },
  ],
  [
    { DATADOG_API_KEY: 'a', DATADOG_APP_KEY: ' b\n' },
    { kind: 'keys', apiKey: 'a', appKey: 'b' },
  ],
  [
    { DD_ACCESS_TOKEN: 't', DD_API_KEY: 'a' },
    { kind: 'token', token: 't' },
  ],
  [
    { DD_ACCESS_TOKEN: 't', INPUT_API_KEY: 'a', DD_APP_KEY: 'b' },
    { kind: 'keys', apiKey: 'a', appKey: 'b' },
  ],
  [
    { INPUT_ACCESS_TOKEN: 't', INPUT_API_KEY: 'a', INPUT_APP_KEY: 'b' },
    { kind: 'token', token: 't' },
  ],
  [
    { INPUT_ORG_UUID: ORG_UUID.toUpperCase(), DD_API_KEY: 'a', DD_APP_KEY: 'b', DD_ACCESS_TOKEN: 't' },
    { kind: 'oidc', audience: `datadog/${ORG_UUID}` },
  ],
  [
    { INPUT_ORG_UUID: ORG_UUID, INPUT_OIDC_AUDIENCE: 'other' },
    { kind: 'oidc', audience: 'other' },
  ],
  [{ DD_ORG_UUID: ORG_UUID }, { kind: 'oidc', audience: `datadog/${ORG_UUID}` }],
  [
    { DATADOG_ORG_UUID: ` ${ORG_UUID.toUpperCase()}`, DD_API_KEY: 'a' },
    { kind: 'oidc', audience: `datadog/${ORG_UUID}` },
  ],
  [
    { DD_ORG_UUID: ORG_UUID, DD_API_KEY: 'a', DD_APP_KEY: 'b' },
    { kind: 'keys', apiKey: 'a', appKey: 'b' },
  ],
  [
    { DD_ORG_UUID: ORG_UUID, DD_ACCESS_TOKEN: 't' },
    { kind: 'token', token: 't' },
  ],
])('uses the credentials of %j', async (env, credentials) => {
  const inputs = await parseEnv({ INPUT_TITLE: 't', INPUT_PROJECT: PROJECT.id, ...env });
  expect(revealAll(inputs.credentials)).toEqual(credentials);
});

test('asks to choose between org_uuid and keys that are both inputs', async () => {
  const issues = await findIssues({ ...VALID_ENV, INPUT_ORG_UUID: ORG_UUID });
  expect(issues).toEqual({
    org_uuid: 'is set together with api_key and app_key. Use either org_uuid or stored credentials.',
  });
});

test.each(['acme', `${ORG_UUID}0`, 'https://app.datadoghq.com'])('rejects the org_uuid %s', async (text) => {
  const env = { ...VALID_ENV, INPUT_API_KEY: '', INPUT_APP_KEY: '', INPUT_ORG_UUID: text };
  expect((await findIssues(env)).org_uuid).toContain(`"${text}" is not valid`);
});

test('says what to check when a secret is empty', async () => {
  const issues = await findIssues({ ...VALID_ENV, INPUT_API_KEY: '', INPUT_APP_KEY: '' });
  expect(issues).toEqual({
    'api_key and app_key': expect.stringMatching(
      /^are empty\. Check that the secrets exist .*`environment:`/,
    ),
  });
  const oneIssue = await findIssues({ ...VALID_ENV, INPUT_APP_KEY: '' });
  expect(oneIssue).toEqual({
    app_key: expect.stringMatching(/^is empty\. .*under Organization Settings, Application Keys/),
  });
});

test.each([
  ['"0123456789abcdef"', 'begins and ends with a quotation mark'],
  ['{{ secrets.DD_APP_KEY }}', 'is the text of an expression'],
  ['secrets.DD_APP_KEY', 'is the text of an expression'],
])('rejects what is certainly no key, without repeating it: %s', async (text, message) => {
  const issues = await findIssues({ ...VALID_ENV, INPUT_APP_KEY: text });
  expect(issues.app_key).toContain(message);
  expect(issues.app_key).not.toContain(text);
});

test('warns that keys are ignored beside an access_token', async () => {
  const { warnings } = await parseEnv({ ...VALID_ENV, INPUT_ACCESS_TOKEN: 'token-0123456789' });
  expect(warnings).toEqual([{ input: 'access_token', text: 'is set, so api_key and app_key are ignored.' }]);
});

test('rejects a key with a line break without repeating it', async () => {
  const issues = await findIssues({ ...VALID_ENV, INPUT_APP_KEY: 'first line\nsecond line' });
  expect(issues.app_key).toContain('line break');
  expect(issues.app_key).not.toContain('second');
});

test.each([
  ['a fork', pullRequestEvent('eve/shop'), { GITHUB_EVENT_NAME: 'pull_request' }],
  ['a fork that is gone', pullRequestEvent(null), { GITHUB_EVENT_NAME: 'pull_request' }],
  ...EVENTS_WITHOUT_DEPENDABOT_SECRETS.map(
    (name) => [`${name} of Dependabot`, pullRequestEvent('acme/shop'), byDependabot(name)] as const,
  ),
  [
    'pull_request_target for a pull request of Dependabot',
    pullRequestEvent('acme/shop', 'dependabot[bot]'),
    byDependabot('pull_request_target'),
  ],
])('skips a run that GitHub gives no secrets: %s', async (_, event, env) => {
  const core = await openCase(WITHOUT_KEYS, { event, env });
  expect(core.outputs).toEqual({ outcome: 'skipped' });
  expect(core.hasFailed).toBe(false);
  expect(core.messages('notice')).toContain('no secrets');
});

test.each([
  ['a branch of the repository itself', pullRequestEvent('acme/shop'), { GITHUB_EVENT_NAME: 'pull_request' }],
  ['pull_request_target', pullRequestEvent('eve/shop'), { GITHUB_EVENT_NAME: 'pull_request_target' }],
  ['a push', {}, { GITHUB_EVENT_NAME: 'push' }],
  // The actor of a scheduled run is who last changed its cron line.
  ...['schedule', 'workflow_dispatch', 'release', 'workflow_run', 'merge_group'].map(
    (name) => [`${name}, also with Dependabot as its actor`, {}, byDependabot(name)] as const,
  ),
  [
    'pull_request_target that Dependabot started on a pull request of somebody else',
    pullRequestEvent('acme/shop', 'ada'),
    byDependabot('pull_request_target'),
  ],
])('missing credentials are an error for %s', async (_, event, env) => {
  const core = await openCase(WITHOUT_KEYS, { event, env });
  expect(core.hasFailed).toBe(true);
  expect(core.messages('error')).toContain('api_key');
});

test('sends nothing if both keys are the same', async () => {
  const core = await openCase({ app_key: validInputs(datadog).api_key ?? '' });
  expect(core.messages('error')).toContain('app_key is the same as api_key.');
  expect(datadog.requestLines).toEqual([]);
});

test.each(['first line\nsecond line', 'token\u00e9', 'secrets.GITHUB_TOKEN'])(
  'a github_token that cannot be one is ignored, with a warning that does not repeat it',
  async (github_token) => {
    const github = await FakeGitHub.start();
    const core = await openCase({ github_token }, { env: github.env() });
    expect(core.outputs.outcome).toBe('created');
    expect(core.messages('warning')).toMatch(
      /^github_token (?:contains|is the text) .* The input is ignored\.$/,
    );
    expect(core.visibleText).not.toContain(github_token.slice(0, 10));
    expect(github.requestLines).toEqual([]);
    await github.stop();
  },
);

test('opens a case for a fork that has credentials', async () => {
  const core = await openCase(
    {},
    { event: pullRequestEvent('eve/shop'), env: { GITHUB_EVENT_NAME: 'pull_request' } },
  );
  expect(core.outputs.outcome).toBe('created');
});
