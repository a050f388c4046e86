import { type AddressSource, isLoopback } from '../base/address.ts';
import { InputError, SignInError, toSentence } from '../base/errors.ts';
import { findBuiltInTypeName } from '../datadog/case-types.ts';
import { LookupError, OutcomeUnknownError, StatusUnknownError } from '../datadog/errors.ts';
import { KNOWN_SITES, parseSite } from '../datadog/sites.ts';
import {
  HttpError,
  InterruptedError,
  NetworkError,
  type RequestError,
  ResponseTooLargeError,
  TimeoutError,
  UnexpectedResponseError,
} from '../http/errors.ts';
import { isTlsCode } from '../http/failures.ts';
import { describeHolder, explainAccess, findSiteSetting } from './explain-access.ts';
import { type Explanation, toActionable, toTemporary } from './help.ts';

/** Node's codes for a name that was not found, and for a name server that did not respond. */
const UNKNOWN_HOST_CODES: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN'];

/** Explains what went wrong, in the API's own words if it gave any, and what to do. Never throws. */
export function explain(error: unknown): Explanation {
  if (error instanceof InputError)
    return { text: error.message, helpTopic: error.helpTopic, isActionable: true };
  if (error instanceof SignInError)
    return { text: error.message, helpTopic: 'keyless', isActionable: error.isActionable };
  if (error instanceof LookupError) return explainLookup(error);
  if (error instanceof OutcomeUnknownError) return explainUnknownOutcome(error);
  if (error instanceof StatusUnknownError) return { ...explain(error.cause), isOutcomeUnknown: true };
  if (error instanceof HttpError) return explainHttpError(error);
  if (error instanceof NetworkError) return explainNetworkError(error);
  if (error instanceof InterruptedError)
    return toTemporary(
      'outage',
      error.wasSent ? toSentence(error) : 'The step was cancelled before this was done.',
    );
  if (error instanceof TimeoutError)
    return toTemporary('outage', `${error.message} If the network is fine, raise \`timeout\`.`);
  if (error instanceof ResponseTooLargeError)
    return toTemporary('unclear', `${toSentence(error)} A gateway or proxy may have sent something else.`);
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
  const { status, message } = error;
  if (status === 401 || status === 403)
    return explainAccess(error, error.method === 'GET' ? 'cases_read' : 'cases_write');
  if (status === 407)
    return toActionable('network', `${message}. A proxy requires credentials: check its URL in HTTP_PROXY.`);
  if (status === 421 || status === 425 || status === 429) return explainRefusal(error);
  if (status >= 500 || status === 408)
    return toTemporary(
      'outage',
      `${message}.${describeTries(error)} Datadog, or a gateway in front of it, is having problems.`,
    );
  if (status >= 300 && status < 400)
    return toActionable(
      'access',
      `${message}. Check ${findSiteSetting(error.source)}: a redirect usually means that it isn't the address of Datadog's API. Redirects are not followed, to keep the keys from other hosts.`,
    );
  if (status === 404) return explainNotFound(error);
  return toActionable('rejected', `${message}.${adviseOnRejection(error)}`);
}

/** What to do if Datadog rejected what a request asks for, as a sentence with a space before it; empty if nothing. */
function adviseOnRejection({ method, about, source }: HttpError): string {
  if (method === 'GET')
    return findSiteSetting(source) === 'api_url' ? ' Check that api_url is a Datadog API.' : '';
  if (!about.case) return ' Check project, type_id and the values that Datadog names, if any.';
  return about.input || about.user
    ? ' Check that the project and the case type allow this value.'
    : ' Try it in Datadog by hand: the case may be archived, or a rule of its project may forbid it.';
}

/** The server did nothing, and may do what it was asked later. */
function explainRefusal(error: HttpError): Explanation {
  const { status, message, retryAfterMs } = error;
  const wait = retryAfterMs ? ` Datadog asks to wait ${Math.ceil(retryAfterMs / 1000)} s.` : '';
  const advice = `${describeTries(error)}${wait} Run the job again later, or raise \`timeout\`.`;
  return status === 429
    ? toTemporary('limited', `Rate limited: ${message}.${advice}`)
    : toTemporary('outage', `${message}.${advice}`);
}

