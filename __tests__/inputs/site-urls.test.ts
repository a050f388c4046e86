import { expect, test } from '@jest/globals';
import { type Env, markGiven } from '../../src/base/env.ts';
import { readRawInputs } from '../../src/inputs/raw-inputs.ts';
import { collectUrlSecrets, parseSiteUrls } from '../../src/inputs/site-urls.ts';
import { readEnv } from '../support/parse-env.ts';

function parse(env: Env) {
  const { raw, context } = readEnv(env);
  return parseSiteUrls(raw, context);
}

function findSecrets(env: Env) {
  const given = markGiven(env);
  return collectUrlSecrets(readRawInputs(given, 'case').values, given).map((secret) => secret.reveal());
}

const SITES =
  'Use one of: datadoghq.com, us3.datadoghq.com, us5.datadoghq.com, ap1.datadoghq.com, ap2.datadoghq.com, uk1.datadoghq.com, datadoghq.eu, ddog-gov.com, us2.ddog-gov.com.';
const US = { apiUrl: 'https://api.datadoghq.com', webUrl: 'https://app.datadoghq.com' };
const EU = { apiUrl: 'https://api.datadoghq.eu', webUrl: 'https://app.datadoghq.eu' };

test.each([
  [{}, { ...US, source: { kind: 'default', name: 'site' } }],
  [
    { DD_SITE: ' \n', DATADOG_SITE: '' },
    { ...US, source: { kind: 'default', name: 'site' } },
  ],
  [
    { INPUT_SITE: 'datadoghq.eu', DD_SITE: 'ddog-gov.com' },
    { ...EU, source: { kind: 'input', name: 'site' } },
  ],
  [
    { DD_SITE: ' datadoghq.eu\n', DATADOG_SITE: 'ddog-gov.com' },
    { ...EU, source: { kind: 'variable', name: 'DD_SITE' } },
  ],
  [
    { DD_SITE: ' ', DATADOG_SITE: 'datadoghq.eu' },
    { ...EU, source: { kind: 'variable', name: 'DATADOG_SITE' } },
  ],
  [
    { INPUT_SITE: 'datadoghq.eu', INPUT_API_URL: 'https://gateway.example/datadog/' },
    { ...EU, apiUrl: 'https://gateway.example/datadog', source: { kind: 'input', name: 'api_url' } },
  ],
  [
    { INPUT_API_URL: 'https://gateway.example' },
    { ...US, apiUrl: 'https://gateway.example', source: { kind: 'input', name: 'api_url' } },
  ],
  [{ INPUT_API_URL: 'https://api.datadoghq.eu' }, { ...EU, source: { kind: 'input', name: 'api_url' } }],
  [
    { INPUT_API_URL: 'https://api.us5.datadoghq.com/api/v2', DD_SITE: 'datadoghq.com' },
    {
      apiUrl: 'https://api.us5.datadoghq.com',
      webUrl: 'https://us5.datadoghq.com',
      source: { kind: 'input', name: 'api_url' },
    },
  ],
  [
    { INPUT_API_URL: 'https://api.datadoghq.eu', INPUT_SITE: 'datadoghq.com' },
    { ...US, apiUrl: EU.apiUrl, source: { kind: 'input', name: 'api_url' } },
  ],
])('finds the URLs and says where they come from: %j', (env, value) => {
  expect(parse(env)).toEqual({ value, issues: [] });
});

test.each([
  ['us', 'datadoghq.com'],
  ['US1', 'datadoghq.com'],
  ['eu1', 'datadoghq.eu'],
  ['us1-fed', 'ddog-gov.com'],
  ['us.datadoghq.com', 'datadoghq.com'],
  ['us1.datadoghq.com', 'datadoghq.com'],
  ['EU.datadoghq.com', 'datadoghq.eu'],
  ['eu1.datadoghq.com', 'datadoghq.eu'],
  ['datadoghq.co', 'datadoghq.com'],
])('names the site that %s probably means', (site, suggestion) => {
  expect(parse({ INPUT_SITE: site })).toEqual({
    value: { apiUrl: '', webUrl: '', source: { kind: 'input', name: 'site' } },
    issues: [
      { input: 'site', text: `"${site}" is not a Datadog site. Did you mean ${suggestion}? ${SITES}` },
    ],
  });
});

test.each([
  ['acme.datadoghq.com', '"acme.datadoghq.com"'],
  ['acme-2.datadoghq.eu', '"acme-2.datadoghq.eu"'],
  ['ACME.ddog-gov.com', '"ACME.ddog-gov.com"'],
  ['http://acme.datadoghq.com', '"http://acme.datadoghq.com"'],
  ['https://acme.datadoghq.com/', '"https://acme.datadoghq.com/"'],
  ['https://acme.datadoghq.com/cases', '"https://acme.datadoghq.com…"'],
])("says that %s is an organization's own address", (site, quoted) => {
  expect(parse({ INPUT_SITE: site }).issues).toEqual([
    {
      input: 'site',
      text: `${quoted} is not a Datadog site (it looks like an organization's own address). ${SITES}`,
    },
  ]);
});

