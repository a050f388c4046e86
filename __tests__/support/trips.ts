import { derive } from '../../src/datadog/reference.ts';
import { DatadogSandbox, PERSON, PROJECT } from './datadog.ts';
import { GithubSandbox } from './github.ts';
import { goodInputs, step, TestClock } from './step.ts';

interface Path {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Whether the step runs in GitHub, with a token. */
  readonly inGithub?: boolean;
  readonly prepare?: (datadog: DatadogSandbox, github: GithubSandbox) => void;
}

const KEY = 'k';
const names = { project: PROJECT.key, type_id: 'Deployment failure', assignee: PERSON.email };
const seed = (datadog: DatadogSandbox) => datadog.seed({ description: derive(PROJECT.id, KEY) });
const told = (datadog: DatadogSandbox, github: GithubSandbox) => {
  const { id } = seed(datadog);
  github.comments = [{ id: 1, author: 'github-actions[bot]', body: `<!-- datadog-case ${id} seen 1 -->` }];
};
const commenting = { pr_comment: 'true', pr_number: '12', run_context: 'false' };

const PATHS: readonly Path[] = [
  { name: 'create with ids', inputs: {} },
  {
    name: 'and typed `custom_attributes`',
    inputs: {
      type_id: '00000000-0000-0000-0000-000000000003',
      custom_attributes: '{"region":{"type":"SELECT","is_multi":true,"value":["eu"]}}',
    },
  },
  { name: 'create with project, type and assignee by name', inputs: names },
  { name: 'and bare `custom_attributes`', inputs: { ...names, custom_attributes: 'region: eu' } },
  {
    name: 'and `attributes`',
    inputs: { ...names, custom_attributes: 'region: eu', attributes: 'env: prod' },
  },
  { name: 'create with ids, failed jobs in the description', inputs: {}, inGithub: true },
  { name: 'create with ids and `dedup_key`', inputs: { dedup_key: KEY } },
  { name: '`dedup_key`, the case is open', inputs: { dedup_key: KEY }, prepare: seed },
  { name: 'and ignored', inputs: { dedup_key: KEY, on_existing: 'ignore' }, prepare: seed },
  { name: 'close', inputs: { mode: 'close', title: '', dedup_key: KEY }, prepare: seed },
  { name: 'close, nothing is open', inputs: { mode: 'close', title: '', dedup_key: KEY } },
  { name: 'create with ids and a first pull request comment', inputs: commenting, inGithub: true },
  {
    name: '`dedup_key`, the case is open, the comment updated',
    inputs: { ...commenting, dedup_key: KEY },
    inGithub: true,
    prepare: told,
  },
];

/** How many requests a path makes, and how many of them wait for another's answer before they are sent. */
async function measure({ inputs, inGithub, prepare }: Path): Promise<{ requests: number; waits: number }> {
  const [datadog, github] = await Promise.all([DatadogSandbox.start(), GithubSandbox.start()]);
  try {
    const clock = new TestClock();
    datadog.now = clock.now;
    prepare?.(datadog, github);
    // Requests are answered together, once no more come: so each round of answers is one wait.
    let waits = 0;
    const waiting: (() => void)[] = [];
    let quiet: NodeJS.Timeout | undefined;
    const gate = () =>
      new Promise<void>((answer) => {
        waiting.push(answer);
        clearTimeout(quiet);
        quiet = setTimeout(() => {
          waits += 1;
          for (const one of waiting.splice(0)) one();
        }, 40);
      });
    datadog.gate = gate;
    github.gate = gate;
    const token = inGithub ? { github_token: GithubSandbox.token } : {};
    const core = await step({
      inputs: { ...goodInputs(datadog), ...token, ...inputs },
      env: inGithub ? github.env() : {},
      clock,
    });
    if (core.told('warning') || core.failed) throw new Error(core.everything);
    return { requests: datadog.calls.length + github.calls.length, waits };
  } finally {
    await Promise.all([datadog.stop(), github.stop()]);
  }
}

/** The table of all paths, in Markdown. */
export async function table(): Promise<string> {
  const rows: string[] = [];
  for (const path of PATHS) {
    const { requests, waits } = await measure(path);
    rows.push(`| ${path.name} | ${requests} | ${waits} |`);
  }
  return `| step | requests | one after another |\n|---|---|---|\n${rows.join('\n')}\n`;
}
