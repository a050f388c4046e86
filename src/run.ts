import * as cases from './datadog/cases.ts';
import * as request from './datadog/request.ts';
import { HttpError, InputError } from './errors.ts';
import { explain } from './explain.ts';
import { secretsWithheld } from './github/event.ts';
import type { Clock, Fetch, Service } from './http.ts';
import * as inputs from './inputs.ts';
import { type Core, helpLine, Report, type Shown } from './report.ts';
import { code } from './text.ts';
import { USER_AGENT } from './version.ts';

/** Everything outside that a step touches. */
export interface World {
  readonly env: inputs.Env;
  readonly core: Core;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** The event that set the run off, as GitHub describes it. */
  readonly payload: unknown;
  /** Reads a text file of the workspace; its error says why it cannot be had. */
  readonly readText: (path: string) => Promise<string>;
}

/** Something optional that could not be had, and that the case does without. */
interface Drift {
  readonly input: inputs.InputName;
  readonly text: string;
}

/** The whole step. Never throws: whatever happens is reported. */
export async function run(world: World): Promise<void> {
  const { env } = world;
  const report = new Report(world.core, inputs.secrets(env));
  try {
    if (!inputs.hasCredentials(env) && secretsWithheld(env, world.payload)) {
      await report.skipped(
        'GitHub passes no secrets to pull requests from forks or to Dependabot, so no case can be opened from here. The step passes.',
      );
      return;
    }
    for (const warning of inputs.misspelt(env)) report.warning(warning);
    await open(world, await inputs.read(env), report);
  } catch (error) {
    const why = explain(error);
    const policy = inputs.failOnError(env);
    report.debug(stack(error));
    await report.failed(
      why,
      helpLine(env, why.help),
      policy === 'true' || (policy === 'config' && why.fixable),
    );
  }
}

async function open(world: World, asked: inputs.Inputs, report: Report): Promise<void> {
  const service = datadog(world, asked, report);
  const drift: Drift[] = [];
  const fromFile = await readFile(world, asked, drift);
  if (asked.dryRun && drift.length) throw new InputError(drift);
  for (const { input, text } of drift) report.warning(`${input} is left out: ${text}`);

  const wanted = (leftOut: readonly Drift[]): request.NewCase => ({
    title: asked.title,
    projectId: asked.project,
    typeId: asked.typeId,
    priority: asked.priority,
    description: report.clean(paragraphs(asked.description, fromFile, ...leftOut.map(leftOutLine))),
    assigneeId: asked.assignee,
    statusName: asked.statusName,
    customAttributes: asked.customAttributes,
  });
  const shown = (status: string): Shown => ({ ...asked, status, type: asked.typeId });
  if (asked.dryRun) {
    const body = request.build(wanted([]));
    report.output('request', JSON.stringify(body));
    await report.planned(JSON.stringify(body, null, 2), shown(asked.statusName));
    return;
  }
  const { found, body } = await create(service, wanted, drift, report);
  const url = `${asked.addresses.web}/cases/${encodeURIComponent(found.key || found.id)}`;
  report.found(found, url, 'created');
  report.output('request', JSON.stringify(body));
  await report.opened(found, url, shown(found.status));
}

/**
 * Creates the case. If it is refused while something optional was set, it is tried once more with nothing optional:
 * what has changed in the world since the workflow was written must not lose a case.
 */
async function create(
  service: Service,
  wanted: (leftOut: readonly Drift[]) => request.NewCase,
  drift: readonly Drift[],
  report: Report,
): Promise<{ found: cases.Case; body: request.CreateBody }> {
  const full = wanted(drift);
  const body = request.build(full);
  try {
    return { found: await cases.create(service, body), body };
  } catch (refusal) {
    const suspects = request.optional(full);
    if (!(refusal instanceof HttpError && [400, 404, 422].includes(refusal.status) && suspects.length))
      throw refusal;
    const words = refusal.complaints.map(({ text }) => text).join('; ') || `status ${refusal.status}`;
    const leftOut = suspects.map((input) => ({
      input: input as inputs.InputName,
      text: `Datadog refused the case with it (${words}).`,
    }));
    const second = request.build(request.bare(wanted([...drift, ...leftOut])));
    const found = await cases.create(service, second).catch(() => {
      throw refusal;
    });
    for (const { input, text } of leftOut)
      report.warning(`${input} is left out: ${text} A dry run (dry_run: true) checks the inputs.`);
    return { found, body: second };
  }
}

async function readFile(world: World, asked: inputs.Inputs, drift: Drift[]): Promise<string> {
  if (!asked.descriptionFile) return '';
  try {
    return (await world.readText(asked.descriptionFile)).trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    drift.push({
      input: 'description_file',
      text: `${inputs.quote(asked.descriptionFile)} is not read, because ${why}.`,
    });
    return '';
  }
}

function paragraphs(...parts: string[]): string {
  return parts.filter((part) => part).join('\n\n');
}

function leftOutLine({ input, text }: Drift): string {
  return `*Left out:* ${input}: ${code(text, 500)}`;
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
    patience: timeout / 3,
    log: (line) => report.info(line),
  };
}

/** The error with its causes and where they were thrown. */
function stack(error: unknown): string {
  const own = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return error instanceof Error && error.cause !== undefined
    ? `${own}\nCaused by ${stack(error.cause)}`
    : own;
}
