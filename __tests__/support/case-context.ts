import nodeFetch from 'node-fetch';
import type { Env } from '../../src/base/env.ts';
import { Redactor } from '../../src/base/redactor.ts';
import type { FailureReport } from '../../src/cases/plan.ts';
import type { CaseTools } from '../../src/cases/tools.ts';
import { authHeaders, type DatadogClient } from '../../src/datadog/client.ts';
import { readRunContext } from '../../src/github/run-context.ts';
import { FakeDatadog } from './fake-datadog.ts';
import { parseEnv, VALID_ENV } from './parse-env.ts';
import type { TestClock } from './run-step.ts';

/** A client of the fake Datadog with 60 seconds in total. */
export function createDatadogClient(datadog: FakeDatadog, clock: TestClock): DatadogClient {
  return {
    url: datadog.url,
    webUrl: 'https://app.datadoghq.com',
    headers: authHeaders({ kind: 'keys', apiKey: FakeDatadog.apiKey, appKey: FakeDatadog.appKey }),
    fetch: nodeFetch,
    clock,
    random: () => 0.5,
    redactor: new Redactor(),
    deadlineMs: clock.time + 60_000,
    source: { kind: 'variable', name: 'a test' },
    credentials: 'keys',
    session: { provenAccess: 'none' },
    log: () => undefined,
  };
}

/** What operations on cases in the fake Datadog are given, and what they say. */
export interface TestTools {
  readonly tools: CaseTools;
  readonly warnings: string[];
  readonly log: string[];
  /** The keys of the cases that were named, each with what was done with it. */
  readonly named: string[];
}

/** Tools for operations on cases in the fake Datadog. */
export function createTools(datadog: FakeDatadog, clock: TestClock): TestTools {
  const [warnings, log, named]: [string[], string[], string[]] = [[], [], []];
  const tools: CaseTools = {
    datadog: createDatadogClient(datadog, clock),
    clock,
    log: (line) => void log.push(line),
    warn: (text) => void warnings.push(text),
    onCase: ({ label }, state) => void named.push(`${label} ${state}`),
    onCaseGone: () => void named.push('gone'),
  };
  return { tools, warnings, log, named };
}

/** A failure to report, outside of GitHub. */
export async function createReport(env: Env = {}): Promise<FailureReport> {
  return {
    inputs: await parseEnv({ ...VALID_ENV, ...env }),
    run: readRunContext({}, undefined),
    connectToGitHub: undefined,
    readWorkspaceFile: async () => ({ text: '', problems: [] }),
    commentOnPullRequest: async () => '',
    randomUUID: () => '0123abcd-0123-4bcd-8123-0123456789ab',
    docsLink: (path) => path,
  };
}
