import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** The files that may use text that was not redacted, and what for. None of them makes words of it. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/base/redactor.ts': 'redacts it',
  'src/base/unredacted.ts': 'defines it',
  'src/datadog/client.ts': 'headers',
  'src/datadog/reference.ts': 'hashes the dedup_key',
  'src/datadog/sign-in.ts': 'a header',
  'src/github/client.ts': 'a header and the address of the API',
  'src/github/identity-token.ts': 'a header, an address, and a claim, which it redacts',
  'src/github/octokit.ts': 'a header',
  'src/github/step-log.ts': 'splits a log into lines',
  'src/http/secret-response.ts': 'checks whether a token can be sent',
  'src/inputs/credentials.ts': 'encodes a token',
  'src/inputs/site-urls.ts': 'addresses, and the secrets in them',
  'src/inputs/value-parsers.ts': 'checks whether a secret can be sent',
  'src/main.ts': 'saves the state of the step',
  'src/stages/saved-environment.ts': 'saves the variables, and finds the passwords of proxies',
  'src/stages/sync-step.ts': 'hashes the source',
};

test('only these files use text that was not redacted', () => {
  const found = globSync('src/**/*.ts').filter((path) => /\breveal\(/.test(readFileSync(path, 'utf8')));
  expect(found.map((path) => path.replaceAll('\\', '/')).toSorted()).toEqual(Object.keys(ALLOWED).toSorted());
});
