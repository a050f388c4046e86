import { expect, test } from '@jest/globals';
import { docsLink, isDocsLink } from '../../src/base/docs-link.ts';

test('links to a page of the repository that the action comes from', () => {
  const env = {
    GITHUB_ACTION_REPOSITORY: 'acme/case-action',
    GITHUB_SERVER_URL: 'https://github.acme.example',
  };
  expect(docsLink(env, 'docs/watch.md')).toBe('https://github.com/acme/case-action/blob/HEAD/docs/watch.md');
});

test('names the page if the repository is unknown, as for a local action', () => {
  expect(docsLink({}, 'docs/watch.md')).toBe('docs/watch.md');
});

const FOLDER = 'https://github.com/acme/case-action/blob/HEAD';
test.each([
  [`${FOLDER}/docs/watch.md`, true],
  [`${FOLDER}/README.md#quick-start`, true],
  [`${FOLDER}/examples/check.yml`, true],
  [`${FOLDER}/docs/../../../../evil/repo.md`, false],
  [`${FOLDER}/docs/watch.md?x`, false],
  ['https://github.com/acme/case-action/issues/1.md', false],
  ['docs/watch.md', false],
])('tells whether a text is a link to a page: %s', (text, expected) => {
  expect(isDocsLink({ GITHUB_ACTION_REPOSITORY: 'acme/case-action' }, text)).toBe(expected);
});

test('nothing is a link to a page if the repository is unknown', () => {
  expect(isDocsLink({}, 'docs/watch.md')).toBe(false);
});
