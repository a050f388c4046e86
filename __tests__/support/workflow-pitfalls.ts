import { parse } from 'yaml';

type Permissions = string | Readonly<Record<string, string>>;
interface Settings {
  readonly env?: Readonly<Record<string, unknown>>;
  readonly permissions?: Permissions;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
}
interface Step {
  readonly if?: string | boolean;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}
interface Job extends Settings {
  readonly needs?: unknown;
  readonly if?: string | boolean;
  readonly steps?: readonly Step[];
}
interface Workflow extends Settings {
  readonly on?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

/** A step with what its job and workflow say about it. */
interface StepInContext {
  readonly step: Step;
  readonly job: Job;
  readonly workflow: Workflow;
}

const OWN_ACTION = /^OWNER\/REPO(?:\/(?:watch|sync))?@/;
/** Outputs that are empty if there is no case. */
const OPTIONAL_OUTPUT = /steps\.([\w-]+)\.outputs\.(?:case\w*|pr_comment_url)\b/g;

/** Mistakes in a workflow that GitHub's validator doesn't find, and that make it fail or hide a failure when it runs. */
export function findPitfalls(text: string): string[] {
  const workflow = parse(text) as Workflow;
  return Object.values(workflow.jobs ?? {}).flatMap((job) => {
    const steps = (job.steps ?? []).map((step) => ({ step, job, workflow }));
    const ownIds = steps.flatMap(({ step }) => (step.id && isOwn(step) ? [step.id] : []));
    return [
      ...steps.flatMap(findPipe),
      ...steps.flatMap(findMissingKeys),
      ...steps.flatMap(findMissingPermissions),
      ...steps.flatMap(findMissingCondition),
      ...steps.flatMap((step) => findUncheckedOutputs(step, ownIds)),
    ];
  });
}

function isOwn({ uses = '' }: Step): boolean {
  return OWN_ACTION.test(uses);
}

/** Without `shell: bash`, the runner's bash has no pipefail: only the last command of a pipe can fail the step. */
function findPipe({ step, job, workflow }: StepInContext): string[] {
  const { run = '' } = step;
  const shell = step.shell ?? job.defaults?.run?.shell ?? workflow.defaults?.run?.shell ?? '';
  const code = run.replace(/'[^']*'|"[^"]*"|(?<=^|\s)#.*$/gm, '').replaceAll('||', '');
  const isSafe = shell === 'bash' || /pipefail/.test(`${shell} ${run}`);
  return code.includes('|') && !isSafe ? [`pipe without shell: bash: ${run.trim()}`] : [];
}

function findMissingKeys({ step, job, workflow }: StepInContext): string[] {
  if (!isOwn(step)) return [];
  const env = { ...workflow.env, ...job.env, ...step.env };
  const has = (input: string, variable: string) => Boolean(step.with?.[input] ?? env[variable]);
  const hasKeys =
    (has('api_key', 'DD_API_KEY') && has('app_key', 'DD_APP_KEY')) || has('access_token', 'DD_ACCESS_TOKEN');
  return hasKeys || step.with?.org_uuid ? [] : [`${step.uses} without keys`];
}

/** Permissions that aren't listed are off; if none are listed, the repository's settings apply. */
function findMissingPermissions({ step, job, workflow }: StepInContext): string[] {
  const granted = job.permissions ?? workflow.permissions;
  if (granted === undefined) return [];
  return findNeededPermissions(step)
    .filter(([name, level]) => !isGranted(granted, name, level))
    .map(([name, level]) => `${step.uses} without ${name}: ${level}`);
}

function isGranted(granted: Permissions, name: string, level: string): boolean {
  if (typeof granted === 'string')
    return granted === 'write-all' || (granted === 'read-all' && level === 'read');
  return granted[name] === 'write' || granted[name] === level;
}

function findNeededPermissions(step: Step): [name: string, level: string][] {
  if (step.uses?.startsWith('actions/checkout@')) return [['contents', 'read']];
  if (!isOwn(step)) return [];
  const inputs = step.with ?? {};
  const isSync = step.uses?.startsWith('OWNER/REPO/sync@');
  const readsRun = !isSync && inputs.mode !== 'close' && inputs.run_context !== false;
  return [
    ...(readsRun ? [['actions', 'read'] as [string, string]] : []),
    ...(inputs.pr_comment === true ? [['pull-requests', 'write'] as [string, string]] : []),
    ...(inputs.org_uuid ? [['id-token', 'write'] as [string, string]] : []),
  ];
}

/** Without a condition, a step is skipped as soon as another one failed, and a job as soon as one that it needs failed. */
function findMissingCondition({ step, job, workflow }: StepInContext): string[] {
  if (!isOwn(step) || step.with?.mode !== 'auto') return [];
  const isAboutOthers =
    step.with.result !== undefined ||
    /workflow_run|workflow_call|deployment_status|check_/.test(JSON.stringify(workflow.on ?? ''));
  const isOnlyStep = isAboutOthers && job.steps?.length === 1;
  const conditions = [...(isOnlyStep ? [] : [['step', step.if]]), ...(job.needs ? [['job', job.if]] : [])];
  return conditions
    .filter(([, condition]) => !/always\(\)|cancelled\(\)/.test(String(condition)))
    .map(([place]) => `mode: auto without if: always() at the ${place}`);
}

function findUncheckedOutputs({ step, job }: StepInContext, ownIds: readonly string[]): string[] {
  const condition = `${step.if ?? ''} ${job.if ?? ''}`;
  const used = [...JSON.stringify({ ...step, if: undefined }).matchAll(OPTIONAL_OUTPUT)];
  return used
    .filter(([output, id = '']) => ownIds.includes(id) && !condition.includes(output))
    .map(([output]) => `${output} may be empty: check it in if:`);
}
