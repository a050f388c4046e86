import { expect, test } from '@jest/globals';
import {
  joinParagraphs,
  linkFailedStep,
  renderFailedJobs,
  renderLogTails,
  renderRunContext,
  renderRunLink,
} from '../../src/content/description.ts';
import type { FailedJob } from '../../src/github/failed-jobs.ts';
import { type RunContext, readRunContext } from '../../src/github/run-context.ts';

const HOME = 'https://github.example/acme/shop';
const JOB_URL = `${HOME}/actions/runs/42/job/5`;
const RUN = { id: 42, attempt: 1, label: 'Deploy #7', url: `${HOME}/actions/runs/42/attempts/1` };

const UNKNOWN: RunContext = readRunContext({}, undefined);
const KNOWN: RunContext = { ...UNKNOWN, repository: 'acme/shop', repositoryUrl: HOME, run: RUN };

function job(stepNames: readonly string[], name = 'test'): FailedJob {
  const steps = stepNames.map((step, index) => ({
    number: index + 1,
    name: step,
    startedAtMs: 0,
    completedAtMs: 0,
  }));
  return { id: 5, name, isCompleted: true, steps };
}

function render(context: RunContext, jobs: readonly FailedJob[] = [], unreadJobCount = 0): string {
  return renderRunContext(context, { jobs, unreadJobCount });
}

test('links the run, with the attempt if it is not the first', () => {
  expect(renderRunLink(UNKNOWN)).toBe('');
  expect(renderRunLink(KNOWN)).toBe(`[\`Deploy #7\`](${HOME}/actions/runs/42/attempts/1)`);
  const run = { ...RUN, attempt: 2, url: `${HOME}/actions/runs/42/attempts/2` };
  expect(renderRunLink({ ...KNOWN, run })).toBe(
    `[\`Deploy #7, attempt 2\`](${HOME}/actions/runs/42/attempts/2)`,
  );
});

test('lists everything that is known about the run, what failed first', () => {
  const context: RunContext = {
    ...KNOWN,
    sha: 'a'.repeat(40),
    ref: 'v1',
    refType: 'tag',
    pullRequestNumber: 12,
    deploymentEnvironment: 'production',
    actor: 'octocat',
    eventName: 'push',
  };
  expect(render(context, [job(['Build', 'Run tests'])], 3)).toBe(
    [
      `- Failed: [\`test\`](${JOB_URL}), at [\`Build\`](${JOB_URL}#step:1:1), [\`Run tests\`](${JOB_URL}#step:2:1)`,
      '- 3 jobs were not read and may have failed too',
      `- Run: [\`Deploy #7\`](${HOME}/actions/runs/42/attempts/1)`,
      `- Repository: [\`acme/shop\`](${HOME})`,
      `- Commit: [\`aaaaaaa\`](${HOME}/commit/${'a'.repeat(40)}) on tag \`v1\``,
      `- Pull request: [\`#12\`](${HOME}/pull/12)`,
      '- Environment: `production`',
      '- Actor: `octocat`',
      '- Event: `push`',
    ].join('\n'),
  );
});

test('leaves out what is unknown', () => {
  expect(render(UNKNOWN)).toBe('');
  expect(render({ ...KNOWN, run: undefined })).toBe(`- Repository: [\`acme/shop\`](${HOME})`);
  expect(render({ ...UNKNOWN, sha: 'a'.repeat(40), ref: 'main', pullRequestNumber: 12 })).toBe('');
  expect(render({ ...UNKNOWN, repositoryUrl: HOME, sha: 'a'.repeat(40) })).toBe(
    `- Commit: [\`aaaaaaa\`](${HOME}/commit/${'a'.repeat(40)})`,
  );
});

test('lists 20 failed jobs and counts the others', () => {
  const jobs = Array.from({ length: 22 }, () => job([]));
  const line = `- Failed: [\`test\`](${JOB_URL})`;
  const renderJobs = (count: number) =>
    renderFailedJobs(KNOWN, { jobs: jobs.slice(0, count), unreadJobCount: 0 });
  expect(renderJobs(20)).toEqual(Array(20).fill(line));
  expect(renderJobs(22)).toEqual([...Array(20).fill(line), '- and 2 more failed jobs']);
});

test('lists 20 failed steps of a job', () => {
  const steps = Array.from({ length: 21 }, (_, index) => `step ${index + 1}`);
  const [line] = renderFailedJobs(KNOWN, { jobs: [job(steps)], unreadJobCount: 0 });
  expect(line?.match(/#step:\d+:1/g)).toHaveLength(20);
  expect(line).toContain(', [`step 20`]');
});

test('links the first failed step, or its job if no step is known', () => {
  const linkFirst = (jobs: readonly FailedJob[]) => linkFailedStep(KNOWN, { jobs, unreadJobCount: 0 });
  expect(linkFirst([])).toBe('');
  expect(linkFirst([job([]), job(['Build'])])).toBe(`[\`test\`](${JOB_URL})`);
  expect(linkFirst([job(['Build', 'Run tests'])])).toBe(`[\`Build\`](${JOB_URL}#step:1:1)`);
});

test('shows the ends of the logs in fences, with an empty line between them', () => {
  const logTails = [
    { jobName: 'test', stepName: 'Build', text: 'one\ntwo' },
    { jobName: 'lint', stepName: 'Check', text: 'three' },
  ];
  expect(renderLogTails([])).toBe('');
  expect(renderLogTails(logTails)).toBe(
    'Last lines of `Build` in `test`:\n\n```text\none\ntwo\n```\n\nLast lines of `Check` in `lint`:\n\n```text\nthree\n```',
  );
});

test('joins paragraphs that are not empty once control characters are gone', () => {
  expect(joinParagraphs('one', '', '\u0007', 'two\u0000')).toBe('one\n\ntwo');
});
