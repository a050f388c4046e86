// Prints the table of docs/performance.md: how many requests each scenario makes.
import { ACTIVE_USER, PROJECT } from '../../__tests__/support/fake-datadog/catalog.ts';
import { DelegatedTokens } from '../../__tests__/support/fake-datadog/delegated-tokens.ts';
import { closedAttributes } from '../../__tests__/support/fake-datadog/stored-case.ts';
import { FakeDatadog } from '../../__tests__/support/fake-datadog.ts';
import { FakeGitHub } from '../../__tests__/support/fake-github.ts';
import { DEDUP_KEY, seedKeyedCase } from '../../__tests__/support/keyed-case.ts';
import { allowKeylessSignIn } from '../../__tests__/support/keyless-run.ts';
import { runStep, TestClock, validInputs } from '../../__tests__/support/run-step.ts';

interface Scenario {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Whether the step runs on GitHub, with a token. */
  readonly isOnGitHub?: boolean;
  readonly setUp?: (datadog: FakeDatadog, github: FakeGitHub) => void;
}

const NAMES = { project: PROJECT.key, type_id: 'Deployment failure', assignee: ACTIVE_USER.email };
const COMMENT_INPUTS = { pr_comment: 'true', pr_number: '12', run_context: 'false' };

function seedOpenCase(datadog: FakeDatadog): void {
  seedKeyedCase(datadog);
}

function seedClosedCase(datadog: FakeDatadog): void {
  seedKeyedCase(datadog, closedAttributes(datadog.now() - 3_600_000));
}

function seedWithComment(datadog: FakeDatadog, github: FakeGitHub): void {
  const { id } = seedKeyedCase(datadog);
  github.comments = [{ id: 1, author: 'github-actions[bot]', body: `<!-- datadog-case ${id} seen 1 -->` }];
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'create with IDs', inputs: {} },
  {
    name: 'create with IDs and typed `custom_attributes`',
    inputs: {
      type_id: '00000000-0000-0000-0000-000000000003',
      custom_attributes: '{"region":{"type":"SELECT","is_multi":true,"value":["eu"]}}',
    },
  },
  { name: 'create with project, type and assignee by name', inputs: NAMES },
  {
    name: 'create with names and untyped `custom_attributes`',
    inputs: { ...NAMES, custom_attributes: 'region: eu' },
  },
  {
    name: 'create with names, untyped `custom_attributes` and `attributes`',
    inputs: { ...NAMES, custom_attributes: 'region: eu', attributes: 'env: prod' },
  },
  { name: 'create with IDs, failed jobs in the description', inputs: {}, isOnGitHub: true },
  {
    name: 'create with IDs, signed in without a key',
    inputs: { api_key: '', app_key: '', org_uuid: DelegatedTokens.orgUuid, run_context: 'false' },
    isOnGitHub: true,
    setUp: allowKeylessSignIn,
  },
  { name: 'create with IDs and `dedup_key`', inputs: { dedup_key: DEDUP_KEY } },
  { name: '`dedup_key`, the case is open', inputs: { dedup_key: DEDUP_KEY }, setUp: seedOpenCase },
  {
    name: '`dedup_key` with `on_existing: ignore`, the case is open',
    inputs: { dedup_key: DEDUP_KEY, on_existing: 'ignore' },
    setUp: seedOpenCase,
  },
  {
    name: '`reopen_within`, a case was closed recently',
    inputs: { dedup_key: DEDUP_KEY, reopen_within: '24' },
    setUp: seedClosedCase,
  },
  {
    name: '`after_failures`, too few so far',
    inputs: { after_failures: '2', run_context: 'false' },
    isOnGitHub: true,
  },
  { name: 'close', inputs: { mode: 'close', title: '', dedup_key: DEDUP_KEY }, setUp: seedOpenCase },
  { name: 'close, nothing is open', inputs: { mode: 'close', title: '', dedup_key: DEDUP_KEY } },
  { name: 'create with IDs and a first pull request comment', inputs: COMMENT_INPUTS, isOnGitHub: true },
  {
    name: '`dedup_key`, the case is open, the comment updated',
    inputs: { ...COMMENT_INPUTS, dedup_key: DEDUP_KEY },
    isOnGitHub: true,
    setUp: seedWithComment,
  },
];

interface RequestCounts {
  readonly requests: number;
  /** Requests that wait for the response to another one. */
  readonly sequentialRoundTrips: number;
}

async function countRequests({ inputs, isOnGitHub, setUp }: Scenario): Promise<RequestCounts> {
  const [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
  try {
    const clock = new TestClock();
    datadog.now = clock.now;
    setUp?.(datadog, github);
    const batches = batchResponses(datadog, github);
    const token = isOnGitHub ? { github_token: FakeGitHub.token } : {};
    const core = await runStep({
      inputs: { ...validInputs(datadog), ...token, ...inputs },
      // Without a token, GitHub is not asked.
      env: github.env(),
      clock,
    });
    if (core.messages('warning') || core.hasFailed) throw new Error(core.visibleText);
    return {
      requests: datadog.requestLines.length + github.requestLines.length,
      sequentialRoundTrips: batches.count,
    };
  } finally {
    await Promise.all([datadog.stop(), github.stop()]);
  }
}

/** Responds to all pending requests at once when no more arrive, so that each batch is one round trip. */
function batchResponses(...servers: readonly (FakeDatadog | FakeGitHub)[]): { readonly count: number } {
  const batches = { count: 0 };
  const pending: (() => void)[] = [];
  let idleTimer: NodeJS.Timeout | undefined;
  const waitForBatch = () =>
    new Promise<void>((resolve) => {
      pending.push(resolve);
      clearTimeout(idleTimer);
      idleTimer = setTimeout(() => {
        batches.count += 1;
        for (const release of pending.splice(0)) release();
      }, 40);
    });
  for (const server of servers) server.beforeResponse = waitForBatch;
  return batches;
}

/** The requests of all scenarios, in Markdown. */
export async function renderRequestTable(): Promise<string> {
  const rows: string[] = [];
  for (const scenario of SCENARIOS) {
    const { requests, sequentialRoundTrips } = await countRequests(scenario);
    rows.push(`| ${scenario.name} | ${requests} | ${sequentialRoundTrips} |`);
  }
  return `| step | requests | sequential |\n|---|---|---|\n${rows.join('\n')}\n`;
}