test.each([
  ['shop.acme.datadoghq.com', '"shop.acme.datadoghq.com"'],
  ['ftp://acme.datadoghq.com', '"ftp://acme.datadoghq.com"'],
  ['acme.datadoghq.com.example', '"acme.datadoghq.com.example"'],
  ['acme.example', '"acme.example"'],
])('does not take %s for an address of an organization', (site, quoted) => {
  expect(parse({ INPUT_SITE: site }).issues).toEqual([
    { input: 'site', text: `${quoted} is not a Datadog site. ${SITES}` },
  ]);
});

test.each(['DD_SITE', 'DATADOG_SITE'])('names the variable %s that has a wrong site', (name) => {
  expect(parse({ [name]: 'acme.example' })).toEqual({
    value: { apiUrl: '', webUrl: '', source: { kind: 'variable', name } },
    issues: [{ input: 'site', text: `"acme.example" (from ${name}) is not a Datadog site. ${SITES}` }],
  });
});

test('keeps the URL of the API when only the site is wrong', () => {
  const { value, issues } = parse({
    INPUT_SITE: 'acme.example',
    INPUT_API_URL: 'https://gateway.example',
  });
  expect(value).toEqual({
    apiUrl: 'https://gateway.example',
    webUrl: '',
    source: { kind: 'input', name: 'api_url' },
  });
  expect(issues.map(({ input }) => input)).toEqual(['site']);
});

test.each([
  ['gateway.example', '"gateway.example"'],
  ['http://gateway.example/', '"http://gateway.example/"'],
  // Short texts are no keys; longer ones may be, unless they look like a host.
  ['a_short_text_of_29_characters', '"a_short_text_of_29_characters"'],
  ['a_longer_text_of_30_characters', '"…"'],
  ['a-host-with-a-part-of-30-chars', '"a-host-with-a-part-of-30-chars"'],
  ['my-host-with-a-part-of-31-chars', '"…"'],
  ['http://gateway.example/0123456789', '"http://gateway.example…"'],
  ['https://user:word@gateway.example:8080/a', '"…@gateway.example:8080…"'],
  ['https://u@gateway.example', '"…@gateway.example"'],
  ['https://u@v@gateway.example', '"…@gateway.example"'],
  ['u@gateway.example?x=1', '"…@gateway.example…"'],
  ['u@gateway.example#x', '"…@gateway.example…"'],
  ['https://h.example?x=1', '"https://h.example…"'],
  ['https://h.example#x', '"https://h.example…"'],
  ['https://h.example/?x=a@b.example', '"…@…"'],
  ['https://h.example/#a@b.example', '"…@…"'],
  ['u@', '"…@"'],
  ['?x=1', '"…"'],
])('shows no secret of the invalid api_url %s', (text, quoted) => {
  expect(parse({ INPUT_API_URL: text })).toEqual({
    value: { apiUrl: '', webUrl: 'https://app.datadoghq.com', source: { kind: 'input', name: 'api_url' } },
    issues: [
      {
        input: 'api_url',
        text: `${quoted} must be an https URL without credentials or query string (http only for localhost).`,
      },
    ],
  });
});

test.each([
  ['datadoghq.eu', []],
  ['https://gateway.example:8080/datadog', []],
  ['https://user:word@gateway.example', ['user:word', 'word']],
  ['HTTPS://user:wo:rd@gateway.example', ['user:wo:rd', 'wo:rd']],
  ['user:word@gateway.example', ['user:word', 'word']],
  ['token@gateway.example', ['token', 'token']],
  ['user:@gateway.example', ['user:']],
  ['user:wo@rd@gateway.example', ['user:wo@rd', 'wo@rd']],
  ['user:wo\nrd@gateway.example', ['user:wo\nrd', 'wo\nrd']],
  ['https://gateway.example/?key=one&two&three=&four==#five', ['one', 'two', '=', 'five']],
  ['gateway.example#key=one=two', ['one=two']],
  ['gateway.example?key=one\ntwo', ['one\ntwo']],
  ['https://user:word@gateway.example?key=long-value', ['user:word', 'word', 'long-value']],
])('finds every secret in the URL %j', (text, secrets) => {
  expect(findSecrets({ INPUT_API_URL: text })).toEqual(secrets);
});

test('finds the secrets of the inputs and of both variables without surrounding space', () => {
  const secrets = findSecrets({
    INPUT_SITE: 'one@datadoghq.com',
    INPUT_API_URL: 'https://gateway.example?two',
    DD_SITE: ' three@datadoghq.com\n',
    DATADOG_SITE: ' datadoghq.com?four \n',
  });
  expect(secrets).toEqual(['one', 'one', 'two', 'three', 'three', 'four']);
});
