import { expect, test } from '@jest/globals';
import { type HelpTopic, renderHelpLink, renderHelpMarkdown } from '../../src/content/help.ts';

const FOLDER = 'https://github.com/acme/open-case/blob/HEAD/docs';

test.each<[HelpTopic, string, string]>([
  ['inputs', 'Invalid inputs', 'invalid-inputs'],
  ['access', 'Wrong key, missing permission or wrong site', 'wrong-key-missing-permission-or-wrong-site'],
  ['rejected', 'Datadog rejected the case', 'datadog-rejected-the-case'],
])('names the heading about %s, or links to it if the repository is known', (topic, heading, anchor) => {
  expect(renderHelpLink({}, topic)).toBe(`Help: docs/troubleshooting.md, "${heading}"`);
  expect(renderHelpLink({ GITHUB_ACTION_REPOSITORY: 'acme/open-case' }, topic)).toBe(
    `Help: ${FOLDER}/troubleshooting.md#${anchor}`,
  );
  expect(renderHelpMarkdown({}, topic)).toBe(`Help: ${heading} in \`docs/troubleshooting.md\``);
  expect(renderHelpMarkdown({ GITHUB_ACTION_REPOSITORY: 'acme/open-case' }, topic)).toBe(
    `Help: [${heading}](${FOLDER}/troubleshooting.md#${anchor})`,
  );
});

test.each<[HelpTopic, string]>([
  ['keyless', 'keyless.md'],
  ['network', 'sites-and-proxies.md'],
])('names the page about %s, or links to it if the repository is known', (topic, page) => {
  expect(renderHelpLink({}, topic)).toBe(`Help: docs/${page}`);
  expect(renderHelpLink({ GITHUB_ACTION_REPOSITORY: 'acme/open-case' }, topic)).toBe(
    `Help: ${FOLDER}/${page}`,
  );
  expect(renderHelpMarkdown({ GITHUB_ACTION_REPOSITORY: 'acme/open-case' }, topic)).toMatch(
    `](${FOLDER}/${page})`,
  );
});
