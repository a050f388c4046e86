import { expect, test } from '@jest/globals';
import type { AddressSource } from '../../src/base/address.ts';
import { explainAccess } from '../../src/content/explain-access.ts';
import { createHttpError } from '../support/request-errors.ts';

/** The explanation of a denied request that needs the permission `cases_write`, or another one. */
function explainDenied(overrides: Parameters<typeof createHttpError>[0] = {}, permission = 'cases_write') {
  const error = createHttpError({
    path: '/cases',
    status: 403,
    details: [{ text: 'Forbidden' }],
    host: 'api.datadoghq.eu',
    source: { kind: 'input', name: 'site' },
    ...overrides,
  });
  return explainAccess(error, permission);
}

test('lists what can be wrong if nothing is known about the credentials', () => {
  expect(explainDenied()).toEqual({
    text: 'POST /cases returned 403: Forbidden. Host: api.datadoghq.eu (from the input site). Check that (1) site is where you sign in, (2) api_key and app_key are valid and not swapped, (3) the application key has the permission cases_write.',
    helpTopic: 'access',
    isActionable: true,
  });
});

test.each<[string, AddressSource, string]>([
  ['from DD_SITE', { kind: 'variable', name: 'DD_SITE' }, 'DD_SITE is where you sign in'],
  ['the default site', { kind: 'default', name: 'site' }, 'site is where you sign in'],
  ['from the input api_url', { kind: 'input', name: 'api_url' }, 'api_url is a Datadog API'],
])('says to check the host as it was given: %s', (origin, source, check) => {
  expect(explainDenied({ source }).text).toBe(
    `POST /cases returned 403: Forbidden. Host: api.datadoghq.eu (${origin}). Check that (1) ${check}, (2) api_key and app_key are valid and not swapped, (3) the application key has the permission cases_write.`,
  );
});

test.each([
  ['token', '(2) access_token is valid and has not expired, (3) the token has the permission cases_write.'],
  ['identity', '(2) the service account is active, (3) the service account has the permission cases_write.'],
] as const)('says to check what the step signed in with: %s', (credentials, checks) => {
  expect(explainDenied({ credentials }).text).toBe(
    `POST /cases returned 403: Forbidden. Host: api.datadoghq.eu (from the input site). Check that (1) site is where you sign in, ${checks}`,
  );
});

test.each([
  ['keys', 'read', 'cases_write', 'application key'],
  ['token', 'read', 'cases_read', 'token'],
  ['identity', 'write', 'projects_read', 'service account'],
] as const)(
  'suspects a missing permission if the %s worked for a %s',
  (credentials, provenAccess, permission, holder) => {
    expect(explainDenied({ credentials, provenAccess }, permission)).toEqual({
      text: `POST /cases returned 403: Forbidden. Host: api.datadoghq.eu (from the input site). The credentials work: Datadog accepted them for another request of this step. The ${holder} is probably missing the permission ${permission}.`,
      helpTopic: 'access',
      isActionable: true,
    });
  },
);

test('does not guess the permission of a change if Datadog accepted another change', () => {
  expect(explainDenied({ provenAccess: 'write' })).toEqual({
    text: 'POST /cases returned 403: Forbidden. Host: api.datadoghq.eu (from the input site). Datadog accepted other changes with the same credentials. Ask a Datadog administrator which permission this one needs.',
    helpTopic: 'access',
    isActionable: true,
  });
});

test('suspects a gateway if one of the messages is a page', () => {
  const details = [
    { text: 'Forbidden' },
    { text: 'an HTML page (probably from a gateway)', isHtmlPage: true } as const,
  ];
  expect(explainDenied({ details, provenAccess: 'write' })).toEqual({
    text: 'POST /cases returned 403: Forbidden; an HTML page (probably from a gateway). Host: api.datadoghq.eu (from the input site). A gateway or proxy in front of Datadog may have blocked the request.',
    helpTopic: 'access',
    isActionable: true,
  });
});
