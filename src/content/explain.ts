import { InputError, SignInError, toSentence } from '../base/errors.ts';
import { isLoopback } from '../base/loopback.ts';
import { LookupError, OutcomeUnknownError } from '../datadog/errors.ts';
import {
  HttpError,
  InterruptedError,
  NetworkError,
  TimeoutError,
  UnexpectedResponseError,
} from '../http/errors.ts';
import { explainAccess } from './explain-access.ts';
import type { Explanation } from './explanation.ts';
import { toActionable, toTemporary } from './explanation.ts';

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
  if (error instanceof InterruptedError)
    return toTemporary('unclear', 'The step was cancelled before this was done.');
  if (error instanceof TimeoutError)
    return toTemporary('outage', `${error.message} If the network is fine, raise \`timeout\`.`);
  if (error instanceof UnexpectedResponseError)
    return toTemporary('unclear', `${toSentence(error)} If api_url is set, check that it is a Datadog API.`);
  const text =
    error instanceof Error ? `${error.name}: ${error.message}` : `Unexpected error: ${String(error)}`;
  return toActionable('bug', text);
}

/** A lookup changes nothing, so it can't have created a case. */
function explainLookup({ task, permission, cause }: LookupError): Explanation {
  const { text, helpTopic, isActionable } =
    permission && cause instanceof HttpError ? explainAccess(cause, permission) : explain(cause);
  return { text: `Could not ${task}. ${text}`, helpTopic, isActionable };
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
  const { status, message, retryAfterMs, isApiUrl } = error;
  if (status === 401 || status === 403)
    return explainAccess(error, error.isWrite ? 'cases_write' : 'cases_read');
  if (status === 429) {
    const wait =
      retryAfterMs === undefined
        ? 'Run the job again later, or raise `timeout`.'
        : `Datadog asks to wait ${Math.ceil(retryAfterMs / 1000)} s, longer than \`timeout\` allows. Run the job again after that.`;
    return toTemporary('limited', `Rate limited: ${message}. ${wait}`);
  }
  if (status >= 500 || status === 408)
    return toTemporary('outage', `${message}. Datadog, or a gateway in front of it, is having problems.`);
  if (status >= 300 && status < 400)
    return toActionable(
      'access',
      `${message}. Redirects are not followed, to keep the keys from other hosts. Check ${isApiUrl ? 'api_url' : 'site'}.`,
    );
  if (status === 404) return explainNotFound(error);
  return toActionable(
    'rejected',
    `${message}. Check project, type_id and the values that Datadog names, if any.`,
  );
}

function explainNotFound({ message, details, isApiUrl }: HttpError): Explanation {
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
  return toActionable('rejected', `${message}. Check project, type_id and ${isApiUrl ? 'api_url' : 'site'}.`);
}

function explainNetworkError(error: NetworkError): Explanation {
  const { code, host, message, notSent } = error;
  if (error.isProxyFault) return explainProxyError(error);
  if (code === 'CERT_HAS_EXPIRED')
    return toActionable(
      'network',
      `${message} The certificate of ${host} has expired, or the runner's clock is wrong.`,
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return toActionable(
      'network',
      `${message} The certificate belongs to another host. Check site or api_url.`,
    );
  if (/CERT|SIGNED|SIGNATURE|TLS/.test(code))
    return toActionable(
      'network',
      `${message} The certificate is not trusted. If a proxy or gateway intercepts TLS, set NODE_EXTRA_CA_CERTS on the runner to the file with its CA certificate.`,
    );
  if (!notSent) return toTemporary('outage', message);
  const hostname = host.replace(/:\d+$/, '');
  const advice = isLoopback(hostname)
    ? 'Check that something listens there.'
    : "Check the runner's network, and HTTPS_PROXY if it needs a proxy.";
  return toTemporary('outage', `${message} Nothing was sent. ${advice}`);
}

/** What to do about a proxy depends on how far the connection got. The message names the proxy. */
function explainProxyError({ code, host, message, isTransient }: NetworkError): Explanation {
  const bypass = `If ${host} can be reached without the proxy, add it to NO_PROXY.`;
  if (code === 'PROXY_ADDRESS') return toActionable('network', `${message} ${bypass}`);
  if (code === 'PROXY_407')
    return toActionable('network', `${message} Check the user and password in its URL.`);
  const advice = code.startsWith('PROXY_')
    ? `Ask its administrator to allow connections to ${host}.`
    : 'Check its host and port.';
  return (isTransient ? toTemporary : toActionable)('network', `${message} ${advice} ${bypass}`);
}
