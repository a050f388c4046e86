import { expect, test } from '@jest/globals';
import { InputError, SignInError } from '../../src/base/errors.ts';
import { explain } from '../../src/content/explain.ts';
import { LookupError, OutcomeUnknownError } from '../../src/datadog/errors.ts';
import {
  type HttpError,
  ResponseTooLargeError,
  TimeoutError,
  UnexpectedResponseError,
} from '../../src/http/errors.ts';
import { createHttpError } from '../support/request-errors.ts';

const HOST = 'api.datadoghq.eu';
const PROJECT = '11111111-2222-4333-8444-555555555555';
const TYPE = '66666666-7777-4888-8999-aaaaaaaaaaaa';
const STANDARD = '00000000-0000-0000-0000-000000000001';

function rejected(status: number, overrides: Parameters<typeof createHttpError>[0] = {}): HttpError {
  return createHttpError({
    path: '/cases',
    status,
    details: [{ text: 'No' }],
    host: HOST,
    source: { kind: 'input', name: 'site' },
    ...overrides,
  });
}

const GATEWAY_FAULT = 'Datadog, or a gateway in front of it, is having problems.';
const WRONG_VALUES = 'Check project, type_id and the values that Datadog names, if any.';

function redirected(setting: string): string {
  return `Check ${setting}: a redirect usually means that it isn't the address of Datadog's API. Redirects are not followed, to keep the keys from other hosts.`;
}

test.each([
  [300, 'access', `POST /cases returned 300: No. ${redirected('site')}`, true],
  [399, 'access', `POST /cases returned 399: No. ${redirected('site')}`, true],
  [400, 'rejected', `POST /cases returned 400: No. ${WRONG_VALUES}`, true],
  [404, 'rejected', 'POST /cases returned 404: No. Check project, type_id and site.', true],
  [408, 'outage', `POST /cases returned 408: No. ${GATEWAY_FAULT}`, false],
  [409, 'rejected', `POST /cases returned 409: No. ${WRONG_VALUES}`, true],
  [
    429,
    'limited',
    'Rate limited: POST /cases returned 429: No. Run the job again later, or raise `timeout`.',
    false,
  ],
  [499, 'rejected', `POST /cases returned 499: No. ${WRONG_VALUES}`, true],
  [500, 'outage', `POST /cases returned 500: No. ${GATEWAY_FAULT}`, false],
])('explains a response with the status %i', (status, helpTopic, text, isActionable) => {
  expect(explain(rejected(status))).toEqual({ helpTopic, text, isActionable });
});

test('says how often it tried, and how long Datadog asks to wait, in whole seconds', () => {
  const error = rejected(429, { retryAfterMs: 1500 });
  error.tries = { count: 3, durationMs: 4100 };
  expect(explain(error).text).toBe(
    'Rate limited: POST /cases returned 429: No. Tried 3 times in 5 s. Datadog asks to wait 2 s. Run the job again later, or raise `timeout`.',
  );
});

test.each([
  [302, `POST /cases returned 302: No. ${redirected('api_url')}`],
  [404, 'POST /cases returned 404: No. Check project, type_id and api_url.'],
])('says to check api_url if the host of a response with the status %i comes from it', (status, text) => {
  expect(explain(rejected(status, { source: { kind: 'input', name: 'api_url' } })).text).toBe(text);
});

const BY_HAND =
  'Try it in Datadog by hand: the case may be archived, or a rule of its project may forbid it.';
const THIS_VALUE = 'Check that the project and the case type allow this value.';

test.each([400, 409, 422])('advises on a status %i by what was asked for', (status) => {
  const advice = (overrides: Parameters<typeof createHttpError>[0]) =>
    explain(rejected(status, { path: '/x', ...overrides })).text.replace(/^\w+ \/x returned \d+: No\./, '');
  expect(advice({ about: { project: PROJECT, type_id: TYPE } })).toBe(` ${WRONG_VALUES}`);
  expect(advice({ about: { case: 'abc' } })).toBe(` ${BY_HAND}`);
  expect(advice({ about: { case: 'abc', input: 'status' } })).toBe(` ${THIS_VALUE}`);
  expect(advice({ method: 'GET' })).toBe('');
  expect(advice({ method: 'GET', source: { kind: 'input', name: 'api_url' } })).toBe(
    ' Check that api_url is a Datadog API.',
  );
});

test('what was not found by a GET is not blamed on project or type_id', () => {
  expect(explain(rejected(404, { method: 'GET' })).text).toBe('GET /cases returned 404: No. Check site.');
});

