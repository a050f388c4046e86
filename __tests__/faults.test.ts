import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { FAULTS, PATHS, requestsOf, type Trial, table, trial } from './support/faults.ts';

/** Exactly one case, or an error that is right and no case; or the exceptions that are said in so many words. */
function check(end: Trial): void {
  expect(end.seconds).toBeLessThanOrEqual(60);
  if (end.failed) {
    expect(end.outcome).toBe('failed');
    expect(end.error).toMatch(/No case was (opened|closed)\.|not known whether/);
    if (!end.error.includes('may exist')) expect(end.made).toBe(0);
    expect(end.error.includes('may exist')).toBe(end.error.includes('not known whether'));
    expect(end.made).toBeLessThanOrEqual(1);
    return;
  }
  if (end.outcome === 'closed') {
    expect(end.open).toEqual([]);
    return;
  }
  expect(['created', 'existing']).toContain(end.outcome);
  expect(end.open).toContain(end.caseId);
  if (end.open.length > 1)
    expect(end.warned).toMatch(/may be a second one|could not be told|close it by hand/);
}

for (const path of PATHS) {
  const requests = await requestsOf(path);
  describe(path.name, () => {
    for (const request of requests) {
      test(`${request.name}: every fault, once and lasting`, async () => {
        for (const kind of FAULTS) {
          for (const lasting of [false, true]) {
            const end = await trial(path, request.fault(kind, lasting));
            try {
              check(end);
              // A fault that passes by itself and surely did nothing is never noticed but in the log.
              if (!lasting && kind.name === '429') expect([end.failed, end.warned]).toEqual([false, '']);
            } catch (cause) {
              throw new Error(`${kind.name}, ${lasting ? 'lasting' : 'once'}: ${JSON.stringify(end)}`, {
                cause,
              });
            }
          }
        }
      });
    }
  });
}

test('the table in the docs is what happens (npm run faults prints it)', async () => {
  expect(await readFile('docs/faults.md', 'utf8')).toContain(await table());
});
