import { describe, expect, test } from '@jest/globals';
import {
  findIdentityProblems,
  findRepositoryProblems,
  isDocument,
  listDocumentedVersions,
  namesRepository,
  nameUnreleased,
  PLACEHOLDER,
  readRepository,
  setDocumentedVersion,
  setManifestVersion,
  setRepository,
  setUserAgentVersion,
} from '../../scripts/release/identity.ts';

const NAME = 'acme/datadog-case-action';

test('the repository is read from package.json', () => {
  expect(readRepository(`{"repository":"github:${NAME}"}`)).toBe(NAME);
  expect(readRepository('{}')).toBe('');
});

test.each([NAME, 'a/b', 'acme-inc/case.action_2'])('accepts the repository %s', (repository) => {
  expect(findRepositoryProblems(repository)).toEqual([]);
});

test.each(['', 'acme', 'acme/a/b', '-acme/a', 'acme/$(id)', 'acme/a b', PLACEHOLDER])(
  'rejects the repository %j',
  (repository) => {
    expect(findRepositoryProblems(repository)).toEqual([
      `"${repository}" is not an owner and name such as acme/datadog-case-action.`,
    ]);
  },
);

describe('setRepository', () => {
  test.each([
    ['- uses: OWNER/REPO/watch@v1', `- uses: ${NAME}/watch@v1`],
    ['/^OWNER\\/REPO@/', '/^acme\\/datadog-case-action@/'],
    ['https://github.com/OWNER/REPO/security', `https://github.com/${NAME}/security`],
  ])('replaces the placeholder in %s', (before, after) => {
    expect(setRepository(before, PLACEHOLDER, NAME)).toBe(after);
  });

  test('replaces one name by another', () => {
    expect(setRepository(`uses: ${NAME}@v1`, NAME, 'other/action')).toBe('uses: other/action@v1');
  });

  test('removes the note about the placeholder', () => {
    const note = '<!-- until the repository has an address -->\n> Replace `OWNER/REPO`.\n<!-- end -->\n\n';
    expect(setRepository(`# Title\n\n${note}Text\n`, PLACEHOLDER, NAME)).toBe('# Title\n\nText\n');
  });
});

describe('the version in documents', () => {
  const TEXT = [
    'Pin `uses: acme/datadog-case-action@<commit> # v1.1.0`.',
    '- uses: actions/checkout@3d3c42e # v7.0.1',
    'gh release verify v1.1.0',
    '`repo:acme/shop:ref:refs/tags/v1.2.0`',
  ].join('\n');

  test('is found, but not the versions of others', () => {
    expect(listDocumentedVersions(TEXT, NAME)).toEqual(['1.1.0', '1.1.0']);
  });

  test('is set', () => {
    const changed = setDocumentedVersion(TEXT, NAME, '1.3.0');
    expect(changed).toBe(TEXT.replace('# v1.1.0', '# v1.3.0').replace('verify v1.1.0', 'verify v1.3.0'));
  });
});

test('the version is set where npm and the code read it', () => {
  const lock =
    '{\n  "version": "1.0.0",\n  "packages": {\n    "": {\n      "version": "1.0.0"\n    }\n  }\n}\n';
  expect(setManifestVersion(lock, '1.1.0')).toBe(lock.replaceAll('1.0.0', '1.1.0'));
  expect(setManifestVersion('{"version":"1.0.0"}', '1.1.0')).toBe('{\n  "version": "1.1.0"\n}\n');
  expect(setUserAgentVersion("export const USER_AGENT = 'case/1.0.0';\n", '1.1.0')).toBe(
    "export const USER_AGENT = 'case/1.1.0';\n",
  );
});

test('unreleased changes become those of the version', () => {
  expect(nameUnreleased('# Changelog\n\n## Unreleased\n\n- New.\n', '1.1.0')).toBe(
    '# Changelog\n\n## 1.1.0\n\n- New.\n',
  );
});

test('placeholders and other versions are problems of a release', () => {
  const files = new Map([
    ['README.md', `uses: ${NAME}@0123 # v1.0.0`],
    ['docs/watch.md', '- uses: OWNER/REPO/watch@v1'],
    ['CHANGELOG.md', 'v1.0.0'],
  ]);
  expect(findIdentityProblems(files, { repository: NAME, version: '1.1.0' })).toEqual({
    placeholders: ['docs/watch.md contains OWNER/REPO.'],
    versions: ['README.md names v1.0.0, not v1.1.0.'],
  });
});

test('documents are what users read, and built files never name the repository', () => {
  expect(['README.md', 'docs/watch.md', 'examples/watch.yml'].every(isDocument)).toBe(true);
  expect(['CHANGELOG.md', 'CONTRIBUTING.md', 'src/main.ts'].some(isDocument)).toBe(false);
  expect(['watch/action.yml', '__tests__/support/workflow-pitfalls.ts'].every(namesRepository)).toBe(true);
  expect(['dist/index.js', 'scripts/release/identity.ts', 'LICENSE'].some(namesRepository)).toBe(false);
});
