import { close } from './close.ts';
import * as credentials from './credentials.ts';
import { explain, helpLine } from './explain.ts';
import { about, secretsWithheld } from './github/event.ts';
import type { Clock, Fetch, Service } from './http.ts';
import * as inputs from './inputs.ts';
import { open } from './open.ts';
import { type Core, Report } from './report.ts';
import { type Env, spelled } from './spelling.ts';
import type { Step } from './step.ts';
import { USER_AGENT } from './version.ts';

/** Everything outside that a step touches. */
export interface World {
  readonly env: Env;
  readonly core: Core;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** A random UUID, a new one at each call. */
  readonly uuid: () => string;
  /** The event that set the run off, as GitHub describes it. */
  readonly payload: unknown;
  /** Reads a text file of the workspace; its error says why it cannot be had. */
  readonly readText: (path: string) => Promise<string>;
}

/** Milliseconds that one request to Datadog may take, however long all of them may. */
const LONGEST_ATTEMPT = 30_000;

/** The whole step. Never throws: whatever happens is reported. */
export async function run(world: World): Promise<void> {
  const { env, payload } = world;
  const { values, warnings } = spelled(env);
  const report = new Report(world.core, credentials.secrets(values, env));
  try {
    if (!credentials.complete(values, env) && secretsWithheld(env, payload)) {
      report.skipped(
        'GitHub passes no secrets to pull requests from forks or to Dependabot, so no case can be opened from here. The step passes.',
      );
      return;
    }
    for (const warning of warnings) report.warning(warning);
    const asked = await inputs.read(values, env);
    const service = datadog(world, asked, report);
    const step: Step = {
      asked,
      report,
      service,
      about: about(env, payload),
      github: github(world, asked, service.deadline),
    };
    await (asked.mode === 'close'
      ? close(step)
      : open({ ...step, uuid: world.uuid, readText: world.readText }));
  } catch (error) {
    const why = explain(error);
    const policy = inputs.failOnError(values);
    report.debug(stack(error));
    const fails = policy === 'true' || (policy === 'config' && why.fixable);
    report.failed(why, helpLine(env, why.help), fails, inputs.mode(values) === 'close');
  }
}

function datadog(world: World, asked: inputs.Inputs, report: Report): Service {
  const { credentials: known, timeout } = asked;
  const signIn =
    'token' in known
      ? { Authorization: `Bearer ${known.token}` }
      : { 'DD-API-KEY': known.apiKey, 'DD-APPLICATION-KEY': known.appKey };
  return {
    url: asked.addresses.api,
    headers: { ...signIn, 'User-Agent': USER_AGENT },
    fetch: world.fetch,
    clock: world.clock,
    deadline: world.clock.now() + timeout,
    patience: Math.min(timeout / 3, LONGEST_ATTEMPT),
    log: (line) => report.info(line),
  };
}

/** How GitHub is reached. It may be slow or down: then the case does without it. */
function github(
  { env, fetch, clock }: World,
  { githubToken }: inputs.Inputs,
  deadline: number,
): Step['github'] {
  if (!githubToken || !env.GITHUB_REPOSITORY) return undefined;
  return (milliseconds) => ({
    url: env.GITHUB_API_URL?.replace(/\/+$/, '') || 'https://api.github.com',
    headers: {
      Authorization: `Bearer ${githubToken}`,
      'User-Agent': USER_AGENT,
      'X-GitHub-Api-Version': '2022-11-28',
    },
    fetch,
    clock,
    deadline: Math.min(deadline, clock.now() + milliseconds),
    patience: milliseconds / 2,
    log: () => undefined,
  });
}

/** The error with its causes and where they were thrown. */
function stack(error: unknown): string {
  const own = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return error instanceof Error && error.cause !== undefined
    ? `${own}\nCaused by ${stack(error.cause)}`
    : own;
}
