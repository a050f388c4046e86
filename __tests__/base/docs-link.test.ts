import { expect, test } from '@jest/globals';
import { docsLink } from '../../src/base/docs-link.ts';

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
