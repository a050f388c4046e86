import { expect, test } from '@jest/globals';
import { parseSite } from '../../src/datadog/sites.ts';
import { findIssues, parseEnv, VALID_ENV } from '../support/parse-env.ts';

test.each([
  ['INPUT_PRIORITY', 'P9', 'priority', '"P9" is not valid. Use one of: NOT_DEFINED, P1, P2, P3, P4, P5.'],
  [
    'INPUT_ON_EXISTING',
    'commnt',
    'on_existing',
    '"commnt" is not valid. Did you mean comment? Use one of: comment, ignore.',
  ],
  ['INPUT_DRY_RUN', 'ture', 'dry_run', '"ture" is not valid. Did you mean true? Use one of: true, false.'],
  ['INPUT_TIMEOUT', '0', 'timeout', '"0" is not valid. Use a whole number of seconds from 1 to 3600.'],
  ['INPUT_PR_NUMBER', '#12', 'pr_number', '"#12" is not valid. Use a whole number, at least 1.'],
  ['INPUT_ASSIGNEE', 'ada', 'assignee', '"ada" is not valid. Use an e-mail address or a user\'s UUID.'],
])('says what is allowed when %s is %s', async (variable, text, input, message) => {
  expect(await findIssues({ ...VALID_ENV, [variable]: text })).toEqual({ [input]: message });
});

test.each([
  ['EU', 'datadoghq.eu'],
  ['us1', 'datadoghq.com'],
  ['US1-FED', 'ddog-gov.com'],
  ['datadoghq.co', 'datadoghq.com'],
])('suggests a site for %s', async (site, suggestion) => {
  const issues = await findIssues({ ...VALID_ENV, INPUT_SITE: site });
  expect(issues.site).toContain(`"${site}" is not a Datadog site. Did you mean ${suggestion}? Use one of: `);
  expect(parseSite(suggestion)).toBeDefined();
});

test.each(['acme.datadoghq.com', 'evil.example', 'constructor'])('suggests no site for %s', async (site) => {
  const issue = (await findIssues({ ...VALID_ENV, INPUT_SITE: site })).site;
  expect(issue).toContain('is not a Datadog site');
  expect(issue).not.toContain('Did you mean');
});

test('makes a title one line', async () => {
  const title = ' Fix the deploy  \r\n\r\n  Signed-off-by: Ada\u2028x\t';
  expect((await parseEnv({ ...VALID_ENV, INPUT_TITLE: title })).title).toBe(
    'Fix the deploy Signed-off-by: Ada x',
  );
});

test('keeps spaces inside the line of a title', async () => {
  expect((await parseEnv({ ...VALID_ENV, INPUT_TITLE: 'a  b' })).title).toBe('a  b');
});
