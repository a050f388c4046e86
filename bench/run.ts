// Measures whole steps: their time as ratios within one run, their peak memory, and what grows with what.
// Prints the tables and writes them to bench/RESULTS.md. Timing is only ever measured here, never in a test.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DatadogSandbox, PERSON, PROJECT, STANDARD } from '../__tests__/support/datadog.ts';
import { GithubSandbox } from '../__tests__/support/github.ts';
import { derive } from '../src/datadog/reference.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 31);
const MEMORY_ROUNDS = 5;
const CLIENT = 'bench/client';
const ACTION = resolve('dist/index.js');

type Env = Readonly<Record<string, string>>;
interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Env;
  readonly before?: () => void;
}

const [datadog, github] = await Promise.all([DatadogSandbox.start(), GithubSandbox.start()]);
const folder = mkdtempSync(join(tmpdir(), 'case-bench-'));
const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };

const plain: Env = {
  PATH: process.env.PATH ?? '',
  BENCH_URL: datadog.url,
  BENCH_API_KEY: DatadogSandbox.apiKey,
  BENCH_APP_KEY: DatadogSandbox.appKey,
  BENCH_PROJECT: PROJECT.id,
  BENCH_TYPE: STANDARD,
  BENCH_TITLE: 'Deploy of acme/shop failed',
  ...files,
};

function action(inputs: Env, more: Env = {}): Env {
  const given = {
    api_url: datadog.url,
    api_key: DatadogSandbox.apiKey,
    app_key: DatadogSandbox.appKey,
    project: PROJECT.id,
    title: 'Deploy of acme/shop failed',
    ...inputs,
  };
  const named = Object.entries(given).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]);
  return { PATH: process.env.PATH ?? '', ...files, ...Object.fromEntries(named), ...more };
}

const reset = () => {
  datadog.cases.length = 0;
  github.comments = [];
};
const seed = (key: string) => datadog.seed({ description: derive(PROJECT.id, key) });
const commenting = { github_token: GithubSandbox.token, pr_comment: 'true', pr_number: '12' };
const curl = `curl -sf -X POST "$BENCH_URL/api/v2/cases" -H 'Content-Type: application/json' -H "DD-API-KEY: $BENCH_API_KEY" -H "DD-APPLICATION-KEY: $BENCH_APP_KEY" -d '{"data":{"type":"case","attributes":{"title":"'"$BENCH_TITLE"'","type_id":"'"$BENCH_TYPE"'","priority":"NOT_DEFINED"},"relationships":{"project":{"data":{"id":"'"$BENCH_PROJECT"'","type":"project"}}}}}'`;

const BARE = 'a bare `http` POST from a CommonJS script';
const OFFICIAL = 'the official client, bundled';
const IDS = 'the action: create with ids';
const SUBJECTS: readonly Subject[] = [
  { name: BARE, command: [process.execPath, 'bench/bare.cjs'], env: plain, before: reset },
  {
    name: 'a `curl` step (bash)',
    command: ['bash', '-e', '-o', 'pipefail', '-c', curl],
    env: plain,
    before: reset,
  },
  { name: IDS, command: [process.execPath, ACTION], env: action({}), before: reset },
  {
    name: 'the action: create with three names',
    command: [process.execPath, ACTION],
    env: action({ project: PROJECT.key, type_id: 'Deployment failure', assignee: PERSON.email }),
    before: reset,
  },
  {
    name: 'the action: failed jobs in the description',
    command: [process.execPath, ACTION],
    env: action({ github_token: GithubSandbox.token }, github.env()),
    before: reset,
  },
  {
    name: 'the action: `dedup_key`, the case is open',
    command: [process.execPath, ACTION],
    env: action({ dedup_key: 'k' }),
    before: () => {
      reset();
      seed('k');
    },
  },
  {
    name: 'the action: `dedup_key`, creates (and settles for 1 s)',
    command: [process.execPath, ACTION],
    env: action({ dedup_key: 'k' }),
    before: reset,
  },
  {
    name: 'the action: create with ids, pull request comment',
    command: [process.execPath, ACTION],
    env: action(commenting, github.env({ GITHUB_RUN_ID: '' })),
    before: reset,
  },
  { name: OFFICIAL, command: [process.execPath, `${CLIENT}/dist/index.js`], env: plain, before: reset },
];

interface Run {
  readonly milliseconds: number;
  /** KiB; 0 where it was not measured. */
  readonly peak: number;
}

