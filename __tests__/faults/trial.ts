import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import type { Fault, RecordedRequest } from '../support/fake-server.ts';
import { DEDUP_KEY, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';

const TIMEOUT_SECONDS = 60;

/** A step and the cases that exist before it. */
export interface Scenario {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly setUp?: (datadog: FakeDatadog, nowMs: number) => void;
  /** Runs the step in a run on GitHub, which failed before. */
  readonly isOnGitHub?: boolean;
}

function seedOpenCase(datadog: FakeDatadog): void {
  seedKeyedCase(datadog);
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'open, by names',
    inputs: { project: 'OPS', type_id: 'Deployment failure', attributes: 'env: prod' },
  },
  { name: 'open, with dedup_key', inputs: { dedup_key: DEDUP_KEY } },
  { name: 'open, the case exists', inputs: { dedup_key: DEDUP_KEY }, setUp: seedOpenCase },
  {
    name: 'open, the search still shows a closed case as open',
    inputs: { dedup_key: DEDUP_KEY },
    setUp: (datadog) => {
      datadog.staleIds.add(seedKeyedCase(datadog, closedAttributes()).id);
    },
  },
  {
    name: 'open, another step was first',
    inputs: { dedup_key: DEDUP_KEY },
    setUp: (datadog) => {
      datadog.beforeResponse = ({ method, path }) => {
        if (method === 'POST' && path === '/api/v2/cases' && !datadog.cases.length) seedKeyedCase(datadog);
      };
    },
  },
  {
    name: 'open, a case was closed recently',
    inputs: { dedup_key: DEDUP_KEY, reopen_within: '24' },
    setUp: (datadog, nowMs) => {
      seedKeyedCase(datadog, closedAttributes(nowMs - 3_600_000));
    },
  },
  {
    name: 'open, the second consecutive failure',
    inputs: { after_failures: '2', run_context: 'false', github_token: FakeGitHub.token },
    isOnGitHub: true,
  },
  { name: 'close', inputs: { mode: 'close', title: '', dedup_key: DEDUP_KEY }, setUp: seedOpenCase },
];

export type FaultKind = Pick<Fault, 'response' | 'phase'> & { readonly name: string };

/** Everything that can go wrong with one request. A server does not reject a request that it has processed. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...[400, 401, 403, 404, 409, 422].map((status) => ({
    name: String(status),
    response: { status, body: { errors: [{ title: 'refused' }] } },
  })),
  { name: '429', response: { status: 429, headers: { 'X-RateLimit-Reset': '1' } } },
  { name: '429, long', response: { status: 429, headers: { 'X-RateLimit-Reset': '999' } } },
  ...(['before', 'after'] as const).flatMap((phase) => [
    { name: `500 ${phase}`, phase, response: { status: 500 } },
    { name: `503 page ${phase}`, phase, response: { status: 503, body: '<html>' } },
    { name: `200 garbage ${phase}`, phase, response: { status: 200, body: 'garbage' } },
    { name: `200 empty ${phase}`, phase, response: { status: 200 } },
    { name: `dropped ${phase}`, phase, response: 'drop' as const },
    { name: `no answer ${phase}`, phase, response: 'hang' as const },
  ]),
];

/** The result of a step with a fault. */
export interface FaultResult {
  readonly outcome: string;
  readonly hasFailed: boolean;
  readonly error: string;
  readonly warnings: string;
  readonly log: string;
  /** The case that the outputs name. */
  readonly caseId: string | undefined;
  readonly openIds: readonly string[];
  /** Number of cases that the step created and closed again. */
  readonly duplicateCount: number;
  /** Number of cases that the step itself created. */
  readonly createdCount: number;
  /** How much of its `timeout` the step took. */
  readonly seconds: number;
  /** Method and path, and which search it is. */
  readonly requestLines: readonly string[];
}

