import { DelegatedTokens } from './fake-datadog/delegated-tokens.ts';
import type { FakeDatadog } from './fake-datadog.ts';
import { FakeGitHub } from './fake-github.ts';
import { validInputs } from './run-step.ts';

/** Inputs of a step that signs in without a stored key. */
export function keylessInputs(datadog: FakeDatadog): Record<string, string> {
  return {
    ...validInputs(datadog),
    api_key: '',
    app_key: '',
    run_context: 'false',
    org_uuid: DelegatedTokens.orgUuid,
  };
}

/** Does what the guide asks for: gives the job the permission, and maps its identity to a service account. */
export function allowKeylessSignIn(datadog: FakeDatadog, github: FakeGitHub): void {
  github.permissions.add('id-token: write');
  datadog.delegatedTokens.mappedSubjects = [new RegExp(`repo:${FakeGitHub.repository}:.*`)];
}

/** All tokens of the sign-ins so far, none of which may ever be shown. */
export function listTokens(datadog: FakeDatadog, github: FakeGitHub): string[] {
  return [FakeGitHub.idTokenRequestToken, ...github.identityTokens, ...datadog.delegatedTokens.issued.keys()];
}
