import { expect, test } from '@jest/globals';
import { readRunContext } from '../../src/github/run-context.ts';
import { areComparable, compareRuns, identifyRun } from '../../src/github/run-order.ts';
import { RUN_ENV } from '../support/keyed-case.ts';

test('runs of a repository can be compared, whatever its upper and lower case', () => {
  const shop = { repository: 'acme/shop' };
  expect(areComparable({ repository: 'ACME/shop' }, shop)).toBe(true);
  expect(areComparable({ repository: 'acme/shops' }, shop)).toBe(false);
});

test('each GitHub instance counts its own runs', () => {
  const identify = (url: string) => identifyRun(readRunContext({ ...RUN_ENV, GITHUB_SERVER_URL: url }, {}));
  expect(identify('https://github.com')).not.toHaveProperty('server');
  expect(identify('https://ghe.acme.example:8443')).toHaveProperty('server', 'ghe.acme.example:8443');
  expect(identify('http://localhost')).not.toHaveProperty('server');
  const shop = { repository: 'acme/shop', server: 'ghe.acme.example' };
  expect(areComparable(shop, { repository: 'acme/shop' })).toBe(false);
  expect(areComparable(shop, { ...shop })).toBe(true);
});

test('runs are compared by their ID, then by their attempt', () => {
  const runs = [
    { id: 43, attempt: 1 },
    { id: 42, attempt: 10 },
    { id: 42, attempt: 9 },
    { id: 9, attempt: 2 },
  ];
  expect([...runs].reverse().sort(compareRuns)).toEqual([...runs].reverse());
  expect(compareRuns({ id: 1, attempt: 1 }, { id: 1, attempt: 1 })).toBe(0);
});
