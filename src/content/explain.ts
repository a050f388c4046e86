import { InputError } from '../base/errors.ts';
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
  if (error instanceof LookupError) return explainLookup(error);
  if (error instanceof OutcomeUnknownError) return explainUnknownOutcome(error);
  if (error instanceof HttpError) return explainHttpError(error);
  if (error instanceof NetworkError) return explainNetworkError(error);
  if (error instanceof TimeoutError)
    return temporary('outage', `${error.message} Raise timeout if Datadog is only slow.`);
  if (error instanceof UnexpectedResponseError)
    return temporary('unclear', `${error.message} If api_url is set, check that it is a Datadog API.`);
  const text =
    error instanceof Error
      ? `${error.name}: ${error.message}`
      : `Something that is no error was thrown: ${String(error)}`;
  return actionable('bug', text);
}

function actionable(helpTopic: HelpTopic, text: string): Explanation {
  return { text, helpTopic, isActionable: true };
}

function temporary(helpTopic: HelpTopic, text: string): Explanation {
  return { text, helpTopic, isActionable: false };
}

/** A lookup changes nothing, so it can't have created a case. */
function explainLookup({ subject, permission, cause }: LookupError): Explanation {
  const { text, helpTopic, isActionable } = explain(cause);
  const hint = permission && ` This look-up takes the permission ${permission}.`;
  return { text: `${subject} could not be looked up. ${text}${hint}`, helpTopic, isActionable };
}

function explainUnknownOutcome({ reference, cause }: OutcomeUnknownError): Explanation {
  const { text, ...rest } = explain(cause);
  return {
    ...rest,
    isOutcomeUnknown: true,
    text: `${text} The case may exist all the same: search for ${reference} in Datadog before you open it by hand.`,
  };
}

function explainHttpError(error: HttpError): Explanation {
  const { status, message, retryAfterMs } = error;
  if (status === 401 || status === 403)
    return actionable(
      'access',
      `${message}. Check that both keys are valid, that they belong to the site in use (a wrong site looks like a wrong key), and that the application key or token has the permissions cases_write and cases_read.`,
    );
  if (status === 429) {
    const wait = retryAfterMs === undefined ? '' : ` It asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`;
    return temporary(
      'limited',
      `${message}. Datadog limits how often it may be asked.${wait} Try again later, or raise timeout.`,
    );
  }
  if (status >= 500 || status === 408)
    return temporary('outage', `${message}. The fault is on Datadog's side.`);
  if (status >= 300 && status < 400)
    return actionable(
      'access',
      `${message}. Redirects are not followed, since the keys would go along. Check site and api_url.`,
    );
  if (status === 404) return explainNotFound(error);
  return actionable('refused', `${message}. Check the inputs against what Datadog says.`);
}

function explainNotFound({ message, details }: HttpError): Explanation {
  const reason = details.map(({ text }) => text).join(' ');
  const keys = details.flatMap(({ key }) => key ?? []);
  if (/custom attribute/i.test(reason)) {
    const list = keys.length ? ` (${keys.join(', ')})` : '';
    return actionable(
      'attribute',
      `${message}. The case type has no such custom attribute${list}: check custom_attributes and type_id.`,
    );
  }
  if (/project/i.test(reason))
    return actionable('project', `${message}. Check project, and that the key may see it.`);
  if (/type/i.test(reason))
    return actionable('type', `${message}. Check type_id, and that the case type is enabled in the project.`);
  return actionable('refused', `${message}. Check project and type_id, and site or api_url.`);
}

function explainNetworkError({ code, message, notSent }: NetworkError): Explanation {
  if (code.startsWith('PROXY_'))
    return actionable(
      'outage',
      `${message} The proxy in HTTPS_PROXY refused: check its address and sign-in, or list the host in NO_PROXY.`,
    );
  if (/CERT|SIGNED|SIGNATURE|TLS/.test(code))
    return actionable(
      'outage',
      `${message} The certificate is not trusted: behind a proxy that reads traffic, set NODE_EXTRA_CA_CERTS on the runner.`,
    );
  if (notSent)
    return temporary(
      'outage',
      `${message} Nothing was sent. Check the runner's network, and HTTPS_PROXY if it needs a proxy.`,
    );
  return temporary('outage', message);
}
