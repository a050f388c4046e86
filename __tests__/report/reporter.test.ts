import { expect, test } from '@jest/globals';
import type { ActionsCore } from '../../src/report/reporter.ts';
import { runStep, type StepOptions, TestCore, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock, ...options });
}

test('links the case in the notice and the summary', async () => {
  const core = await openCase({ priority: 'P2' });
  expect(core.messages('notice')).toContain('https://app.datadoghq.com/cases/OPS-1');
  expect(core.summary).toContain('[OPS-1](https://app.datadoghq.com/cases/OPS-1)');
  expect(core.summary).toContain('`P2`');
});

test('shortens a long title in the notice and the summary, not in the case', async () => {
  const title = 'Long '.repeat(100).trim();
  const core = await openCase({ title });
  const shown = `${'Long '.repeat(29)}Long…`;
  expect(core.messages('notice')).toContain(`Opened OPS-1: ${shown}\n`);
  expect(core.summary).toContain(`[${shown}](`);
  expect(datadog.cases[0]?.attributes.title).toBe(title);
});

test('opens the case even if outputs and summary cannot be written', async () => {
  const core = new TestCore();
  const broken = {
    setOutput: () => {
      throw new Error('disk full');
    },
    appendSummary: () => {
      throw new Error('no summary');
    },
  } satisfies Partial<ActionsCore>;
  Object.assign(core.core, broken);
  core.isDebugEnabled = true;
  await openCase({}, { core });
  expect(core.hasFailed).toBe(false);
  expect(core.messages('warning')).toContain('Could not set the output case_id: disk full');
  expect(core.messages('debug')).toContain('The step summary could not be written: Error: no summary');
  expect(core.messages('notice')).toContain('OPS-1');
});

test('a case that was opened stays opened if something breaks after that', async () => {
  datadog.injectFault({ request: 'POST .*/attributes', response: { status: 400 } });
  const core = new TestCore();
  let isBroken = true;
  const warn = core.core.warning;
  const broken = {
    warning: (text, properties) => {
      if (!isBroken) return warn(text, properties);
      isBroken = false;
      throw new Error('pipe closed');
    },
  } satisfies Partial<ActionsCore>;
  Object.assign(core.core, broken);
  await openCase({ attributes: 'env: prod' }, { core });
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
  expect(core.hasFailed).toBe(false);
  expect(core.messages('warning')).toContain('OPS-1 was opened, but a follow-up failed. Error: pipe closed');
  expect(core.summary).toMatch(/^### \[OPS-1\]\(\S+\) was opened, but a follow-up failed\n/);
});

test('creates at most ten annotations of a kind and logs the rest', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`unknown_${index}`, 'x']));
  const core = await openCase(unknown);
  expect(core.allMessages.filter(({ kind }) => kind === 'warning').length).toBeLessThanOrEqual(10);
  expect(core.messages('info').match(/Warning: /g)).toHaveLength(5);
  expect(core.summary).toContain('unknown_13');
});
