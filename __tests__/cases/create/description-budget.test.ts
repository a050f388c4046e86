import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type NewCase, renderDescription, SIZES } from '../../../src/cases/create/new-case.ts';
import { parseReference, renderReference } from '../../../src/datadog/reference.ts';
import { readRunContext } from '../../../src/github/run-context.ts';
import { createNewCase } from '../../support/case-context.ts';
import { RUN_ENV } from '../../support/keyed-case.ts';

// One budget for the whole description: what is left out first is what a person finds elsewhere.

const REFERENCE_OF_CASE = {
  shared: `ghac${'5'.repeat(32)}`,
  unique: `ghac${'0'.repeat(32)}`,
  runs: [{ id: 42, attempt: 2, repository: 'acme/shop' }],
};
const END = renderReference(REFERENCE_OF_CASE);
const JOBS = Array.from({ length: 30 }, (_, index) => ({
  id: index,
  name: `job-${index}`,
  isCompleted: true,
  steps: [{ number: 1, name: `step-${index}`, startedAtMs: 0, completedAtMs: 0 }],
}));
const OMISSIONS = Array.from({ length: 60 }, (_, index) => ({
  input: 'custom_attributes',
  text: `"attribute-${index}" is not an attribute of this case type.`,
}));

/** A case with everything: a text of this length, logs, 30 failed jobs and 60 omissions. */
function fullCase(textChars: number, wanted: Partial<NewCase> = {}): NewCase {
  return createNewCase({
    text: 'w'.repeat(textChars),
    run: readRunContext(RUN_ENV, undefined),
    failedJobs: {
      jobs: JOBS,
      unreadJobCount: 0,
      logTails: [{ jobName: 'job-0', stepName: 'step-0', text: 'last line\n'.repeat(300) }],
    },
    omissions: OMISSIONS,
    reference: REFERENCE_OF_CASE,
    ...wanted,
  });
}

/** What a description of at most this many characters shows. */
function describeParts(textChars: number, maxChars: number) {
  const description = renderDescription(fullCase(textChars), maxChars);
  expect(description.length).toBeLessThanOrEqual(maxChars);
  const count = (pattern: RegExp) => description.match(pattern)?.length ?? 0;
  return {
    hasLogs: description.includes('last line'),
    jobCount: count(/- Failed: /g),
    omissionCount: count(/attribute-\d+/g),
    hasRun: description.includes('- Run: '),
    isWhole: description.endsWith(END),
  };
}

const fullLength = renderDescription(fullCase(1000), 1e6).length;

test('everything is shown if there is room', () => {
  expect(describeParts(1000, fullLength)).toMatchObject({
    hasLogs: true,
    jobCount: 20,
    omissionCount: 50,
    hasRun: true,
    isWhole: true,
  });
});

test.each([
  ['first the logs', fullLength - 1, { hasLogs: false, jobCount: 20, omissionCount: 50, hasRun: true }],
  ['then all failed jobs but the first', 8000, { jobCount: 1, omissionCount: 50, hasRun: true }],
  ['then all omissions but ten', 5000, { jobCount: 1, omissionCount: 10, hasRun: true }],
  ['then the text of the workflow', 2200, { jobCount: 1, omissionCount: 10, hasRun: true }],
  ['then what is known about the run', 1500, { jobCount: 0, omissionCount: 0, hasRun: false }],
  ['and everything but the reference', END.length, { jobCount: 0, omissionCount: 0, hasRun: false }],
])('what is left out: %s (%j characters)', (_, maxChars, parts) => {
  expect(describeParts(1000, maxChars)).toMatchObject({ ...parts, isWhole: true });
});

test('the text of the workflow is shortened last', () => {
  for (const maxChars of [60_000, 8000, 5000]) {
    const description = renderDescription(fullCase(1000), maxChars);
    expect(description.startsWith(`${'w'.repeat(1000)}\n\n`)).toBe(true);
  }
  expect(renderDescription(fullCase(1000), 2200)).toMatch(/^w{200,999}…\n\n- Failed: /);
});

test('omissions that are not shown are counted', () => {
  expect(renderDescription(fullCase(0), 3000)).toContain(
    "*Omitted:* 50 more values; the run's log lists them.",
  );
  expect(renderDescription(fullCase(1000), 1500)).toContain(
    "*Omitted:* 60 values; the run's log lists them.",
  );
});

test('a text of any length leaves room for the run and the reference', () => {
  for (const { description: maxChars } of SIZES.slice(0, -1)) {
    const description = renderDescription(fullCase(100_000, { omissions: [] }), maxChars);
    expect(description.length).toBeLessThanOrEqual(maxChars);
    expect(description).toMatch(/^w+…\n\n/);
    expect(description).toContain('- Run: ');
  }
});

test('without the run, the text ends with the reference', () => {
  const newCase = fullCase(10, { hasRunContext: false, omissions: [] });
  const withoutLogs = { ...newCase, failedJobs: { ...newCase.failedJobs, logTails: [] } };
  expect(renderDescription(withoutLogs, 1000)).toBe(`${'w'.repeat(10)}\n\n${END}`);
});

test('a description is never too long, and always ends with its reference', () => {
  const issue = fc.record({ input: fc.constantFrom('assignee', 'type_id'), text: fc.string() });
  const tail = fc.record({
    jobName: fc.string(),
    stepName: fc.string(),
    text: fc.string({ maxLength: 5000 }),
  });
  fc.assert(
    fc.property(
      fc.string({ maxLength: 5000 }),
      fc.array(issue, { maxLength: 70 }),
      fc.array(tail, { maxLength: 3 }),
      fc.boolean(),
      fc.integer({ min: END.length, max: 12_000 }),
      (text, omissions, logTails, hasRunContext, maxChars) => {
        const failedJobs = { jobs: JOBS, unreadJobCount: 3, logTails };
        const newCase = fullCase(0, { text, omissions, failedJobs, hasRunContext });
        const description = renderDescription(newCase, maxChars);
        expect(description.length).toBeLessThanOrEqual(maxChars);
        expect(description.endsWith(END)).toBe(true);
        expect(description.isWellFormed() || !text.isWellFormed()).toBe(true);
        expect(parseReference(description)).toEqual({ ...REFERENCE_OF_CASE, isAmbiguous: false });
      },
    ),
  );
});

test('whatever else there is, the description begins with the text', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 500, max: 12_000 }),
      fc.integer({ min: 1, max: 3000 }),
      (maxChars, textChars) => {
        const shown = /^w*/.exec(renderDescription(fullCase(textChars), maxChars))?.[0].length ?? 0;
        expect(shown).toBeGreaterThanOrEqual(Math.min(textChars, 199));
      },
    ),
  );
});
