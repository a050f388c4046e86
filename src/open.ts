import { create } from './create.ts';
import * as cases from './datadog/cases.ts';
import { find } from './datadog/find.ts';
import * as lookup from './datadog/lookup.ts';
import { olderTwin } from './datadog/once.ts';
import * as reference from './datadog/reference.ts';
import * as request from './datadog/request.ts';
import { resolve } from './datadog/resolve.ts';
import { closeDuplicate } from './duplicate.ts';
import { InputError, LookupError } from './errors.ts';
import { explain } from './explain.ts';
import { again } from './github/context.ts';
import type { Failures } from './github/failures.ts';
import { tellPull } from './github/pull.ts';
import { within } from './http.ts';
import { failuresOf, newCase, type OpenStep, type Plan, readFile, shown } from './plan.ts';
import { pageOf } from './step.ts';

const DRY_RUN = 'A run with dry_run: true finds such things on a good day (examples/check.yml).';

/** Opens a case, or finds the one that is open already, and tells everyone where it is. */
export async function open(step: OpenStep): Promise<void> {
  const { asked, report, service } = step;
  // Half of the time is kept for the create: what is looked up must not cost the case.
  const early = within(service, 1 / 2);
  const project = lookup.project(early, asked.project);
  const resolving = resolve(early, project, asked);
  const [existing, file, failures] = await Promise.all([
    findExisting(step, project).catch(() => undefined), // What is wrong with the project is told below.
    readFile(step),
    failuresOf(step),
    resolving.catch(() => undefined),
  ]);
  if (existing && !asked.dryRun) return existed(step, existing, failures);
  const resolved = await resolving;
  const drift = [...file.drift, ...resolved.drift];
  const projectId = resolved.project.id;
  const own = reference.fresh(step.uuid());
  const mark = {
    projectId,
    reference: asked.dedupKey ? reference.derive(projectId, asked.dedupKey) : own,
    own,
  };
  const plan: Plan = { resolved, mark, fileText: file.text, failures, drift };
  if (asked.dryRun) {
    if (drift.length) throw new InputError(drift);
    if (existing) report.info(`${existing.name} is open already: it would be found, and no case opened.`);
    report.planned(
      request.build(newCase(step, plan, [])),
      asked.attributes,
      shown(step, plan, asked.statusName),
    );
    return;
  }
  for (const { input, text } of drift) report.warning(`${input}: ${text} It is left out. ${DRY_RUN}`);
  await created(step, plan);
}

async function created(step: OpenStep, plan: Plan): Promise<void> {
  const { asked, report } = step;
  const { found, own, body } = await create(step, plan);
  if (!own) return existed(step, found, plan.failures);
  const url = pageOf(found, asked);
  report.found(found, url, 'created');
  report.output('request', JSON.stringify(body));
  const older = asked.dedupKey ? await settle(step, plan, found) : undefined;
  if (older) return existed(step, older, plan.failures);
  await Promise.all([attributes(step, found), tellPull(step, found, true)]);
  report.opened(found, url, shown(step, plan, found.status));
}

/** The open case of the `dedup_key`. One that cannot be looked for counts as none: a lost case is worse than a second one. */
async function findExisting(
  { asked, report, service }: OpenStep,
  project: Promise<lookup.Named>,
): Promise<cases.Case | undefined> {
  if (!asked.dedupKey) return undefined;
  const { id } = await project;
  try {
    const [found] = await find(within(service, 1 / 3), id, reference.derive(id, asked.dedupKey));
    return found;
  } catch (error) {
    report.warning(
      `${explain(new LookupError('The open case of this dedup_key', 'cases_read', error)).text} So a new one is opened, which may be a second one.`,
    );
    return undefined;
  }
}

/** The end of a step that found its case open. */
async function existed(step: OpenStep, found: cases.Case, { jobs }: Failures): Promise<void> {
  const { asked, report, service, about } = step;
  const url = pageOf(found, asked);
  report.found(found, url, 'existing');
  const comment = async () => {
    if (asked.onExisting === 'ignore') return;
    await cases
      .comment(service, found.id, report.clean(again(about, asked.title, jobs)))
      .catch((error: unknown) => {
        report.warning(`${found.name} got no comment that it happened again. ${explain(error).text}`);
      });
  };
  await Promise.all([comment(), tellPull(step, found, true)]);
  report.existed(found, url);
}

/**
 * Steps that fail together look together, find nothing together, and would open a case each. So this looks once more:
 * if another step's case is older, the own one is closed as its duplicate, and the older one given.
 */
async function settle(step: OpenStep, plan: Plan, own: cases.Case): Promise<cases.Case | undefined> {
  try {
    const older = await olderTwin(step.service, own, plan.mark);
    if (!older) return undefined;
    await closeDuplicate(step, own, older);
    return older;
  } catch (error) {
    step.report.warning(
      `Whether another step opened a case with this dedup_key at the same time could not be told. ${explain(error).text}`,
    );
    return undefined;
  }
}

/** Sets what cannot be set at creation. The case stands whatever becomes of this. */
async function attributes({ asked, report, service }: OpenStep, { id }: cases.Case): Promise<void> {
  if (!asked.attributes.size) return;
  await cases.setAttributes(service, id, asked.attributes).catch((error: unknown) => {
    report.warning(
      `These attributes were not set: ${[...asked.attributes.keys()].join(', ')}. ${explain(error).text}`,
    );
  });
}
