import { toSentence } from '../base/errors.ts';
import { asArray, asRecord, asString } from '../base/json.ts';
import { errorCode, HttpError, UNKNOWN_CODE } from '../http/errors.ts';
import { CERTIFICATE_CODES, describeFailure } from '../http/failures.ts';

/** What is known about an error of GitHub's API, whether our own client or octokit threw it. */
interface GitHubFailure {
  /** The status of the response; `undefined` if there was none. */
  readonly status: number | undefined;
  /** GitHub's message, or else the error's own. */
  readonly message: string;
  readonly isRateLimit: boolean;
}

/** A pull request could not be found or commented on; the cause says why. */
export class PullRequestError extends Error {
  override name = 'PullRequestError';
  /** `undefined` if finding the pull request of the commit failed. */
  readonly pullRequestNumber: number | undefined;

  constructor(pullRequestNumber: number | undefined, cause: unknown) {
    super('The pull request could not be commented on.', { cause });
    this.pullRequestNumber = pullRequestNumber;
  }
}

/**
 * The server to which GitHub redirects for a log responded with an error. It gets no token, and its response isn't kept:
 * it may quote the address, which is signed.
 */
export class LogStorageError extends Error {
  override name = 'LogStorageError';
  readonly status: number;
  readonly host: string;

  constructor(status: number, host: string) {
    super(`GitHub's log storage (${host}) returned ${status}`);
    this.status = status;
    this.host = host;
  }
}

/** What GitHub says if the token may not do something. */
const PERMISSION_MESSAGES = /not accessible by|must have .*(?:rights|access|permission)/i;

/**
 * Explains in sentences why a request to GitHub failed, and what to do about it. `permission` is the one that the
 * request needs, such as `actions: read`. The text is not redacted.
 */
export function explainGitHubError(error: unknown, permission: string): string {
  if (error instanceof LogStorageError) return explainLogStorage(error);
  const { status, message, isRateLimit } = readGitHubFailure(error);
  if (status === undefined) return toSentence(message);
  if (status >= 300 && status < 400) return `${REDIRECT}.`;
  if (isRateLimit)
    return `GitHub's rate limit for github_token is exceeded (${endMessage(`${status} ${message}`)}). Run the job again later.`;
  if (status === 401)
    return `GitHub rejected github_token (${endMessage(`401 ${message}`)}). It has probably expired. If the workflow sets this input, check it, or remove it to use the job's own token.`;
  if (lacksPermission(error))
    return `github_token lacks a permission (403 ${endMessage(message)}). Add \`${permission}\` to the job's permissions.`;
  return `GitHub returned ${status}${message ? `: ${endMessage(message)}` : ''}.`;
}

function explainLogStorage({ message, status }: LogStorageError): string {
  if (status !== 401 && status !== 403) return `${message}.`;
  return `${message}. github_token isn't sent there, so it isn't the cause. Check that the runner's network and its proxy allow requests to this host.`;
}

/** Whether GitHub says that the token may not do this. A 403 may also be a rate limit, or a rule of the organization. */
export function lacksPermission(error: unknown): boolean {
  const { status, message, isRateLimit } = readGitHubFailure(error);
  return status === 403 && !isRateLimit && PERMISSION_MESSAGES.test(message);
}

/**
 * Whether GitHub rejected the request because there were too many.
 * Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function isGitHubRateLimit(error: unknown): boolean {
  return readGitHubFailure(error).isRateLimit;
}

/** The status that GitHub responded with; `undefined` if it didn't respond. */
export function readGitHubStatus(error: unknown): number | undefined {
  return readGitHubFailure(error).status;
}

function readGitHubFailure(error: unknown): GitHubFailure {
  const { status, message, headers } = readResponse(error);
  const isExhausted = headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
  const isRateLimit = status === 429 || (status === 403 && (isExhausted || /rate limit/i.test(message)));
  return { status, message, isRateLimit };
}

function readResponse(error: unknown): Pick<GitHubFailure, 'status' | 'message'> & { headers: Headers } {
  if (error instanceof HttpError)
    return { status: error.status, message: error.details.map(({ text }) => text).join('; '), headers: {} };
  if (!(error instanceof Error)) return { status: undefined, message: String(error), headers: {} };
  const { status, response } = error as OctokitError;
  if (!response || status === undefined)
    return { status: undefined, message: describeMissingResponse(error), headers: {} };
  return { status, message: readApiMessage(response.data), headers: response.headers ?? {} };
}

type Headers = Readonly<Record<string, string | undefined>>;

/** The part of octokit's RequestError that is used. Without a response, its status is made up. */
interface OctokitError {
  readonly status?: number;
  readonly response?: { readonly data?: unknown; readonly headers?: Headers };
}

const REDIRECT =
  'GitHub answered with a redirect. The repository was probably renamed or moved: start a new run, which uses its new name';

/** Doesn't repeat node-fetch's messages: they quote whole addresses, and those of logs are signed. */
function describeMissingResponse(error: Error): string {
  const failures = [error, error.cause];
  const code = failures.map(errorCode).find((text) => text !== UNKNOWN_CODE);
  if (code === 'aborted') return 'GitHub did not respond in time';
  if (code?.endsWith('-redirect')) return REDIRECT;
  if (code && CERTIFICATE_CODES.test(code))
    return `GitHub's certificate is not trusted (${code}). Set NODE_EXTRA_CA_CERTS on the runner to the file with its CA certificate`;
  if (code) {
    const notSent = !failures.some((failure) => (failure as { notSent?: unknown })?.notSent === false);
    const text = describeFailure(code, notSent, 'GitHub');
    return `${text.charAt(0).toUpperCase()}${text.slice(1)} (${code})`;
  }
  return error.name === 'FetchError' || error.name === 'TransportError'
    ? 'Could not connect to GitHub'
    : error.message;
}

/** The `message` of an error response and of its `errors`; text as it is. */
function readApiMessage(data: unknown): string {
  if (typeof data === 'string')
    return /^\s*</.test(data) ? 'an HTML page (probably from a gateway or proxy)' : data.trim();
  const { message, errors } = asRecord(data);
  const details = asArray(errors).map((item) =>
    typeof item === 'string' ? item : asString(asRecord(item).message),
  );
  return [asString(message), ...details].filter((text) => text).join(': ');
}

function endMessage(text: string): string {
  return text.trim().replace(/\.$/, '');
}
