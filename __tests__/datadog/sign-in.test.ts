import { beforeEach, expect, test } from '@jest/globals';
import { DelegatedTokens } from '../support/fake-datadog/delegated-tokens.ts';
import { allowKeylessSignIn, keylessInputs } from '../support/keyless-run.ts';
import { runStep, type StepOptions } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock } = useFakes();
beforeEach(() => {
  allowKeylessSignIn(datadog, github);
});

function openCase(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return runStep({ inputs: { ...keylessInputs(datadog), ...inputs }, env: github.env(), clock, ...options });
}

test('signs in with the identity of the job, and opens the case with the token it gets', async () => {
  const core = await openCase();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe('');
  expect(github.requestLines).toEqual(['GET /idtoken']);
  expect(github.requests[0]?.query.get('audience')).toBe(`datadog/${DelegatedTokens.orgUuid}`);
  expect(datadog.requestLines).toEqual(['POST /api/v2/delegated-token', 'POST /api/v2/cases']);
  expect(datadog.requests[0]?.headers).toMatchObject({
    authorization: `Delegated ${github.identityTokens[0]}`,
    'content-type': 'application/json',
    'user-agent': expect.stringContaining('datadog-case-action'),
  });
  expect(datadog.requests[1]?.headers.authorization).toBe('Bearer sandbox-delegated-token-0');
  expect(datadog.requests[1]?.headers).not.toHaveProperty('dd-api-key');
});

test('signing in does not prove that the token may change cases', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: { status: 403 } });
  const core = await openCase();
  expect(core.messages('error')).toContain('is probably missing the permission cases_write');
  expect(core.messages('error')).not.toContain('accepted other changes');
});

test('signs in to close a case too', async () => {
  const core = await openCase({ mode: 'close', title: '', dedup_key: 'k' });
  expect(core.outputs.outcome).toBe('none');
});

test('requests an identity token for the audience in oidc_audience', async () => {
  datadog.delegatedTokens.audience = 'https://datadog.example/a b&c'.replace(' ', '+');
  const core = await openCase({ oidc_audience: datadog.delegatedTokens.audience });
  expect(core.outputs.outcome).toBe('created');
});

test('prefers org_uuid to keys in the environment', async () => {
  const env = { ...github.env(), DD_API_KEY: 'environment-key', DD_ACCESS_TOKEN: 'environment-token' };
  expect((await openCase({}, { env })).outputs.outcome).toBe('created');
  expect(datadog.requests[1]?.headers.authorization).toContain('sandbox-delegated-token');
});

test('names the permission, with YAML, when the job may not request a token', async () => {
  github.permissions.delete('id-token: write');
  const core = await openCase({}, { env: { ...github.env(), GITHUB_ACTION_REPOSITORY: 'o/r' } });
  expect(core.messages('error')).toContain('permissions:\n  id-token: write\n');
  expect(core.messages('error')).toContain('/o/r/blob/HEAD/docs/keyless.md');
  expect(core.outputs).toEqual({ outcome: 'failed' });
  expect(datadog.requests).toEqual([]);
});

test('skips a pull request from a fork, whose job can get no token', async () => {
  github.permissions.delete('id-token: write');
  const event = {
    pull_request: { head: { repo: { full_name: 'eve/shop' } }, base: { repo: { full_name: 'acme/shop' } } },
  };
  const core = await openCase({}, { event, env: github.env({ GITHUB_EVENT_NAME: 'pull_request' }) });
  expect(core.outputs).toEqual({ outcome: 'skipped' });
});

test.each([400, 401, 403, 404, 422])(
  'shows the claims to map when Datadog returns %d, and no part of the response',
  async (status) => {
    datadog.injectFault({
      request: 'POST /api/v2/delegated-token',
      response: { status, body: 'some words' },
    });
    const core = await openCase({ fail_on_error: 'config' });
    expect(core.hasFailed).toBe(true);
    expect(core.messages('error')).toContain(`returned ${status}`);
    expect(core.messages('error')).toContain('sub: "repo:acme/shop:ref:refs/heads/main"');
    expect(core.messages('error')).toContain(`aud: "datadog/${DelegatedTokens.orgUuid}"`);
    expect(core.messages('error')).toContain('Help: docs/keyless.md');
    expect(core.visibleText).not.toContain('some words');
    expect(datadog.requestLines).toHaveLength(1);
  },
);

