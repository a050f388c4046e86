import { expect, test } from '@jest/globals';
import {
  explainGitHubError,
  isGitHubRateLimit,
  lacksPermission,
  PullRequestError,
  readGitHubStatus,
} from '../../src/github/errors.ts';
import { HttpError, TransportError } from '../../src/http/errors.ts';

/** An error as octokit throws it. */
function octokitError(status: number | undefined, data: unknown): Error {
  return Object.assign(new Error('Octokit failed'), { status, response: { data } });
}

function named(name: string): Error {
  return Object.assign(new Error('https://github.example/logs?signature=1'), { name });
}

/** An error as octokit throws it if `fetch` fails. */
function fetchFailure(code: string, notSent: boolean): Error {
  const cause = new TransportError(Object.assign(new Error('Odd'), { code }), { notSent, proxy: undefined });
  return Object.assign(new Error('Octokit failed', { cause }), { status: 500 });
}

test.each([
  [404, { message: 'Not Found' }, 'GitHub returned 404: Not Found.'],
  [404, { message: 'See v1.2 of the docs. ' }, 'GitHub returned 404: See v1.2 of the docs.'],
  [404, {}, 'GitHub returned 404.'],
  [
    422,
    { message: 'Validation Failed', errors: ['body is too long', { message: 'body is odd' }, {}] },
    'GitHub returned 422: Validation Failed: body is too long: body is odd.',
  ],
  [422, { errors: [{ message: 'body is odd' }] }, 'GitHub returned 422: body is odd.'],
  [500, ' Server error \n', 'GitHub returned 500: Server error.'],
  [500, ' \n', 'GitHub returned 500.'],
  [500, 'a<b', 'GitHub returned 500: a<b.'],
  [502, '<html></html>', 'GitHub returned 502: an HTML page (probably from a gateway or proxy).'],
  [502, '  <html></html>', 'GitHub returned 502: an HTML page (probably from a gateway or proxy).'],
  [
    401,
    { message: 'Bad credentials' },
    "GitHub rejected github_token (401 Bad credentials). It has probably expired. If the workflow sets this input, check it, or remove it to use the job's own token.",
  ],
  [
    401,
    {},
    "GitHub rejected github_token (401). It has probably expired. If the workflow sets this input, check it, or remove it to use the job's own token.",
  ],
  [
    403,
    { message: 'Resource not accessible by integration.' },
    "github_token lacks a permission (403 Resource not accessible by integration). Add `actions: read` to the job's permissions.",
  ],
  [
    403,
    { message: 'You must have admin rights' },
    "github_token lacks a permission (403 You must have admin rights). Add `actions: read` to the job's permissions.",
  ],
  [
    403,
    { message: 'You have exceeded a secondary rate limit.' },
    "GitHub's rate limit for github_token is exceeded (403 You have exceeded a secondary rate limit). Run the job again later.",
  ],
  [429, {}, "GitHub's rate limit for github_token is exceeded (429). Run the job again later."],
  [403, { message: 'Repository was archived.' }, 'GitHub returned 403: Repository was archived.'],
  [404, { message: 'You must have admin rights' }, 'GitHub returned 404: You must have admin rights.'],
])('explains a response with the status %i and the body %j', (status, data, text) => {
  expect(explainGitHubError(octokitError(status, data), 'actions: read')).toBe(text);
});

test.each([
  [{ 'retry-after': '60' }, true],
  [{ 'x-ratelimit-remaining': '0' }, true],
  [{ 'x-ratelimit-remaining': '10' }, false],
])('tells a 403 with the headers %j for a rate limit: %s', (headers, expected) => {
  const response = { data: { message: 'Resource not accessible by integration' }, headers };
  const error = Object.assign(new Error('Octokit failed'), { status: 403, response });
  expect(isGitHubRateLimit(error)).toBe(expected);
  expect(lacksPermission(error)).toBe(!expected);
});

test('joins the messages of an error of the own client', () => {
  const error = new HttpError({
    method: 'GET',
    path: '/jobs',
    status: 400,
    details: [{ text: 'One' }, { text: 'Two' }],
    retryAfterMs: undefined,
    host: 'api.github.com',
    source: { kind: 'variable', name: 'GITHUB_API_URL' },
    credentials: 'token',
    provenAccess: 'none',
  });
  expect(explainGitHubError(error, 'actions: read')).toBe('GitHub returned 400: One; Two.');
  expect(readGitHubStatus(error)).toBe(400);
});

test.each([
  ['an error with a code', Object.assign(new Error('Odd'), { code: 'ECONNRESET' }), 'ECONNRESET'],
  ['a cause with a code', new Error('Odd', { cause: { code: 'ENOTFOUND' } }), 'ENOTFOUND'],
])('names the code of a failed connection: %s', (_, error, code) => {
  expect(explainGitHubError(error, 'actions: read')).toBe(`Could not connect to GitHub (${code}).`);
});

const REDIRECT =
  'GitHub answered with a redirect. The repository was probably renamed or moved: start a new run, which uses its new name.';

test.each<[string, unknown]>([
  ['the status 300', octokitError(300, {})],
  ['the status 399', octokitError(399, {})],
  ['no-redirect', fetchFailure('no-redirect', false)],
  ['invalid-redirect', fetchFailure('invalid-redirect', false)],
])('says what a redirect of GitHub means: %s', (_, error) => {
  expect(explainGitHubError(error, 'actions: read')).toBe(REDIRECT);
});

test.each([
  ['ECONNRESET', true, 'Could not connect to GitHub (ECONNRESET).'],
  ['ECONNRESET', false, 'Lost the connection to GitHub (ECONNRESET).'],
  ['EPROTO', true, 'Could not set up TLS with GitHub (EPROTO).'],
  ['HPE_INVALID_CONSTANT', false, 'No valid HTTP response from GitHub (HPE_INVALID_CONSTANT).'],
  ['Z_DATA_ERROR', false, 'Could not decompress the response of GitHub (Z_DATA_ERROR).'],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    true,
    "GitHub's certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN). Set NODE_EXTRA_CA_CERTS on the runner to the file with its CA certificate.",
  ],
])('says how far a request got that failed with %s (not sent: %s)', (code, notSent, text) => {
  const failure = fetchFailure(code, notSent);
  expect(explainGitHubError(failure, 'actions: read')).toBe(text);
  expect(explainGitHubError(failure.cause, 'actions: read')).toBe(text);
});

test.each([
  [
    'an aborted request',
    Object.assign(new Error('Odd'), { type: 'aborted' }),
    'GitHub did not respond in time.',
  ],
  ['node-fetch', named('FetchError'), 'Could not connect to GitHub.'],
  ['the own client', named('TransportError'), 'Could not connect to GitHub.'],
  ['an error without a response', Object.assign(new Error('Odd'), { status: 500 }), 'Odd.'],
  ['a response without a status', octokitError(undefined, 'Text'), 'Octokit failed.'],
  ['text that was thrown', 'Odd text', 'Odd text.'],
  ['nothing that was thrown', null, 'null.'],
])('explains a request without an answer: %s', (_, error, text) => {
  expect(explainGitHubError(error, 'actions: read')).toBe(text);
  expect(readGitHubStatus(error)).toBeUndefined();
});

test('an error about a pull request names it and keeps the cause', () => {
  const cause = new Error('Odd');
  const error = new PullRequestError(12, cause);
  expect(String(error)).toBe('PullRequestError: The pull request could not be commented on.');
  expect(error).toMatchObject({ pullRequestNumber: 12, cause });
});