test.each([
  ['GET', 'cases_read'],
  ['POST', 'cases_write'],
])('names the permission that %s needs', (method, permission) => {
  expect(explain(rejected(401, { method, provenAccess: 'read' })).text).toBe(
    `${method} /cases returned 401: No. Host: ${HOST} (from the input site). The credentials work: Datadog accepted them for another request of this step. The application key is probably missing the permission ${permission}.`,
  );
});

test.each<[string, string, Parameters<typeof createHttpError>[0]]>([
  [
    'attribute',
    'The case type has no such custom attribute (team, service): check custom_attributes and type_id.',
    {
      about: { project: PROJECT, type_id: TYPE },
      details: [
        { text: 'No', key: 'team' },
        { text: 'No', key: 'service' },
      ],
    },
  ],
  [
    'project',
    `Project ${PROJECT} doesn't exist, or the application key can't access it.`,
    { about: { project: PROJECT, type_id: STANDARD } },
  ],
  [
    'rejected',
    `Project ${PROJECT} or case type ${TYPE} doesn't exist, or the token can't access it.`,
    { about: { project: PROJECT, type_id: TYPE }, credentials: 'token' },
  ],
  [
    'rejected',
    "The case was deleted, or moved to a project that the application key can't access.",
    { about: { case: 'abc' } },
  ],
  [
    'rejected',
    "The case was deleted, or moved to a project that the service account can't access, or the user xyz doesn't exist.",
    { about: { case: 'abc', user: 'xyz' }, credentials: 'identity' },
  ],
])('explains what was not found, whatever the words of the response: %s', (helpTopic, text, overrides) => {
  const error = rejected(404, overrides);
  expect(explain(error)).toEqual({ helpTopic, text: `${error.message}. ${text}`, isActionable: true });
});

test.each([421, 425])('does not ask to change anything after status %d', (status) => {
  expect(explain(rejected(status))).toEqual({
    helpTopic: 'outage',
    text: `POST /cases returned ${status}: No. Run the job again later, or raise \`timeout\`.`,
    isActionable: false,
  });
});

test.each([
  [
    'an invalid input',
    new InputError([{ input: 'project', text: 'is required.' }], 'project'),
    { text: 'project is required.', helpTopic: 'project', isActionable: true },
  ],
  [
    'a failed sign-in',
    new SignInError('GitHub is down.', { isActionable: false }),
    { text: 'GitHub is down.', helpTopic: 'keyless', isActionable: false },
  ],
  [
    'a timeout',
    new TimeoutError('No response within 30 s.', { notSent: false }),
    {
      text: 'No response within 30 s. If the network is fine, raise `timeout`.',
      helpTopic: 'outage',
      isActionable: false,
    },
  ],
  [
    'a response that cannot be understood',
    new UnexpectedResponseError('The response has no case'),
    {
      text: 'The response has no case. If api_url is set, check that it is a Datadog API.',
      helpTopic: 'unclear',
      isActionable: false,
    },
  ],
  [
    'a response that is too large',
    new ResponseTooLargeError('The response to GET /cases is larger than 16 MiB.'),
    {
      text: 'The response to GET /cases is larger than 16 MiB. A gateway or proxy may have sent something else.',
      helpTopic: 'unclear',
      isActionable: false,
    },
  ],
  [
    'an internal error',
    new TypeError('x is odd'),
    { text: 'TypeError: x is odd', helpTopic: 'bug', isActionable: true },
  ],
  ['text that was thrown', 'odd', { text: 'Unexpected error: odd', helpTopic: 'bug', isActionable: true }],
  [
    'a lookup without permission',
    new LookupError('find the project "OPS"', 'projects_read', rejected(403, { provenAccess: 'read' })),
    {
      text: `Could not find the project "OPS". POST /cases returned 403: No. Host: ${HOST} (from the input site). The credentials work: Datadog accepted them for another request of this step. The application key is probably missing the permission projects_read.`,
      helpTopic: 'access',
      isActionable: true,
    },
  ],
  [
    'a lookup during an outage',
    new LookupError('find the project "OPS"', 'projects_read', rejected(500)),
    {
      text: `Could not find the project "OPS". POST /cases returned 500: No. ${GATEWAY_FAULT}`,
      helpTopic: 'outage',
      isActionable: false,
    },
  ],
  [
    'a case that may have been created',
    new OutcomeUnknownError('ref-1', new TimeoutError('No response.', { notSent: false })),
    {
      text: 'No response. If the network is fine, raise `timeout`. The case may have been created anyway. Search Datadog for ref-1 before opening one manually.',
      helpTopic: 'outage',
      isActionable: false,
      isOutcomeUnknown: true,
    },
  ],
])('explains %s', (_, error, explanation) => {
  expect(explain(error)).toEqual(explanation);
});
