import { expect, test } from '@jest/globals';
import { InputError, SignInError } from '../../src/base/errors.ts';
import { explain } from '../../src/content/explain.ts';
import { LookupError, OutcomeUnknownError } from '../../src/datadog/errors.ts';
import { type ApiError, HttpError, TimeoutError, UnexpectedResponseError } from '../../src/http/errors.ts';

const HOST = 'api.datadoghq.eu';

function rejected(
  status: number,
  overrides: Partial<ConstructorParameters<typeof HttpError>[0]> = {},
): HttpError {
  return new HttpError({
    request: 'POST /cases',
    status,
    details: [{ text: 'No' }],
    retryAfterMs: undefined,
    host: HOST,
    source: 'from the input site',
    credentials: 'keys',
    provenAccess: 'none',
    ...overrides,
  });
}

const GATEWAY_FAULT = 'Datadog, or a gateway in front of it, is having problems.';
const WRONG_VALUES = 'Check project, type_id and the values that Datadog names, if any.';
const REDIRECT = 'Redirects are not followed, to keep the keys from other hosts.';

test.each([
  [300, 'access', `POST /cases returned 300: No. ${REDIRECT} Check site.`, true],
  [399, 'access', `POST /cases returned 399: No. ${REDIRECT} Check site.`, true],
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

test('says how long Datadog asks to wait, in whole seconds', () => {
  expect(explain(rejected(429, { retryAfterMs: 1500 })).text).toBe(
    'Rate limited: POST /cases returned 429: No. Datadog asks to wait 2 s, longer than `timeout` allows. Run the job again after that.',
  );
});

test.each([
  [302, `POST /cases returned 302: No. ${REDIRECT} Check api_url.`],
  [404, 'POST /cases returned 404: No. Check project, type_id and api_url.'],
])('says to check api_url if the host of a response with the status %i comes from it', (status, text) => {
  expect(explain(rejected(status, { source: 'from the input api_url' })).text).toBe(text);
});

test.each([
  ['GET /cases', 'cases_read'],
  ['POST /cases', 'cases_write'],
])('names the permission that %s needs', (request, permission) => {
  expect(explain(rejected(401, { request, provenAccess: 'read' })).text).toBe(
    `${request} returned 401: No. Host: ${HOST} (from the input site). The credentials work: Datadog accepted them for another request of this step. The application key is probably missing the permission ${permission}.`,
  );
});

test.each<[string, string, ApiError[]]>([
  [
    'attribute',
    'POST /cases returned 404: Custom attribute not found. The case type has no such custom attribute: check custom_attributes and type_id.',
    [{ text: 'Custom attribute not found' }],
  ],
  [
    'attribute',
    'POST /cases returned 404: No custom; attribute. The case type has no such custom attribute (team, service): check custom_attributes and type_id.',
    [
      { text: 'No custom', key: 'team' },
      { text: 'attribute', key: 'service' },
    ],
  ],
  [
    'project',
    "POST /cases returned 404: Project of this type not found. No such project, or the application key can't access it.",
    [{ text: 'Project of this type not found' }],
  ],
  [
    'type',
    'POST /cases returned 404: Type not found. Check type_id, and that the case type is enabled in the project.',
    [{ text: 'Type not found' }],
  ],
])('explains what was not found: %s', (helpTopic, text, details) => {
  expect(explain(rejected(404, { details }))).toEqual({ helpTopic, text, isActionable: true });
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
