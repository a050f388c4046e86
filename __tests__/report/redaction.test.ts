import { expect, test } from '@jest/globals';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FOOTER, REFERENCE, runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

test('masks secrets and redacts them from all visible text', async () => {
  const body = { errors: [`bad key ${FakeDatadog.apiKey}`] };
  datadog.injectFault({ request: 'POST', response: { status: 400, body } });
  const core = await openCase({ description: `leak ${FakeDatadog.appKey}` });
  expect(core.masked).toEqual([FakeDatadog.apiKey, FakeDatadog.appKey]);
  expect(core.messages('error')).toContain('bad key ***');
  for (const secret of core.masked) expect(core.visibleText).not.toContain(secret);
});

test('redacts secrets from the title and the description', async () => {
  const leak = `leak ${FakeDatadog.appKey}`;
  await openCase({ title: leak, description: leak });
  expect(datadog.cases[0]?.attributes).toMatchObject({
    title: 'leak ***',
    description: `leak ***\n\n${FOOTER}${REFERENCE}`,
  });
});

test('does not mask secrets shorter than eight characters or bare braces', async () => {
  const core = await openCase({ api_key: 'x', app_key: '{\n"key": "0123456789"\n}' });
  expect(core.masked).toEqual(['"key": "0123456789"']);
});
