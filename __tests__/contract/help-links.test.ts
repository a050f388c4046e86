import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { HELP_TOPICS, type HelpTopic, renderHelpLink } from '../../src/content/help.ts';
import { findAnchors } from '../support/markdown-anchors.ts';

const env = { GITHUB_ACTION_REPOSITORY: 'acme/case-action' };
const PAGE_LINK =
  /^Help: https:\/\/github\.com\/acme\/case-action\/blob\/HEAD\/(docs\/[\w-]+\.md)(?:#(.+))?$/;

test('links to an entry of the troubleshooting page', () => {
  expect(renderHelpLink(env, 'access')).toBe(
    'Help: https://github.com/acme/case-action/blob/HEAD/docs/troubleshooting.md#wrong-key-missing-permission-or-wrong-site',
  );
});

test('names the entry if the repository is unknown, as for a local action', () => {
  expect(renderHelpLink({}, 'inputs')).toBe('Help: docs/troubleshooting.md, "Invalid inputs"');
});

test('links to a guide if the topic has one', () => {
  expect(renderHelpLink({}, 'keyless')).toBe('Help: docs/keyless.md');
  expect(renderHelpLink({}, 'network')).toBe('Help: docs/sites-and-proxies.md');
});

test.each(Object.keys(HELP_TOPICS) as HelpTopic[])('the link for %s leads somewhere', async (topic) => {
  const [, page = '', anchor] = PAGE_LINK.exec(renderHelpLink(env, topic)) ?? [];
  const anchors = findAnchors(await readFile(page, 'utf8'));
  if (page === 'docs/troubleshooting.md') expect(anchors).toContain(anchor);
  else expect(anchor).toBeUndefined();
});