test.each([401, 403, 404])('names the permission to check when GitHub returns %d', async (status) => {
  github.injectFault({ request: 'GET /idtoken', response: { status, body: 'some words' } });
  const core = await openCase({ fail_on_error: 'config' });
  expect(core.hasFailed).toBe(true);
  expect(core.messages('error')).toContain(`GitHub returned ${status} when asked for an identity token.`);
  expect(core.visibleText).not.toContain('some words');
  expect(datadog.requests).toEqual([]);
});

test.each(['GET /idtoken', 'POST /api/v2/delegated-token'])(
  'retries %s, and treats 503 as an outage',
  async (request) => {
    const server = request.startsWith('GET') ? github : datadog;
    server.injectFault({ request, times: 1, response: { status: 503 } });
    expect((await openCase()).outputs.outcome).toBe('created');
    server.injectFault({ request, response: { status: 503 } });
    const core = await openCase({ fail_on_error: 'config' });
    expect(core.hasFailed).toBe(false);
    expect(core.outputs.outcome).toBe('failed');
  },
);

test.each([
  ['GET /idtoken', {}],
  ['GET /idtoken', { value: 'short' }],
  ['GET /idtoken', { value: 'with a line\nbreak' }],
  ['GET /idtoken', 'text'],
  ['GET /idtoken', ''],
  ['POST /api/v2/delegated-token', {}],
  ['POST /api/v2/delegated-token', { data: [] }],
  ['POST /api/v2/delegated-token', { data: { attributes: { access_token: 'short' } } }],
  ['POST /api/v2/delegated-token', { data: { attributes: { access_token: 'with a line\nbreak' } } }],
  ['POST /api/v2/delegated-token', '<html>'],
])('reports that the response to %s has no token: %j', async (request, body) => {
  const server = request.startsWith('GET') ? github : datadog;
  server.injectFault({ request, response: { status: 200, body } });
  const core = await openCase();
  expect(core.messages('error')).toMatch(/response contains no (?:identity|access) token/);
  expect(datadog.cases).toEqual([]);
});

test('shows no claims of a rejected identity token that is not a JWT', async () => {
  github.injectFault({ request: 'GET /idtoken', response: { status: 200, body: { value: 'opaque-token' } } });
  const core = await openCase();
  expect(core.messages('error')).not.toContain('sub:');
  expect(core.messages('error')).toContain('returned 401');
});

test.each([
  ['30 minutes', 30 * 60, true, '3600', 1800],
  ['not said', 15 * 60, false, '3600', 900],
  ['an hour after timeout', 65 * 60, true, '300', undefined],
])('ends before the sign-in expires: %s', async (_, lifeSeconds, saysExpiry, timeout, seconds) => {
  Object.assign(datadog.delegatedTokens, { lifeMs: lifeSeconds * 1000, saysExpiry });
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: 'hang' });
  datadog.injectFault({ request: 'GET /api/v2/cases$', response: 'hang' });
  const startedAt = clock.time;
  const core = await openCase({ timeout });
  expect(clock.time - startedAt).toBeLessThanOrEqual((seconds ?? Number(timeout)) * 1000);
  if (seconds === undefined) expect(core.messages('info')).not.toContain('expires');
  else expect(core.messages('info')).toContain(`expires in ${seconds} s, earlier than timeout`);
});

test.each(['0', '-1', 'soon', '1700000000', null, {}, []])(
  'ignores the unusable expiry %j',
  async (expires) => {
    datadog.delegatedTokens.issued.set('sandbox-delegated-token-x', clock.time + 1e9);
    datadog.injectFault({
      request: 'POST /api/v2/delegated-token',
      response: {
        status: 200,
        body: { data: { attributes: { access_token: 'sandbox-delegated-token-x', expires } } },
      },
    });
    expect((await openCase()).outputs.outcome).toBe('created');
  },
);