/** Queries of searches, which are at the same time. */
const SEARCHES: Readonly<Record<string, string>> = {
  'for the phrase': '"',
  'for the newest cases': '^[^"]*$',
};

/** All results so far: the tests and the table of docs/faults.md need the same ones. */
const results = new Map<string, Promise<FaultResult>>();

/** Runs a scenario with a fault, once. */
export function runWithFault(scenario: Scenario, fault?: Fault): Promise<FaultResult> {
  const name = JSON.stringify([scenario.name, fault]);
  const result = results.get(name) ?? runScenario(scenario, fault);
  results.set(name, result);
  return result;
}

async function runScenario(scenario: Scenario, fault: Fault | undefined): Promise<FaultResult> {
  const [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
  try {
    const clock = new TestClock();
    datadog.now = clock.now;
    datadog.onUnanswered = clock.advanceToNextTimeout;
    github.onUnanswered = clock.advanceToNextTimeout;
    github.pastRuns = [{ id: 41, conclusion: 'failure' }];
    scenario.setUp?.(datadog, clock.time);
    if (fault) for (const server of [datadog, github]) server.injectFault(fault);
    const startedAt = clock.time;
    const core = await runStep({
      inputs: { ...validInputs(datadog), timeout: String(TIMEOUT_SECONDS), ...scenario.inputs },
      ...(scenario.isOnGitHub && { env: github.env() }),
      clock,
    });
    const openIds = datadog.openCases.map(({ id }) => id);
    return {
      outcome: core.outputs.outcome ?? '',
      hasFailed: core.hasFailed,
      error: core.messages('error'),
      warnings: core.messages('warning'),
      log: core.messages('info'),
      caseId: core.outputs.case_id,
      openIds,
      duplicateCount: datadog.cases.slice(datadog.seedCount).filter(({ id }) => !openIds.includes(id)).length,
      createdCount: datadog.cases.length - datadog.seedCount,
      seconds: (clock.time - startedAt) / 1000,
      requestLines: [...github.requests, ...datadog.requests].map(describeRequest),
    };
  } finally {
    await Promise.all([datadog.stop(), github.stop()]);
  }
}

function describeRequest({ method, path, query }: RecordedRequest): string {
  const line = `${method} ${path.replace(/5eed0000[^/]*/, '{id}')}`;
  if (line !== 'GET /api/v2/cases') return line;
  const [search] = Object.entries(SEARCHES).find(([, pattern]) =>
    new RegExp(pattern).test(query.get('filter') ?? ''),
  ) ?? [''];
  return `${line} ${search}`;
}

interface ScenarioRequest {
  readonly name: string;
  /** A fault that hits this request only. */
  readonly failOnce: (kind: FaultKind) => Fault;
  /** A fault that hits this request and all later ones to the same path. */
  readonly failAlways: (kind: FaultKind) => Fault;
}

/** The requests that a scenario makes without a fault, in a stable order: some are at the same time. */
export async function listRequests(scenario: Scenario): Promise<ScenarioRequest[]> {
  const { requestLines } = await runWithFault(scenario);
  const requests = requestLines.map((line, index): ScenarioRequest => {
    const skip = requestLines.slice(0, index).filter((earlier) => earlier === line).length;
    const isRepeated = requestLines.filter((other) => other === line).length > 1;
    const ordinal = isRepeated ? `, ${['first', 'second', 'third'][skip]}` : '';
    const [request = '', query] = line.split(/ (?=for )/);
    const failAlways = ({ response, phase }: FaultKind): Fault => ({
      request: `${request.replace('{id}', '[^/]+')}$`,
      ...(query && { query: SEARCHES[query] ?? '' }),
      skip,
      response,
      ...(phase && { phase }),
    });
    return {
      name: `${line.replace('/api/v2', '')}${ordinal}`,
      failOnce: (kind) => ({ ...failAlways(kind), times: 1 }),
      failAlways,
    };
  });
  return requests.sort((a, b) => (a.name < b.name ? -1 : 1));
}
