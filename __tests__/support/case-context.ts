import nodeFetch from 'node-fetch';
import type { Env } from '../../src/base/env.ts';
import { Redactor } from '../../src/base/redactor.ts';
import type { CaseContext } from '../../src/cases/context.ts';
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

/** A context for operations on cases in the fake Datadog, and the warnings that they give. */
export async function createCaseContext(
  datadog: FakeDatadog,
  clock: TestClock,
  env: Env = {},
): Promise<{ context: CaseContext; warnings: string[] }> {
  const warnings: string[] = [];
  const context: CaseContext = {
    inputs: await parseEnv({ ...VALID_ENV, ...env }),
    datadog: createDatadogClient(datadog, clock),
    run: readRunContext({}, undefined),
    connectToGitHub: undefined,
    onCase: () => undefined,
    onCaseGone: () => undefined,
    warn: (text) => void warnings.push(text),
    docsLink: (path) => path,
  };
  return { context, warnings };
}
