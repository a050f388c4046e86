import { expect, test } from '@jest/globals';
import { findIssues, parseEnv, VALID_ENV } from '../support/parse-env.ts';

test('missing and empty inputs have their defaults', async () => {
  const inputs = await parseEnv({ ...VALID_ENV, INPUT_PRIORITY: '', INPUT_TIMEOUT: '  ' });
  expect(inputs).toMatchObject({
    priority: 'NOT_DEFINED',
    timeoutMs: 60_000,
    isDryRun: false,
    failOnError: 'true',
  });
  expect(inputs.site).toEqual({
    apiUrl: 'https://api.datadoghq.com',
    webUrl: 'https://app.datadoghq.com',
    source: { kind: 'default', name: 'site' },
  });
});

test('accepts priorities and booleans in upper or lower case and trims them', async () => {
  const inputs = await parseEnv({
    ...VALID_ENV,
    INPUT_PRIORITY: ' p3 ',
    INPUT_DRY_RUN: 'TRUE',
    INPUT_FAIL_ON_ERROR: 'Config',
  });
  expect(inputs).toMatchObject({ priority: 'P3', isDryRun: true, failOnError: 'config' });
});

test.each([
  [{ DD_SITE: 'datadoghq.eu' }, 'https://api.datadoghq.eu'],
  [{ DATADOG_SITE: 'us5.datadoghq.com' }, 'https://api.us5.datadoghq.com'],
  [{ DD_SITE: 'datadoghq.eu', INPUT_SITE: 'ap1.datadoghq.com' }, 'https://api.ap1.datadoghq.com'],
  [{ INPUT_API_URL: 'https://gateway.example/' }, 'https://gateway.example'],
])('uses the site of %j', async (env, api) => {
  expect((await parseEnv({ ...VALID_ENV, ...env })).site.apiUrl).toBe(api);
});

test('reports all invalid inputs at once', async () => {
  const issues = await findIssues({
    INPUT_PRIORITY: 'P9',
    INPUT_TIMEOUT: '0',
    INPUT_SITE: 'acme.datadoghq.com',
    INPUT_API_URL: 'http://user:secret@gateway.example',
    INPUT_DRY_RUN: 'maybe',
    INPUT_ATTRIBUTES: 'no colon',
    INPUT_ASSIGNEE: 'someone',
  });
  expect(Object.keys(issues).sort()).toEqual(
    [
      'api_key and app_key',
      'api_url',
      'assignee',
      'dry_run',
      'priority',
      'project',
      'site',
      'timeout',
      'title',
      'attributes',
    ].sort(),
  );
  expect(issues.priority).toContain('"P9"');
  expect(issues.site).toContain('us5.datadoghq.com');
  expect(issues.api_url).not.toContain('secret');
  expect(Object.values(issues).join()).toContain('cases_write');
});

test.each([
  ['{"a": }', 'line 1, column 7'],
  ['{\n  "a": "say "hi""\n}', 'line 2, column 14'],
  ['[1]', 'a list'],
  ['{"a": {"type": "LIST", "is_multi": false, "value": "x"}}', 'URL, TEXT, NUMBER, SELECT'],
  ['{"a": {"type": "TEXT", "value": "x"}}', 'is missing is_multi'],
  ['{"a": {"type": "TEXT", "is_multi": "no", "value": "x"}}', 'invalid is_multi "no"'],
  ['{"a": {"type": "TEXT", "is_multi": true, "value": "x"}}', 'must be a list'],
  ['{"a": {"type": "TEXT", "is_multi": false, "value": ["x"]}}', 'must not be a list'],
  ['{"a": {"type": "NUMBER", "is_multi": false, "value": "3"}}', 'must be a number'],
  ['{"a": {"type": "NUMBER", "is_multi": true, "value": [1, "3"]}}', 'must be a number'],
  ['{"a": {"type": "TEXT", "is_multi": false, "value": "x", "color": 1}}', '"color"'],
  ['{"a": {"type": "TEXT", "is_multi": false}}', 'missing'],
])('explains what is wrong with custom_attributes: %s', async (text, message) => {
  const issues = await findIssues({ ...VALID_ENV, INPUT_CUSTOM_ATTRIBUTES: text });
  expect(issues.custom_attributes).toContain(message);
});