async function run({ command, env, before }: Subject, measureMemory = false): Promise<Run> {
  before?.();
  for (const file of Object.values(files)) writeFileSync(file, '');
  const [program = '', ...words] = command;
  const preload =
    measureMemory && program === process.execPath ? ['--require', resolve('bench/peak.cjs')] : [];
  const started = process.hrtime.bigint();
  const child = spawn(program, [...preload, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const exitCode = await new Promise((done) => child.on('close', done));
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${said}`);
  return { milliseconds, peak: Number(/peak (\d+)/.exec(said)?.[1] ?? 0) };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

async function comparison(): Promise<string> {
  const times = new Map<string, number[]>();
  const peaks = new Map<string, number[]>();
  const push = (to: Map<string, number[]>, name: string, value: number) =>
    to.set(name, [...(to.get(name) ?? []), value]);
  for (const subject of SUBJECTS) await run(subject); // Once to warm the disk's cache.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of SUBJECTS) push(times, subject.name, (await run(subject)).milliseconds);
  }
  for (let round = 0; round < MEMORY_ROUNDS; round += 1) {
    for (const subject of SUBJECTS) push(peaks, subject.name, (await run(subject, true)).peak);
  }
  const time = (name: string) => median(times.get(name) ?? []);
  const peak = (name: string) => median(peaks.get(name) ?? []);
  const rows = SUBJECTS.map(({ name }) => [
    name,
    time(name).toFixed(0),
    `${(time(name) / time(BARE)).toFixed(2)} ×`,
    `${(time(name) / time(OFFICIAL)).toFixed(2)} ×`,
    peak(name) ? `${(peak(name) / 1024).toFixed(0)} (${(peak(name) / peak(BARE)).toFixed(2)} ×)` : 'not Node',
  ]);
  const head = [
    'step',
    'median ms',
    'against the bare POST',
    'against the official client',
    'peak memory, MiB',
  ];
  const official = readFileSync(`${CLIENT}/dist/index.js`).length;
  return [
    table(head, rows),
    '',
    table(
      ['measure', 'here', 'target'],
      [
        [
          'create with ids, against the bare POST',
          `${(time(IDS) / time(BARE)).toFixed(2)} ×`,
          'at most 1.8 ×',
        ],
        [
          'create with ids, against the official client',
          `1/${(time(OFFICIAL) / time(IDS)).toFixed(1)}`,
          'at most 1/6',
        ],
        ['peak memory, against the bare POST', `${(peak(IDS) / peak(BARE)).toFixed(2)} ×`, 'at most 1.3 ×'],
        ['archive that a runner downloads', kib(archive()), 'at most 200 KiB'],
        ['main chunk of `dist`, not minified', kib(readFileSync(ACTION).length), 'at most 350 KiB'],
        ['the official client’s bundle, for comparison', kib(official), ''],
      ],
    ),
  ].join('\n');
}

/** Bytes of what GitHub packs at HEAD, as it does for a runner. */
function archive(): number {
  return gzipSync(execFileSync('git', ['archive', '--format=tar', 'HEAD'], { maxBuffer: 2 ** 28 })).length;
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}

/** What a step costs as something grows: requests, time against the smallest size, and memory. */
async function growth(): Promise<string> {
  const measures: { what: string; sizes: readonly number[]; subject: (size: number) => Subject }[] = [
    {
      what: 'open cases in the project, `dedup_key` finds its own',
      sizes: [0, 100, 1000, 10_000],
      subject: (size) => ({
        name: '',
        command: [process.execPath, ACTION],
        env: action({ dedup_key: 'k' }),
        before: () => {
          reset();
          seed('k');
          for (let at = 0; at < size; at += 1) datadog.seed({ description: 'Words. '.repeat(50) });
        },
      }),
    },
    {
      what: 'comments on the pull request',
      sizes: [0, 100, 1000, 3000],
      subject: (size) => ({
        name: '',
        command: [process.execPath, ACTION],
        env: action(commenting, github.env({ GITHUB_RUN_ID: '' })),
        before: () => {
          reset();
          github.comments = Array.from({ length: size }, (_, at) => ({
            id: at + 1,
            author: 'ada',
            body: 'Words. '.repeat(50),
          }));
        },
      }),
    },
    {
      what: 'jobs in the run, all of them failed',
      sizes: [1, 100, 1000],
      subject: (size) => ({
        name: '',
        command: [process.execPath, ACTION],
        env: action({ github_token: GithubSandbox.token }, github.env()),
        before: () => {
          reset();
          const steps = Array.from({ length: 20 }, (_, at) => ({
            number: at + 1,
            name: `Step ${at}`,
            conclusion: 'failure',
          }));
          github.jobs = Array.from({ length: size }, (_, at) => ({ id: at + 1, name: `job ${at}`, steps }));
        },
      }),
    },
    {
      what: 'KiB of description (from a file)',
      sizes: [1, 100, 1024],
      subject: (size) => {
        writeFileSync(join(folder, 'report.md'), 'x'.repeat(size * 1024));
        return {
          name: '',
          command: [process.execPath, ACTION],
          env: action({ description_file: 'report.md' }, { GITHUB_WORKSPACE: folder }),
          before: reset,
        };
      },
    },
  ];
  const rows: string[][] = [];
  for (const { what, sizes, subject } of measures) {
    let first = 0;
    for (const size of sizes) {
      const one = subject(size);
      datadog.requests.length = 0;
      github.requests.length = 0;
      await run(one);
      const requests = datadog.requests.length + github.requests.length;
      const times: number[] = [];
      for (let round = 0; round < 7; round += 1) times.push((await run(one)).milliseconds);
      const { peak } = await run(one, true);
      first ||= median(times);
      rows.push([
        what,
        String(size),
        String(requests),
        `${(median(times) / first).toFixed(2)} ×`,
        `${(peak / 1024).toFixed(0)}`,
      ]);
    }
  }
  github.jobs = [];
  return table(['what grows', 'size', 'requests', 'time, against the smallest', 'peak memory, MiB'], rows);
}

if (!existsSync(`${CLIENT}/dist/index.js`)) {
  console.log('Installing and bundling the official client, once.');
  for (const words of [
    ['ci', '--no-audit', '--no-fund'],
    ['run', 'build'],
  ])
    execFileSync('npm', words, { cwd: CLIENT, stdio: 'ignore' });
}
try {
  const [processor] = cpus();
  const text = `# Results of the benchmark

\`npm run bench\` on Linux, ${cpus().length} × ${processor?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}: whole processes on loopback, medians of ${ROUNDS} interleaved rounds. Compare within a table only; machines differ, and so do minutes.

${await comparison()}

## What grows with what

${await growth()}
`;
  writeFileSync('bench/RESULTS.md', text);
  console.log(text);
} finally {
  await Promise.all([datadog.stop(), github.stop()]);
}
