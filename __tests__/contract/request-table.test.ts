import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { renderRequestTable } from '../../scripts/docs/request-table.ts';

test('the table in docs/performance.md is what npm run docs:update writes', async () => {
  expect(await readFile('docs/performance.md', 'utf8')).toContain(await renderRequestTable());
});
