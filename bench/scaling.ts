import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeGitHub } from '../__tests__/support/fake-github.ts';
import {
  actionEnv,
  COMMENT_INPUTS,
  datadog,
  type Env,
  github,
  reset,
  seedCase,
  workspace,
} from './environment.ts';
import { measurePeakMemory, measureTime, median, renderTable } from './measure.ts';
import { ACTION_COMMAND } from './subjects.ts';

const ROUNDS = 7;
const PARAGRAPH = 'Words. '.repeat(50);

interface Dimension {
  /** What grows. */
  readonly name: string;
  readonly sizes: readonly number[];
  readonly env: Env;
  readonly setUp: (size: number) => void;
}

const DIMENSIONS: readonly Dimension[] = [
  {
    name: 'open cases in the project, `dedup_key` finds its own',
    sizes: [0, 100, 1000, 10_000],
    env: actionEnv({ dedup_key: 'k' }),
    setUp: (size) => {
      seedCase('k');
      for (let index = 0; index < size; index += 1) datadog.seed({ description: PARAGRAPH });
    },
  },
  {
    name: 'comments on the pull request',
    sizes: [0, 100, 1000, 3000],
    env: actionEnv(COMMENT_INPUTS, github.env({ GITHUB_RUN_ID: '' })),
    setUp: (size) => {
      github.comments = Array.from({ length: size }, (_, index) => ({
        id: index + 1,
        author: 'ada',
        body: PARAGRAPH,
      }));
    },
  },
  {
    name: 'jobs in the run, all of them failed',
    sizes: [1, 100, 1000],
    env: actionEnv({ github_token: FakeGitHub.token }, github.env()),
    setUp: (size) => {
      const steps = Array.from({ length: 20 }, (_, index) => ({
        number: index + 1,
        name: `Step ${index}`,
        conclusion: 'failure',
      }));
      github.jobs = Array.from({ length: size }, (_, index) => ({
        id: index + 1,
        name: `job ${index}`,
        steps,
      }));
    },
  },
  {
    name: 'KiB of description (from a file)',
    sizes: [1, 100, 1024],
    env: actionEnv({ description_file: 'report.md' }, { GITHUB_WORKSPACE: workspace }),
    setUp: (size) => writeFileSync(join(workspace, 'report.md'), 'x'.repeat(size * 1024)),
  },
  {
    name: 'MiB of a case that was found, full of escape characters',
    sizes: [1, 4, 15],
    env: actionEnv({ dedup_key: 'k' }),
    setUp: (size) => {
      // As JSON, each of these takes seven characters.
      datadog.seed({ title: '\u001b['.repeat((size * 1024 * 1024) / 7) });
      seedCase('k');
    },
  },
  {
    name: "MiB of a failed job's log, in color",
    sizes: [1, 4, 16],
    env: actionEnv({ github_token: FakeGitHub.token, log_lines: '20' }, github.env()),
    setUp: (size) => {
      const steps = [{ number: 1, name: 'Test', conclusion: 'failure' }];
      const line = `2026-01-02T03:04:05.0000000Z \u001b[32mok\u001b[0m ${'words '.repeat(20)}\n`;
      const log = line.repeat((size * 1024 * 1024) / line.length);
      github.jobs = [{ id: 1, name: 'test', conclusion: 'failure', steps, log }];
    },
  },
];

/** What a step costs as something grows: requests, time compared to the smallest size, and memory. */
export async function renderScaling(): Promise<string> {
  const rows: string[][] = [];
  for (const dimension of DIMENSIONS) rows.push(...(await measureDimension(dimension)));
  return renderTable(
    ['what grows', 'size', 'requests', 'time, against the smallest', 'peak memory, MiB'],
    rows,
  );
}

async function measureDimension({ name, sizes, env, setUp }: Dimension): Promise<string[][]> {
  const rows: string[][] = [];
  let smallestTime = 0;
  for (const size of sizes) {
    const subject = {
      command: ACTION_COMMAND,
      env,
      setUp: () => {
        reset();
        setUp(size);
      },
    };
    const requests = await countRequests(() => measureTime(subject));
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await measureTime(subject));
    const peak = await measurePeakMemory(subject);
    smallestTime ||= median(times);
    rows.push([
      name,
      String(size),
      String(requests),
      `${(median(times) / smallestTime).toFixed(2)} ×`,
      `${(peak / 1024).toFixed(0)}`,
    ]);
  }
  github.jobs = [];
  return rows;
}

async function countRequests(run: () => Promise<unknown>): Promise<number> {
  datadog.requests.length = 0;
  github.requests.length = 0;
  await run();
  return datadog.requests.length + github.requests.length;
}
