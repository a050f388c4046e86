import { expect, test } from '@jest/globals';
import { keyedInputs, RUN_ENV, SHARED_REFERENCE } from '../support/keyed-case.ts';
import { FOOTER, REFERENCE, runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function runKeyed(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...keyedInputs(datadog), ...inputs }, env: RUN_ENV, clock });
}

test.each([
  ['a log line', `A log said: ${SHARED_REFERENCE}`],
  ['a line of its own', `${SHARED_REFERENCE}\n\n${SHARED_REFERENCE}`],
  ['a whole footer', `${FOOTER}${SHARED_REFERENCE} ${REFERENCE}, opened by run 1 of acme/shop`],
])(
  'a case that quotes the reference of another key in %s does not become its case',
  async (_, description) => {
    await runKeyed({ dedup_key: 'other', description });
    expect((await runKeyed({ mode: 'close', title: '' })).outputs.outcome).toBe('none');
    expect((await runKeyed()).outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
    await runKeyed({ mode: 'close', title: '' });
    expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-1']);
  },
);

test('finds the case again when the key differs only in Unicode form and line endings', async () => {
  await runKeyed({ dedup_key: 'd\u00e9ploy\nmain' });
  const again = await runKeyed({ dedup_key: 'de\u0301ploy\r\nmain' });
  expect(again.outputs).toMatchObject({ outcome: 'existing', case_key: 'OPS-1' });
});

test('writes a shorter description when Datadog silently cuts it off, so that the case is found again', async () => {
  datadog.silentMaxDescription = 2000;
  const first = await runKeyed({ description: 'word '.repeat(1000) });
  expect(first.outputs.outcome).toBe('created');
  expect(first.messages('warning')).toContain('description: Datadog cut it off after 2000 characters');
  expect((await runKeyed()).outputs).toMatchObject({ outcome: 'existing', case_key: 'OPS-1' });
});

test('warns when a description that Datadog cuts off cannot be repaired', async () => {
  datadog.silentMaxDescription = 20;
  const core = await runKeyed({ description: 'word '.repeat(1000) });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain("later runs won't find this case");
});

test('prints no reference in the log unless it is needed', async () => {
  for (const inputs of [{}, {}, { dry_run: 'true' }, { mode: 'close', title: '' }]) {
    const core = await runKeyed(inputs);
    const printed = core.allMessages.map(({ text }) => text).join('\n') + core.summary;
    expect(printed).not.toMatch(/ghac[0-9a-f]{32}/);
  }
});
