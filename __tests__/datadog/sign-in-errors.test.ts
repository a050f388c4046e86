import { expect, test } from '@jest/globals';
import { Unredacted } from '../../src/base/unredacted.ts';
import { exchangeIdentityToken } from '../../src/datadog/sign-in.ts';
import { NetworkError } from '../../src/http/errors.ts';
import { createDatadogClient } from '../support/case-context.ts';
import type { Fault } from '../support/fake-server.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

async function signIn(response: Fault['response'], subject = 'repo:acme/shop') {
  datadog.injectFault({ request: 'POST /api/v2/delegated-token', response });
  const secrets: string[] = [];
  const addSecret = (secret: Unredacted) => void secrets.push(secret.reveal());
  const identity = { token: new Unredacted('sandbox-identity-token'), subject };
  const client = createDatadogClient(datadog, clock);
  const result = await exchangeIdentityToken(client, identity, { audience: 'datadog/1', addSecret });
  return { ...result, token: result.token.reveal(), secrets };
}

function succeed(expires?: unknown): Fault['response'] {
  return {
    status: 200,
    body: { data: { attributes: { access_token: 'sandbox-access-token', expires } } },
  };
}

const NOW_SECONDS = Date.parse('2026-01-02T03:04:05Z') / 1000;
test.each([
  ['a minute away', NOW_SECONDS + 60, 60],
  ['a minute away, as text', String(NOW_SECONDS + 60), 60],
  ['an hour away', NOW_SECONDS + 3600, 3600],
  ['less than a minute away', NOW_SECONDS + 59, 900],
  ['in the past', NOW_SECONDS - 60, 900],
  ['unknown', undefined, 900],
  ['null', null, 900],
  ['not a time', 'soon', 900],
])('a token whose expiry is %s lasts as long as that allows', async (_, expires, seconds) => {
  expect(await signIn(succeed(expires))).toEqual({
    token: 'sandbox-access-token',
    expiresAtMs: (NOW_SECONDS + seconds) * 1000,
    secrets: ['sandbox-access-token'],
  });
});

test.each([
  ['is empty', ''],
  ['is not JSON', '<html>'],
  ['has no token', {}],
  ['has a short token', { data: { attributes: { access_token: 'short' } } }],
])('says that there is no access token if the response %s', async (_, body) => {
  await expect(signIn({ status: 200, body })).rejects.toMatchObject({
    name: 'SignInError',
    message:
      "org_uuid: Datadog's response contains no access token. Keyless sign-in is a preview and may have changed: use keys instead.",
    isActionable: false,
  });
});

const LATER = 'Run the job again later.';
const REDIRECTED = 'Redirects are not followed. Check site and api_url.';
const UNMAPPED = `It doesn't accept this job's identity, or your organization doesn't have this preview. A Datadog administrator has to map the identity to a service account:
sub: "repo:acme/shop"
aud: "datadog/1"
Also check org_uuid and site.`;
test.each([
  [302, REDIRECTED, true],
  [399, REDIRECTED, true],
  [400, UNMAPPED, true],
  [401, UNMAPPED, true],
  [408, LATER, false],
  [429, LATER, false],
  [499, UNMAPPED, true],
  [500, LATER, false],
  [503, LATER, false],
])('explains the status %d', async (status, advice, isActionable) => {
  await expect(signIn({ status, body: 'some words' })).rejects.toMatchObject({
    name: 'SignInError',
    message: `org_uuid: Datadog (${new URL(datadog.url).host}) returned ${status} for keyless sign-in. ${advice}`,
    isActionable,
  });
});

test('leaves out the subject if it is unknown', async () => {
  await expect(signIn({ status: 401 }, '')).rejects.toMatchObject({
    message: `org_uuid: Datadog (${new URL(datadog.url).host}) returned 401 for keyless sign-in. It doesn't accept this job's identity, or your organization doesn't have this preview. A Datadog administrator has to map the identity to a service account:
aud: "datadog/1"
Also check org_uuid and site.`,
  });
});

test('throws the error of a broken connection as it is', async () => {
  await expect(signIn('drop')).rejects.toBeInstanceOf(NetworkError);
});
