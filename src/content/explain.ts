import { InputError, SignInError, toSentence } from '../base/errors.ts';
import { LookupError, OutcomeUnknownError } from '../datadog/errors.ts';
import { HttpError, NetworkError, TimeoutError, UnexpectedResponseError } from '../http/errors.ts';
import type { HelpTopic } from './help.ts';

/** An error, explained to the person who has to do something about it. */
export interface Explanation {
  readonly text: string;
  readonly helpTopic: HelpTopic;
  /** Whether a person must fix something; otherwise it may pass by itself. */
  readonly isActionable: boolean;
  /** Whether the case may have been created despite the error. */
  readonly isOutcomeUnknown?: boolean;
}

/** Explains what went wrong, in the API's own words if it gave any, and what to do. Never throws. */
export function explain(error: unknown): Explanation {
  if (error instanceof InputError)
    return { text: error.message, helpTopic: error.helpTopic, isActionable: true };
  if (error instanceof SignInError)
    return { text: error.message, helpTopic: 'keyless', isActionable: error.isActionable };
  if (error instanceof LookupError) return explainLookup(error);
  if (error instanceof OutcomeUnknownError) return explainUnknownOutcome(error);
  if (error instanceof HttpError) return explainHttpError(error);
  if (error instanceof NetworkError) return explainNetworkError(error);
  if (error instanceof TimeoutError)
    return toTemporary('outage', `${error.message} If the network is fine, raise \`timeout\`.`);
  if (error instanceof UnexpectedResponseError)
    return toTemporary('unclear', `${toSentence(error)} If api_url is set, check that it is a Datadog API.`);
  const text =
    error instanceof Error ? `${error.name}: ${error.message}` : `Unexpected error: ${String(error)}`;
  return toActionable('bug', text);
}

function toActionable(helpTopic: HelpTopic, text: string): Explanation {
  return { text, helpTopic, isActionable: true };
}

function toTemporary(helpTopic: HelpTopic, text: string): Explanation {
  return { text, helpTopic, isActionable: false };
}

/** A lookup changes nothing, so it can't have created a case. */
function explainLookup({ subject, permission, cause }: LookupError): Explanation {
  const { text, helpTopic, isActionable } =
    permission && cause instanceof HttpError ? explainAccess(cause, [permission]) : explain(cause);
  return { text: `${subject} could not be looked up. ${text}`, helpTopic, isActionable };
}

function explainUnknownOutcome({ reference, cause }: OutcomeUnknownError): Explanation {
  const { text, ...rest } = explain(cause);
  return {
    ...rest,
    isOutcomeUnknown: true,
    text: `${text} The case may have been created anyway. Search Datadog for ${reference} before opening one manually.`,
  };
}

function explainHttpError(error: HttpError): Explanation {
  const { status, message, retryAfterMs } = error;
  if (status === 401 || status === 403)
    return explainAccess(error, error.isWrite ? ['cases_write'] : ['cases_read']);
  if (status === 429) {
    const wait =
      retryAfterMs === undefined
        ? 'Run the job again later, or raise `timeout`.'
        : `Datadog asks you to wait ${Math.ceil(retryAfterMs / 1000)} s. Run the job again after that.`;
    return toTemporary('limited', `${message}. Too many requests at the moment. ${wait}`);
  }
  if (status >= 500 || status === 408)
    return toTemporary('outage', `${message}. Datadog, or a gateway in front of it, is having problems.`);
  if (status >= 300 && status < 400)
    return toActionable(
      'access',
      `${message}. Redirects are not followed, to keep the keys from other hosts. Check site and api_url.`,
    );
  if (status === 404) return explainNotFound(error);
  return toActionable(
    'rejected',
    `${message}. Check project, type_id and the values that Datadog names, if any.`,
  );
}

function explainNotFound({ message, details }: HttpError): Explanation {
  const reason = details.map(({ text }) => text).join(' ');
  const keys = details.flatMap(({ key }) => key ?? []);
  if (/custom attribute/i.test(reason)) {
    const list = keys.length ? ` (${keys.join(', ')})` : '';
    return toActionable(
      'attribute',
      `${message}. The case type has no such custom attribute${list}: check custom_attributes and type_id.`,
    );
  }
  if (/project/i.test(reason))
    return toActionable('project', `${message}. No such project, or the application key can't access it.`);
  if (/type/i.test(reason))
    return toActionable(
      'type',
      `${message}. Check type_id, and that the case type is enabled in the project.`,
    );
  return toActionable('rejected', `${message}. Check project and type_id, and site or api_url.`);
}

/** Wrong credentials, the wrong site for them, or a missing permission: all of them return 401 or 403. */
function explainAccess(error: HttpError, permissions: readonly string[]): Explanation {
  const { message, host, source, areCredentialsProven } = error;
  const permission = permissions.join(' or ');
  if (areCredentialsProven)
    return toActionable(
      'access',
      `${message}. ${host} (${source}) accepted the same credentials for another request of this step, so the application key or token is probably missing the permission ${permission}.`,
    );
  return toActionable(
    'access',
    `${host} (${source}) did not accept the credentials: ${message}. Check that this is the site where you sign in, that the keys (or the token) are valid and the two keys not swapped, and that the application key or token has the permission ${permission}.`,
  );
}

function explainNetworkError({
  code,
  message,
  isProxyFault,
  isTransient,
  notSent,
}: NetworkError): Explanation {
  if (isProxyFault) {
    const advice =
      "Check the proxy's URL and credentials. If the host can be reached without the proxy, add it to NO_PROXY.";
    return (isTransient ? toTemporary : toActionable)('outage', `${message} ${advice}`);
  }
  if (/CERT|SIGNED|SIGNATURE|TLS/.test(code))
    return toActionable(
      'outage',
      `${message} The certificate is not trusted. If a proxy intercepts TLS, set NODE_EXTRA_CA_CERTS on the runner.`,
    );
  if (notSent)
    return toTemporary(
      'outage',
      `${message} Nothing was sent. Check the runner's network, and HTTPS_PROXY if it needs a proxy.`,
    );
  return toTemporary('outage', message);
}
