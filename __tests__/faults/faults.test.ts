import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { renderFaultTable } from '../../scripts/docs/fault-table.ts';
import { FAULT_KINDS, type FaultResult, listRequests, runWithFault, SCENARIOS } from './trial.ts';

/** Exactly one case, or a correct error and no case; exceptions are announced in an error or a warning. */
function expectSafeOutcome(result: FaultResult): void {
  expect(result.seconds).toBeLessThanOrEqual(60);
  if (result.hasFailed) {
    expect(result.outcome).toBe('failed');
    expect(result.error).toMatch(/No case was (opened|closed)\.|unknown whether/);
    if (!result.error.includes('may have been created')) expect(result.createdCount).toBe(0);
    expect(result.error.includes('may have been created')).toBe(result.error.includes('unknown whether'));
    expect(result.createdCount).toBeLessThanOrEqual(1);
    return;
  }
  if (result.outcome === 'closed') {
    expect(result.openIds).toEqual([]);
    return;
  }
  // A found case that can't be fetched counts as gone, which the log says, or stays open.
  const isReportedGone = result.log.includes('but it is gone');
  const isReportedUnchecked = /Could not check that \S+ is still open/.test(result.warnings);
  if (result.outcome === 'none' && (isReportedGone || isReportedUnchecked)) {
    expect(result.openIds).toHaveLength(1);
    return;
  }
  expect(['created', 'existing', 'reopened']).toContain(result.outcome);
  // A fault while the search is stale may cost the case, which a warning says.
  if (!isReportedUnchecked) expect(result.openIds).toContain(result.caseId);
  if (result.openIds.length > 1 && !isReportedGone && !isReportedUnchecked)
    expect(result.warnings).toMatch(/may be a duplicate|Could not check for a duplicate|close it manually/);
}

for (const scenario of SCENARIOS) {
  const requests = await listRequests(scenario);
  describe(scenario.name, () => {
    for (const { name, failOnce, failAlways } of requests) {
      test(`no temporary or permanent fault of ${name} loses or duplicates a case`, async () => {
        for (const kind of FAULT_KINDS) {
          for (const fault of [failOnce(kind), failAlways(kind)]) {
            const result = await runWithFault(scenario, fault);
            try {
              expectSafeOutcome(result);
              // Only the log mentions a temporary fault that cannot have done anything.
              if (fault.times === 1 && kind.name === '429')
                expect([result.hasFailed, result.warnings]).toEqual([false, '']);
            } catch (cause) {
              const duration = fault.times === 1 ? 'temporary' : 'permanent';
              throw new Error(`${kind.name}, ${duration}: ${JSON.stringify(result)}`, { cause });
            }
          }
        }
      });
    }
  });
}

test('the table in docs/faults.md is what npm run docs:update writes', async () => {
  expect(await readFile('docs/faults.md', 'utf8')).toContain(await renderFaultTable());
});
