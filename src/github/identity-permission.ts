import type { GivenEnv } from '../base/env.ts';

/** What to do if the job may not request an identity token. */
export const MISSING_PERMISSION = `org_uuid: this job can't request an identity token from GitHub. Add this permission to those that the job already has:
permissions:
  id-token: write`;

/** Whether the job may request an identity token: GitHub sets both variables only then. */
export function canRequestIdentityToken(env: GivenEnv): boolean {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  return /^https?:/.test(url?.reveal() ?? '') && token?.isEmpty === false;
}