function explainNotFound(error: HttpError): Explanation {
  const { method, message, details, about, source } = error;
  const keys = details.flatMap(({ key }) => key ?? []);
  if (keys.length)
    return toActionable(
      'attribute',
      `${message}. The case type has no such custom attribute (${keys.join(', ')}): check custom_attributes and type_id.`,
    );
  if (about.case) {
    const user = about.user ? `, or the user ${about.user} doesn't exist` : '';
    return toActionable(
      'rejected',
      `${message}. The case was deleted, or moved to a project that the ${describeHolder(error)} can't access${user}.`,
    );
  }
  if (about.project) return explainMissingProject(error);
  const inputs = method === 'GET' ? '' : 'project, type_id and ';
  return toActionable('rejected', `${message}. Check ${inputs}${findSiteSetting(source)}.`);
}

/** Built-in case types exist everywhere. */
function explainMissingProject(error: HttpError): Explanation {
  const { message, about } = error;
  const holder = describeHolder(error);
  if (!about.type_id || findBuiltInTypeName(about.type_id))
    return toActionable(
      'project',
      `${message}. Project ${about.project} doesn't exist, or the ${holder} can't access it.`,
    );
  return toActionable(
    'rejected',
    `${message}. Project ${about.project} or case type ${about.type_id} doesn't exist, or the ${holder} can't access it.`,
  );
}

function explainNetworkError(error: NetworkError): Explanation {
  const { code, host, source, notSent } = error;
  if (error.isProxyFault) return explainProxyError(error);
  if (error.isCertificateFault) return explainCertificate(error);
  const message = `${error.message}${describeTries(error)}`;
  if (!notSent) return toTemporary('outage', message);
  const unknownSite = UNKNOWN_HOST_CODES.includes(code) ? findUnknownSite(host, source) : undefined;
  if (unknownSite)
    return toTemporary(
      'outage',
      `${message} Nothing was sent. ${unknownSite} is not a known Datadog site. Check \`${findSiteSetting(source)}\`, then the network.`,
    );
  return toTemporary('outage', `${message} Nothing was sent. ${adviseOnConnection(error)}`);
}

function adviseOnConnection({ code, host, source }: NetworkError): string {
  const setting = findSiteSetting(source);
  if (isTlsCode(code)) return `Check ${setting}, and that no proxy or firewall interferes with TLS.`;
  if (isLoopback(host.replace(/:\d+$/, ''))) return 'Check that something listens there.';
  const address = setting === 'api_url' ? 'api_url, ' : '';
  return `Check ${address}the runner's network, and HTTPS_PROXY if it needs a proxy.`;
}

function explainCertificate({ code, host, message, source }: NetworkError): Explanation {
  if (code === 'CERT_HAS_EXPIRED')
    return toActionable(
      'network',
      `${message} The certificate of ${host} has expired, or the runner's clock is wrong.`,
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return toActionable(
      'network',
      `${message} The certificate belongs to another host. Check ${findSiteSetting(source)}.`,
    );
  return toActionable(
    'network',
    `${message} The certificate is not trusted. If a proxy or gateway intercepts TLS, set NODE_EXTRA_CA_CERTS on the runner to the file with its CA certificate.`,
  );
}

/** The site of an API host, if it looks like one of Datadog's and isn't. A host from api_url isn't a site's. */
function findUnknownSite(host: string, source: AddressSource): string | undefined {
  const site = host.replace(/^api\./, '');
  if (findSiteSetting(source) === 'api_url' || !parseSite(host)) return undefined;
  return KNOWN_SITES.includes(site) ? undefined : site;
}

/** How often and how long a request was tried, as a sentence with a space before it; empty after a single attempt. */
function describeTries({ tries }: RequestError): string {
  return tries ? ` Tried ${tries.count} times in ${Math.ceil(tries.durationMs / 1000)} s.` : '';
}

/** What to do about a proxy depends on how far the connection got. The message names the proxy. */
function explainProxyError(error: NetworkError): Explanation {
  const { code, host, isTransient } = error;
  const message = `${error.message}${describeTries(error)}`;
  const bypass = `If ${host} can be reached without the proxy, add it to NO_PROXY.`;
  if (code === 'PROXY_ADDRESS') return toActionable('network', `${message} ${bypass}`);
  if (code === 'PROXY_407')
    return toActionable('network', `${message} Check the user and password in its URL.`);
  const advice = code.startsWith('PROXY_')
    ? `Ask its administrator to allow connections to ${host}.`
    : 'Check its host and port.';
  return (isTransient ? toTemporary : toActionable)('network', `${message} ${advice} ${bypass}`);
}
