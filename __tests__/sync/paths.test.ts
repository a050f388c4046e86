import { expect, test } from '@jest/globals';
import { isInWorkspace, normalizePath } from '../../src/sync/read/paths.ts';

test.each([
  ['/home/runner/work/shop/shop', 'file:///home/runner/work/shop/shop/src/a.js', 'src/a.js'],
  ['/home/runner/work/shop/shop/', '/home/runner/work/shop/shop/src/a.js', 'src/a.js'],
  ['/home/runner/work/shop/shop', '/home/runner/work/shop/shop2/a.js', '/home/runner/work/shop/shop2/a.js'],
  ['D:\\a\\shop\\shop', 'file:///d:/a/shop/shop/src/a.js', 'src/a.js'],
  ['D:\\a\\shop\\shop', 'D:\\a\\shop\\shop\\src\\a.js', 'src/a.js'],
  ['/work', 'file://localhost/work/a.js', 'a.js'],
  ['/work', '100%.js', '100%.js'],
  ['', '/a.js', '/a.js'],
])('in the workspace %p, %p is %p', (workspace, uri, expected) => {
  expect(normalizePath(uri, workspace)).toBe(expected);
});

test.each(['', '/opt/a.js', '../a.js', 'C:/a.js', 'https://example.com', 'pkg:npm/x'])(
  '%p is not certainly in the workspace',
  (path) => {
    expect(isInWorkspace(path)).toBe(false);
  },
);

test('a relative path is in the workspace', () => {
  expect(isInWorkspace('src/a..b.js')).toBe(true);
});
