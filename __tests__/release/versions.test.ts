import { describe, expect, test } from '@jest/globals';
import {
  extractNotes,
  findTagProblems,
  findVersionProblems,
  type VersionFiles,
  withoutUnreleased,
} from '../../scripts/release/versions.ts';

const CHANGELOG =
  '# Changelog\n\nThe newest first.\n\n## 1.2.0\n\n- Opens cases.\n- Closes them.\n\n## 1.1.0\n\n- Old.\n';
const files: VersionFiles = {
  manifest: '{"name":"case-action","version":"1.2.0"}',
  lockfile: '{"name":"case-action","version":"1.2.0"}',
  userAgent: "export const USER_AGENT = 'case-action/1.2.0';\n",
  changelog: CHANGELOG,
};

describe('findVersionProblems', () => {
  test('accepts a version that every file names', () => {
    expect(findVersionProblems('1.2.0', files)).toEqual([]);
  });

  test('accepts the line endings of Windows', () => {
    const changelog = CHANGELOG.replaceAll('\n', '\r\n');
    expect(findVersionProblems('1.2.0', { ...files, changelog })).toEqual([]);
    expect(extractNotes('1.2.0', changelog)).toBe('- Opens cases.\n- Closes them.');
  });

  test.each(['', '1.2', 'v1.2.0', '1.2.0-rc.1', '01.2.0', '1.2.0\n', '1.2.0; rm -rf .', '$(id)'])(
    'rejects the version %j',
    (version) => {
      expect(findVersionProblems(version, files)).toEqual([`"${version}" is not a version such as 1.2.0.`]);
    },
  );

  test('names every file with another version', () => {
    expect(findVersionProblems('1.3.0', files)).toEqual([
      'package.json has version 1.2.0, not 1.3.0.',
      'package-lock.json has version 1.2.0, not 1.3.0: run npm install.',
      'src/http/client.ts has case-action/1.2.0, not case-action/1.3.0.',
      'CHANGELOG.md starts with the section 1.2.0, not with "## 1.3.0".',
    ]);
  });

  test.each<[keyof VersionFiles, string, string]>([
    ['lockfile', '{}', 'package-lock.json has version undefined, not 1.2.0: run npm install.'],
    ['userAgent', '', 'src/http/client.ts has undefined, not case-action/1.2.0.'],
    [
      'userAgent',
      "export const USER_AGENT = 'other/1.2.0';",
      'src/http/client.ts has other/1.2.0, not case-action/1.2.0.',
    ],
    ['changelog', '', 'CHANGELOG.md starts with the section (none), not with "## 1.2.0".'],
    [
      'changelog',
      '## Unreleased\n\n- New.\n\n## 1.2.0\n\n- Opens cases.\n',
      'CHANGELOG.md starts with the section Unreleased, not with "## 1.2.0".',
    ],
    ['changelog', '## 1.2.0\n\n## 1.1.0\n\n- Old.\n', 'The section 1.2.0 of CHANGELOG.md is empty.'],
  ])('names the problem if %s is %j', (name, text, problem) => {
    expect(findVersionProblems('1.2.0', { ...files, [name]: text })).toEqual([problem]);
  });
});

describe('extractNotes', () => {
  test('returns the section of the version, without the heading', () => {
    expect(extractNotes('1.2.0', CHANGELOG)).toBe('- Opens cases.\n- Closes them.');
    expect(extractNotes('1.1.0', CHANGELOG)).toBe('- Old.');
  });

  test('returns nothing if the changelog has no such section', () => {
    expect(extractNotes('1.2', CHANGELOG)).toBe('');
    expect(extractNotes('2.0.0', CHANGELOG)).toBe('');
  });
});

describe('withoutUnreleased', () => {
  test('removes the section of unreleased changes and nothing else', () => {
    const unreleased = '## Unreleased\n\n### New\n\n- More.\n\n';
    const [head, ...rest] = CHANGELOG.split('## 1.2.0');
    expect(withoutUnreleased([`${head}${unreleased}`, ...rest].join('## 1.2.0'))).toBe(CHANGELOG);
    expect(withoutUnreleased(CHANGELOG)).toBe(CHANGELOG);
    expect(withoutUnreleased(`# Changelog\n\n${unreleased}`)).toBe('# Changelog\n\n');
  });
});

describe('findTagProblems', () => {
  test.each<[string, string[]]>([
    ['1.0.0', []],
    ['1.2.1', ['v1', 'v1.2.0', 'v1.1.9']],
    ['1.10.0', ['v1.9.0', 'v1.2.0']],
    ['1.2.1', ['v1.2.0', 'v2', 'v2.0.0']],
    ['2.0.0', ['v1.9.9']],
    ['1.2.1', ['', 'nightly', 'v1.9', 'v1.9.0-rc.1']],
  ])('accepts the new version %s with the tags %j', (version, tags) => {
    expect(findTagProblems(version, tags)).toEqual([]);
  });

  test('rejects a version whose tag exists', () => {
    expect(findTagProblems('1.2.0', ['v1.2.0'])).toEqual(['The tag v1.2.0 exists already.']);
  });

  test('rejects a version that would move the tag of the major version backwards', () => {
    expect(findTagProblems('1.9.1', ['v1.9.0', 'v1.10.0', 'v1.9.2'])).toEqual([
      'v1 would move backwards: it may point to v1.10.0 or v1.9.2.',
    ]);
  });
});
