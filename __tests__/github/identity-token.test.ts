import { expect, test } from '@jest/globals';
import { type RequestInit, Response } from 'node-fetch';
import { type Env, markGiven } from '../../src/base/env.ts';
import { Redactor } from '../../src/base/redactor.ts';
import type { Unredacted } from '../../src/base/unredacted.ts';
import { fetchIdentityToken } from '../../src/github/identity-token.ts';
import { NetworkError } from '../../src/http/errors.ts';
import { issueIdentityToken } from '../support/fake-identity.ts';
import { revealAll } from '../support/reveal.ts';
import { TestClock } from '../support/run-step.ts';

const ENV = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://tokens.example/request?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'sandbox-request-token',
};
const TOKEN = issueIdentityToken({ jti: '1', aud: 'a', sub: 'repo:acme/shop' });
const MISSING_PERMISSION = `org_uuid: this job can't request an identity token from GitHub. Add this permission to those that the job already has:
permissions:
  id-token: write`;

/** Requests a token from a GitHub that always gives one response. */
function request(respond: () => Response, env: Env = ENV) {
  const clock = new TestClock();
  const requests: { url: string; init: RequestInit }[] = [];
  const secrets: string[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    requests.push({ url, init });
    return respond();
  };
  const client = {
    url: 'https://github.example',
    source: { kind: 'variable', name: 'a test' } as const,
    headers: { 'User-Agent': 'agent/1' },
    credentials: 'identity' as const,
    session: { provenAccess: 'none' as const },
    fetch,
    clock,
    random: () => 0.5,
    redactor: new Redactor(),
    deadlineMs: clock.time + 60_000,
    log: () => undefined,
  };
  const addSecret = (secret: Unredacted) => void secrets.push(secret.reveal());
  const result = fetchIdentityToken(client, markGiven(env), { audience: 'datadog/a b', addSecret });
  return { result, requests, secrets };
}

test('requests a token for the audience, and hides both tokens', async () => {
  const { result, requests, secrets } = request(() => new Response(JSON.stringify({ value: TOKEN })));

  expect(revealAll(await result)).toEqual({ token: TOKEN, subject: 'repo:acme/shop' });
  expect(secrets).toEqual(['sandbox-request-token', TOKEN]);
  expect(requests).toEqual([
    {
      url: 'https://tokens.example/request?api-version=2.0&audience=datadog%2Fa+b',
      init: expect.objectContaining({
        method: 'GET',
        headers: {
          Accept: 'application/json',
          Authorization: 'Bearer sandbox-request-token',
          'User-Agent': 'agent/1',
        },
      }),
    },
  ]);
});

test.each(['no-dots-at-all', 'aa.bm90IEpTT04.cc', 'aa.W10.ccc'])(
  'the subject of the token %s is empty',
  async (value) => {
    const { result } = request(() => new Response(JSON.stringify({ value })));
    expect(revealAll(await result)).toEqual({ token: value, subject: '' });
  },
);

test.each<[string, Env]>([
  ['nothing is set', {}],
  ['the address is missing', { ...ENV, ACTIONS_ID_TOKEN_REQUEST_URL: undefined }],
  ['the address is incomplete', { ...ENV, ACTIONS_ID_TOKEN_REQUEST_URL: 'https:' }],
  ['the address is not for the web', { ...ENV, ACTIONS_ID_TOKEN_REQUEST_URL: 'ftp://tokens.example/' }],
  ['the token is empty', { ...ENV, ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' }],
  ['the token is missing', { ...ENV, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined }],
])('asks for the permission if %s', async (_, env) => {
  const { result, requests, secrets } = request(() => new Response('{}'), env);
  await expect(result).rejects.toMatchObject({ message: MISSING_PERMISSION, isActionable: true });
  expect(requests).toEqual([]);
  expect(secrets).toEqual([]);
});

const CHECK = 'Check that the job has the permission id-token: write, and oidc_audience if it is set.';
const LATER = 'Run the job again later.';
test.each([
  [302, CHECK, true],
  [400, CHECK, true],
  [403, CHECK, true],
  [408, LATER, false],
  [429, LATER, false],
  [499, CHECK, true],
  [500, LATER, false],
  [503, LATER, false],
])('after the status %d, advises: %s', async (status, advice, isActionable) => {
  await expect(request(() => new Response('some words', { status })).result).rejects.toMatchObject({
    message: `org_uuid: GitHub returned ${status} when asked for an identity token. ${advice}`,
    isActionable,
  });
});

test.each(['', 'some words', '{}', '{"value":"short"}'])(
  'says that the response %j contains no token',
  async (body) => {
    await expect(request(() => new Response(body)).result).rejects.toMatchObject({
      message: "org_uuid: GitHub's response contains no identity token.",
      isActionable: false,
    });
  },
);

test('says why GitHub could not be reached', async () => {
  const { result } = request(() => {
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  });
  await expect(result).rejects.toMatchObject({
    message:
      'org_uuid: could not request an identity token from GitHub. GET /request failed: lost the connection to tokens.example (ECONNRESET).',
    isActionable: false,
    cause: expect.any(NetworkError),
  });
});
