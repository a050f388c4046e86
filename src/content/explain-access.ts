import { type AddressSource, describeSource } from '../base/address.ts';
import type { HttpError } from '../http/errors.ts';
import { type Explanation, toActionable } from './help.ts';

/**
 * Explains a 401 or 403, which Datadog returns for wrong credentials, for the wrong site for them, and for a missing
 * permission. Leaves out what other requests of the step have ruled out.
 */
export function explainAccess(error: HttpError, permission: string): Explanation {
  const { message, host, source, provenAccess, details } = error;
  const problem = `${message}. Host: ${host} (${describeSource(source)}).`;
  if (details.some(({ isHtmlPage }) => isHtmlPage))
    return toActionable(
      'access',
      `${problem} A gateway or proxy in front of Datadog may have blocked the request.`,
    );
  if (provenAccess === 'write' && permission === 'cases_write')
    return toActionable(
      'access',
      `${problem} Datadog accepted other changes with the same credentials. Ask a Datadog administrator which permission this one needs.`,
    );
  if (provenAccess !== 'none')
    return toActionable(
      'access',
      `${problem} The credentials work: Datadog accepted them for another request of this step. The ${describeHolder(error)} is probably missing the permission ${permission}.`,
    );
  const checks = [
    describeSiteCheck(error),
    describeCredentialsCheck(error),
    `the ${describeHolder(error)} has the permission ${permission}`,
  ];
  return toActionable(
    'access',
    `${problem} Check that ${checks.map((text, index) => `(${index + 1}) ${text}`).join(', ')}.`,
  );
}

function describeSiteCheck({ source }: HttpError): string {
  const setting = findSiteSetting(source);
  return setting === 'api_url' ? 'api_url is a Datadog API' : `${setting} is where you sign in`;
}

/** The input or variable that decides about the host: `site` by default. */
export function findSiteSetting({ kind, name }: AddressSource): string {
  return kind === 'default' ? 'site' : name;
}

function describeCredentialsCheck({ credentials }: HttpError): string {
  if (credentials === 'keys') return 'api_key and app_key are valid and not swapped';
  return credentials === 'token'
    ? 'access_token is valid and has not expired'
    : 'the service account is active';
}

/** What has permissions. */
export function describeHolder({ credentials }: HttpError): string {
  if (credentials === 'keys') return 'application key';
  return credentials === 'token' ? 'token' : 'service account';
}
