import * as cases from './datadog/cases.ts';
import * as lookup from './datadog/lookup.ts';
import * as request from './datadog/request.ts';
import { HttpError, InputError, type Problem } from './errors.ts';
import { explain } from './explain.ts';
import { secretsWithheld } from './github/event.ts';
import type { Clock, Fetch, Service } from './http.ts';
import * as inputs from './inputs.ts';
import { type Core, helpLine, Report, type Shown } from './report.ts';
import { code, quote } from './text.ts';
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

const DRY_RUN = 'A run with dry_run: true finds such things on a good day (examples/check.yml).';

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
  const [found, file] = await Promise.all([lookup.resolve(service, asked), readFile(world, asked)]);
  const drift = [...file.drift, ...found.drift];
  if (asked.dryRun && drift.length) throw new InputError(drift);
  for (const problem of drift) warnOf(report, problem);

  const wanted = (leftOut: readonly Problem[]): request.NewCase => ({
    title: asked.title,
    projectId: found.project.id,
    typeId: found.type.id,
    priority: asked.priority,
    description: report.clean(paragraphs(asked.description, file.text, ...leftOut.map(leftOutLine))),
    assigneeId: found.assignee?.id ?? '',
    statusName: asked.statusName,
    customAttributes: found.customAttributes,
  });
  const shown = (status: string): Shown => ({
    ...asked,
    status,
    type: found.type.label,
    project: found.project.label,
    assignee: found.assignee?.label ?? '',
  });
  if (asked.dryRun) {
    const body = request.build(wanted([]));
    report.output('request', JSON.stringify(body));
    await report.planned(body, asked.attributes, shown(asked.statusName));
    return;
  }
  const { created, body } = await create(service, wanted, drift, report);
  const url = `${asked.addresses.web}/cases/${encodeURIComponent(created.key || created.id)}`;
  report.found(created, url, 'created');
  report.output('request', JSON.stringify(body));
  await setAttributes(service, created, asked, report);
  await report.opened(created, url, shown(created.status));
}

/** Sets what cannot be set at creation. The case stands whatever becomes of this. */
async function setAttributes(
  service: Service,
  { id }: cases.Case,
  asked: inputs.Inputs,
  report: Report,
): Promise<void> {
  if (!asked.attributes.size) return;
  try {
    await cases.setAttributes(service, id, asked.attributes);
  } catch (error) {
    report.warning(
      `These attributes were not set: ${[...asked.attributes.keys()].join(', ')}. ${explain(error).text}`,
    );
  }
}

/**
 * Creates the case. If it is refused while something optional was set, it is tried once more with nothing optional:
 * what has changed in the world since the workflow was written must not lose a case.
 */
async function create(
  service: Service,
  wanted: (leftOut: readonly Problem[]) => request.NewCase,
  drift: readonly Problem[],
  report: Report,
): Promise<{ created: cases.Case; body: request.CreateBody }> {
  const full = wanted(drift);
  const body = request.build(full);
  try {
    return { created: await cases.create(service, body), body };
  } catch (refusal) {
    const suspects = request.optional(full);
    if (!(refusal instanceof HttpError && [400, 404, 422].includes(refusal.status) && suspects.length))
      throw refusal;
    const words = refusal.complaints.map(({ text }) => text).join('; ') || `status ${refusal.status}`;
    const leftOut = suspects.map((input) => ({
      input,
      text: `Datadog refused the case with it (${words}).`,
    }));
    const second = request.build(request.bare(wanted([...drift, ...leftOut])));
    const created = await cases.create(service, second).catch(() => {
      throw refusal;
    });
    for (const { input, text } of leftOut) report.warning(`${input} is left out: ${text}`);
    return { created, body: second };
  }
}

async function readFile(
  world: World,
  { descriptionFile: path }: inputs.Inputs,
): Promise<{ text: string; drift: Problem[] }> {
  if (!path) return { text: '', drift: [] };
  try {
    return { text: (await world.readText(path)).trim(), drift: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      text: '',
      drift: [{ input: 'description_file', text: `${quote(path)} is not read, because ${why}.` }],
    };
  }
}

function warnOf(report: Report, { input, text }: Problem): void {
  report.warning(`${input}, or a part of it, is left out: ${text} ${DRY_RUN}`);
}

function paragraphs(...parts: string[]): string {
  return parts.filter((part) => part).join('\n\n');
}

function leftOutLine({ input, text }: Problem): string {
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
