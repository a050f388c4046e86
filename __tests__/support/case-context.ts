import nodeFetch from 'node-fetch';
import type { Env } from '../../src/base/env.ts';
import { Redactor } from '../../src/base/redactor.ts';
import { Unredacted } from '../../src/base/unredacted.ts';
import type { NewCase } from '../../src/cases/create/new-case.ts';
import type { FailureReport } from '../../src/cases/plan.ts';
import type { CaseTools } from '../../src/cases/tools.ts';
import { STANDARD_TYPE } from '../../src/datadog/case-types.ts';
import { authHeaders, type DatadogClient } from '../../src/datadog/client.ts';
import type { ResolvedNames } from '../../src/datadog/resolve-names.ts';
import { NO_FAILED_JOBS } from '../../src/github/collect-failed-jobs.ts';
import { readRunContext } from '../../src/github/run-context.ts';
import { PROJECT } from './fake-datadog/catalog.ts';
import { FakeDatadog } from './fake-datadog.ts';
import { parseEnv, VALID_ENV } from './parse-env.ts';
import { REFERENCE, type TestClock } from './run-step.ts';

/** A client of the fake Datadog with 60 seconds in total. */
export function createDatadogClient(datadog: FakeDatadog, clock: TestClock): DatadogClient {
  return {
    url: datadog.url,
    webUrl: 'https://app.datadoghq.com',
    headers: authHeaders({
      kind: 'keys',
      apiKey: new Unredacted(FakeDatadog.apiKey),
      appKey: new Unredacted(FakeDatadog.appKey),
    }),
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

/** A case that is to be created in the fake Datadog, outside of a run. `names` are what its inputs were resolved to. */
export function createNewCase(wanted: Partial<NewCase> = {}, names: Partial<ResolvedNames> = {}): NewCase {
  return {
    title: 'Deploy failed',
    text: '',
    run: readRunContext({}, undefined),
    hasRunContext: true,
    failedJobs: NO_FAILED_JOBS,
    omissions: [],
    names: {
      project: { id: PROJECT.id, label: PROJECT.key },
      type: STANDARD_TYPE,
      assignee: undefined,
      customAttributes: new Map(),
      watchers: [],
      omissions: [],
      ...names,
    },
    priority: 'NOT_DEFINED',
    statusName: '',
    attributes: new Map(),
    dueDate: '',
    reference: { shared: REFERENCE, unique: REFERENCE, runs: [] },
    projectId: PROJECT.id,
    ...wanted,
  };
}

/** A failure to report, outside of GitHub. */
export async function createReport(env: Env = {}): Promise<FailureReport> {
  return {
    inputs: await parseEnv({ ...VALID_ENV, ...env }),
    run: readRunContext({}, undefined),
    connectToGitHub: undefined,
    readWorkspaceFile: async () => ({ text: new Unredacted(''), problems: [] }),
    commentOnPullRequest: async () => '',
    randomUUID: () => '0123abcd-0123-4bcd-8123-0123456789ab',
    docsLink: (path) => path,
  };
}
