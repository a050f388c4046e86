import { expect, test } from '@jest/globals';
import { FOOTER, REFERENCE, runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

/** 125 characters. */
const WHOLE_FOOTER = `${FOOTER}${REFERENCE}`;
const LOST = 'Datadog did not keep the whole description of OPS-1.';
const LOST_WITH_KEY =
  "Datadog did not keep the whole description of OPS-1, so later runs won't find this case: they may open another one, and won't close it.";

function openCase(inputs: Record<string, string> = {}) {
  return runStep({
    inputs: { ...validInputs(datadog), description: 'x'.repeat(900), ...inputs },
    clock: new TestClock(),
  });
}

/** The last parts of the paths of all requests. */
function requestedActions(): (string | undefined)[] {
  return datadog.requestLines.map((line) => line.split('/').at(-1));
}

test.each([
  [800, 673],
  [327, 200],
  [160, 33],
  [128, 1],
  [127, 0],
  [125, 0],
])(
  'of a description that is cut off after %d characters, keeps %d characters of the text',
  async (max, kept) => {
    datadog.silentMaxDescription = max;
    const core = await openCase();
    const text = kept ? `${'x'.repeat(kept - 1)}…\n\n` : '';
    expect(datadog.lastDescription).toBe(`${text}${WHOLE_FOOTER}`);
    expect(core.messages('warning')).toBe(
      `description: Datadog cut it off after ${max} characters. It was shortened.`,
    );
    expect(requestedActions()).toEqual(['cases', 'description']);
  },
);

test.each([124, 20, 0])('warns if there is room for %d characters, and writes nothing', async (max) => {
  datadog.silentMaxDescription = max;
  const core = await openCase();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe(LOST);
  expect(requestedActions()).toEqual(['cases']);
});

test('says what it means for later runs if there is a dedup_key', async () => {
  datadog.silentMaxDescription = 100;
  expect((await openCase({ dedup_key: 'deploy-main' })).messages('warning')).toBe(LOST_WITH_KEY);
});

test('explains why a shorter description cannot be written', async () => {
  datadog.silentMaxDescription = 800;
  datadog.injectFault({
    request: 'POST .*/description$',
    response: { status: 400, body: { errors: ['no'] } },
  });
  const core = await openCase();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe(
    `${LOST} POST /api/v2/cases/5eed0000-0000-4000-8000-000000000001/description returned 400: no. Try it in Datadog by hand: the case may be archived, or a rule of its project may forbid it.`,
  );
});

test.each<[string, object, string]>([
  ['has no description', {}, 'description: Datadog cut it off after 800 characters. It was shortened.'],
  ['lacks the reference again', { description: 'Words.' }, LOST],
  ['has another reference', { description: `${FOOTER}ghac${'f'.repeat(32)}` }, LOST],
])('warns as it should if the response to the shorter description %s', async (_, attributes, text) => {
  datadog.silentMaxDescription = 800;
  const data = { id: 'case', type: 'case', attributes };
  datadog.injectFault({ request: 'POST .*/description$', response: { status: 200, body: { data } } });
  expect((await openCase()).messages('warning')).toBe(text);
});

test.each([
  ['no', {}],
  ['an empty', { description: null }],
])('believes a create response with %s description', async (_, attributes) => {
  const data = { id: 'case', type: 'case', attributes };
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: { status: 201, body: { data } } });
  const core = await openCase();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe('');
  expect(requestedActions()).toEqual(['cases']);
});
