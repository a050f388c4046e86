import { expect, test } from '@jest/globals';
import type { ActionsCore } from '../../src/report/reporter.ts';
import { AUTHOR } from '../support/fake-datadog/stored-case.ts';
import { DEDUP_KEY, seedKeyedCase } from '../support/keyed-case.ts';
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

/** Runs a step that can't write some of the runner's files. */
async function openCaseUnwritten(
  reasons: { readonly setOutput?: string; readonly appendSummary?: string },
  code?: string,
): Promise<TestCore> {
  const core = new TestCore();
  const broken = Object.entries(reasons).map(([name, reason]) => {
    const refuse = () => {
      throw Object.assign(new Error(reason), code && { code });
    };
    return [name, refuse];
  });
  Object.assign(core.core, Object.fromEntries(broken));
  await openCase({ attributes: 'env: prod' }, { core });
  expect(core.hasFailed).toBe(false);
  expect(core.messages('notice')).toContain('OPS-1');
  expect(datadog.cases).toHaveLength(1);
  return core;
}

const CONTAINER_ADVICE =
  'If the job runs in a container as another user than root, let that user write to the folder of GITHUB_OUTPUT, or set the option --user root.';

test('warns once if neither outputs nor summary can be written for the same reason', async () => {
  const reasons = {
    setOutput: "EACCES: permission denied, open '/github/file_commands/set_output_1'",
    appendSummary: "EACCES: permission denied, open '/github/file_commands/step_summary_1'",
  };
  expect((await openCaseUnwritten(reasons, 'EACCES')).messages('warning')).toBe(
    `Could not write the outputs and the summary of this step: ${reasons.setOutput}. ${CONTAINER_ADVICE}`,
  );
});

test('warns of each reason if outputs and summary can not be written', async () => {
  const reasons = { setOutput: 'Missing file at path: /output.', appendSummary: 'disk full' };
  expect((await openCaseUnwritten(reasons)).messages('warning')).toBe(
    'Could not write the outputs of this step: Missing file at path: /output.\nCould not write the summary of this step: disk full.',
  );
});

test('warns in the summary if only the outputs can not be written', async () => {
  const core = await openCaseUnwritten({ setOutput: 'disk full' });
  expect(core.messages('warning')).toBe('Could not write the outputs of this step: disk full.');
  expect(core.summary).toContain('- Could not write the outputs of this step: disk full.');
});

test('warns if only the summary can not be written', async () => {
  const core = await openCaseUnwritten({ appendSummary: 'disk full' });
  expect(core.messages('warning')).toBe('Could not write the summary of this step: disk full.');
  expect(core.outputs.outcome).toBe('created');
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

test.each([
  [7, 7, 0, '', '', 7],
  [8, 8, 1, '1 more warning is in the log.', '', 8],
  [14, 8, 7, '7 more warnings are in the log.', '', 14],
  [6000, 8, 93, '5993 more warnings are in the log, except the last 5900.', '- and 5980 more', 20],
])(
  'of %i warnings, %i become annotations and %i lines of the log',
  async (count, annotations, lines, last, ending, listed) => {
    const unknown = Array.from({ length: count }, (_, index) => [`unknown_${index}`, 'x']);
    const core = await openCase(Object.fromEntries(unknown));
    const warnings = core.allMessages.filter(({ kind }) => kind === 'warning').map(({ text }) => text);
    expect(warnings).toHaveLength(annotations);
    expect(warnings.at(-1)).toBe(last || `"unknown_6" is not an input of this action and is ignored.`);
    expect(core.messages('info').match(/^Warning: /gm) ?? []).toHaveLength(lines);
    expect(core.summary.match(/^- `unknown_\d+` is not an input/gm)).toHaveLength(listed);
    expect(core.summary.trim().endsWith(ending)).toBe(true);
    expect(core.summary.length).toBeLessThan(10_000);
  },
);

test('the output case holds nothing about the person who created it', async () => {
  // Creates a case, finds it, and closes it.
  for (const mode of ['open', 'open', 'close']) {
    const core = await openCase({ dedup_key: DEDUP_KEY, mode });
    expect(core.visibleText).not.toContain(AUTHOR.email);
    expect(core.visibleText).not.toContain(AUTHOR.name);
    const { attributes, ...rest } = JSON.parse(core.outputs.case ?? '');
    expect(attributes).toMatchObject({ key: 'OPS-1', comment_count: 0 });
    expect(Object.keys(rest)).toEqual(['id', 'type', 'relationships']);
  }
});

test('a dry run counts its warnings and says what it can not check', async () => {
  const limits = "Nothing was changed. A dry run can't check the permission to write cases (cases_write).";
  const core = await openCase({ dry_run: 'true', prioritty: 'P1' });
  expect(core.messages('notice')).toBe(
    `Dry run: no error found, 1 warning. A case would be opened. ${limits}`,
  );
  seedKeyedCase(datadog);
  const closing = await openCase({ dry_run: 'true', mode: 'close', dedup_key: DEDUP_KEY });
  expect(closing.messages('notice')).toBe(
    `Dry run: no error found. OPS-1 would be closed: Seeded\n${limits}\nhttps://app.datadoghq.com/cases/OPS-1`,
  );
  expect(closing.summary).toContain('would be closed in Datadog (dry run)');
  expect(datadog.requestLines.filter((line) => !line.startsWith('GET'))).toEqual([]);
});
