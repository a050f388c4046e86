import { describe, expect, test } from '@jest/globals';
import {
  keyOfResults,
  OTHER_EVENTS,
  OWN_EVENTS,
  type ReportedEvent,
  referenceOf,
  runAutoStep,
  titleOfResults,
} from '../support/auto-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock } = useFakes();

type Effect = 'opens' | 'closes' | 'nothing';

/** Every known result, with what it leads to alone. */
const ALONE: Readonly<Record<string, Effect>> = {
  failure: 'opens',
  error: 'opens',
  timed_out: 'opens',
  startup_failure: 'opens',
  cancelled: 'nothing',
  success: 'closes',
  skipped: 'nothing',
  neutral: 'nothing',
  action_required: 'nothing',
  stale: 'nothing',
  pending: 'nothing',
  in_progress: 'nothing',
  queued: 'nothing',
  waiting: 'nothing',
  inactive: 'nothing',
};
const RESULTS = Object.keys(ALONE);
const PAIRS = RESULTS.flatMap((first, index) => RESULTS.slice(index).map((second) => [first, second]));

/** A failure counts, and a success does if nothing is beside it that leaves doubts. */
function effectOf(results: readonly string[]): Effect {
  if (results.some((result) => ALONE[result] === 'opens')) return 'opens';
  const isSuccess = results.includes('success');
  const isHarmless = results.every((result) => ['success', 'skipped', 'neutral'].includes(result));
  return isSuccess && isHarmless ? 'closes' : 'nothing';
}

/** What happens to the one case, whether it is open or not. */
function outcomeOf(effect: Effect, isOpen: boolean): string {
  if (effect === 'opens') return isOpen ? 'existing' : 'created';
  return effect === 'closes' && isOpen ? 'closed' : 'none';
}

/** Runs a step in a new run. `ending` is how what the event is about ended. */
async function report(event: ReportedEvent, ending: unknown, inputs: Record<string, string> = {}) {
  github.runId += 1;
  return runAutoStep({
    datadog,
    github,
    clock,
    inputs: { run_context: 'false', ...inputs },
    env: { GITHUB_EVENT_NAME: event.name },
    event: event.payload(ending, github.runId),
  });
}

interface Report {
  readonly effect: Effect;
  readonly run: () => ReturnType<typeof report>;
}

/** Reports one after another, and compares what happens to the one case. */
async function expectEffects(reports: readonly Report[]): Promise<void> {
  for (const { effect, run } of reports) {
    const expected = outcomeOf(effect, datadog.openCases.length > 0);
    const { outputs, allMessages } = await run();
    expect(outputs.outcome).toBe(expected);
    if (expected === 'none') expect(allMessages.map(({ kind }) => kind)).toEqual(['info']);
  }
}

function expectAllCases({ key, title }: Pick<ReportedEvent, 'key' | 'title'>): void {
  expect(datadog.cases.length).toBeGreaterThan(0);
  for (const { attributes } of datadog.cases) {
    expect(attributes.title).toBe(title);
    expect(attributes.description).toContain(referenceOf(key));
  }
}

describe.each([...OWN_EVENTS.slice(0, 1), ...OTHER_EVENTS])('on $name', (event) => {
  const toReport = (results: readonly string[], separator: string): Report => ({
    effect: effectOf(results),
    run: () => report(event, 'skipped', { result: results.join(separator), job_status: 'failure' }),
  });
  const FAILURE = toReport(['failure'], '');

  test('given results, alone and in pairs, open and close the case of these results', async () => {
    const givens = [
      ...RESULTS.map((result) => [result]),
      ...PAIRS.map((pair, index) => (index % 2 ? pair : pair.toReversed())),
    ];
    const reports = givens.map((results, index) => toReport(results, [' ', ',', ', '][index % 3] ?? ' '));
    // A success is reported with an open case and without.
    await expectEffects(
      reports.flatMap((given) => (given.effect === 'closes' ? [FAILURE, given, given] : [given])),
    );
    expectAllCases({ key: keyOfResults(event), title: titleOfResults(event) });
  }, 60_000);
});

describe.each(OTHER_EVENTS)('on $name', (event) => {
  const toReport = (ending: string): Report => ({
    effect: effectOf([ending]),
    run: () => report(event, ending, { job_status: effectOf([ending]) === 'opens' ? 'success' : 'failure' }),
  });

  test.each(RESULTS)('the result %s of what it is about counts, not that of the job', async (ending) => {
    await expectEffects([toReport(ending), toReport('failure'), toReport(ending)]);
    expectAllCases(event);
  });

  test.each(['odd', '', null, undefined, 7, {}, ['success']])(
    'the unknown result %j neither opens nor closes a case, and is a warning',
    async (ending) => {
      await report(event, 'failure');
      const core = await report(event, ending);
      expect(core.outputs.outcome).toBe('none');
      expect(core.messages('warning')).toMatch(
        /^The result (?:is empty|"odd" is unknown)\. No case was opened or closed\.$/,
      );
      expect(datadog.openCases).toHaveLength(1);
    },
  );
});
