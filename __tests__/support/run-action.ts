import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';

export interface ActionRun {
  /** Default: action.yml. */
  readonly action?: string;
  /** Inputs as in `with:`. The defaults of action.yml are added, as the runner does. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: unknown;
  /** Files of the workspace. */
  readonly files?: Readonly<Record<string, string>>;
  /** Changes the workspace before the step starts. */
  readonly setUp?: (workspace: string) => Promise<void>;
  /** A file of the workspace with a certificate that Node trusts. */
  readonly caFile?: string;
  /** Once this resolves, the process gets SIGINT, as the runner does it after a cancellation. */
  readonly interrupt?: Promise<void>;
  /** What happens to the log: it is read (the default), nobody reads it, or it is closed at once. */
  readonly log?: 'read' | 'unread' | 'closed';
}

export interface ActionResult {
  readonly exitCode: number | null;
  /** How long the process ran. */
  readonly seconds: number;
  /** What the step printed, workflow commands included. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The variables that later steps of the job get. */
  readonly exported: Readonly<Record<string, string>>;
  /** What the step saved for its post stage. */
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly main: string; readonly post: string };
}

/** Reads an action file. The paths of its scripts are made relative to the repository. */
export async function readActionFile(path: string): Promise<ActionFile> {
  const { inputs, runs } = parse(await readFile(path, 'utf8')) as ActionFile;
  const fromFolder = (script = '') => join(dirname(path), script);
  return { inputs, runs: { main: fromFolder(runs.main), post: fromFolder(runs.post) } };
}

/** Runs the committed action as a runner does: its own process, files for event, outputs and summary. */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const action = await readActionFile(run.action ?? 'action.yml');
  return withWorkspace(run, (workspace) =>
    runStage(workspace, run, {
      script: action.runs.main,
      inputs: { ...literalDefaults(action), ...run.inputs },
    }),
  );
}

/** Calls `use` with the path of a temporary workspace. */
export async function withWorkspace<T>(run: ActionRun, use: (workspace: string) => Promise<T>): Promise<T> {
  const workspace = await mkdtemp(join(tmpdir(), 'case-step-'));
  try {
    await writeFile(join(workspace, 'event.json'), JSON.stringify(run.event ?? {}));
    for (const [name, text] of Object.entries(run.files ?? {})) await writeFile(join(workspace, name), text);
    await run.setUp?.(workspace);
    return await use(workspace);
  } finally {
    await rm(workspace, { recursive: true });
  }
}

const COMMAND_FILES = ['env', 'output', 'state', 'summary'] as const;

/** Runs one stage of an action, with new files for its variables, outputs, state and summary. */
export async function runStage(
  workspace: string,
  run: Pick<ActionRun, 'env' | 'caFile' | 'log' | 'interrupt'>,
  stage: { readonly script: string; readonly inputs: Readonly<Record<string, string>> },
): Promise<ActionResult> {
  const inWorkspace = (name: string) => join(workspace, name);
  for (const name of COMMAND_FILES) await writeFile(inWorkspace(name), '');
  const env = {
    PATH: process.env.PATH ?? '',
    GITHUB_ACTIONS: 'true',
    GITHUB_ENV: inWorkspace('env'),
    GITHUB_OUTPUT: inWorkspace('output'),
    GITHUB_STATE: inWorkspace('state'),
    GITHUB_STEP_SUMMARY: inWorkspace('summary'),
    GITHUB_EVENT_PATH: inWorkspace('event.json'),
    GITHUB_WORKSPACE: workspace,
    ...inputVariables(stage.inputs),
    ...(run.caFile && { NODE_EXTRA_CA_CERTS: inWorkspace(run.caFile) }),
    ...run.env,
  };
  const startedAt = performance.now();
  const { exitCode, log } = await execute(resolve(stage.script), env, { ...run, cwd: workspace });
  const seconds = (performance.now() - startedAt) / 1000;
  const [exported = '', outputs = '', state = '', summary = ''] = await Promise.all(
    COMMAND_FILES.map((name) => readFile(inWorkspace(name), 'utf8')),
  );
  return {
    exitCode,
    seconds,
    log,
    exported: parseCommandFile(exported),
    outputs: parseCommandFile(outputs),
    state: parseCommandFile(state),
    summary,
  };
}

/** The log as people see it: without the commands that tell the runner what to mask. */
export function shownLog({ log }: Pick<ActionResult, 'log'>): string {
  return log.replace(/^::add-mask::.*\r?\n/gm, '');
}

/** The defaults of the inputs, without expressions: only the runner can evaluate those. */
function literalDefaults({ inputs }: ActionFile): Record<string, string> {
  const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default ?? ''] as const);
  return Object.fromEntries(defaults.filter(([, text]) => !text.includes('${{')));
}

function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, text]),
  );
}

function execute(
  script: string,
  env: NodeJS.ProcessEnv,
  options: Pick<ActionRun, 'log' | 'interrupt'> & { readonly cwd: string },
): Promise<{ exitCode: number | null; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], {
      env,
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    const streams = [child.stdout, child.stderr];
    if (options.log === 'closed') for (const stream of streams) stream.destroy();
    else if (options.log !== 'unread')
      for (const stream of streams) stream.on('data', (chunk) => (log += chunk));
    child.on('error', reject);
    void options.interrupt?.then(() => child.kill('SIGINT'));
    child.on(options.log === 'unread' ? 'exit' : 'close', (exitCode) => resolve({ exitCode, log }));
  });
}

/** Parses variables, outputs or state: `name<<DELIMITER`, the value's lines, `DELIMITER`. A later value replaces an earlier one. */
function parseCommandFile(text: string): Record<string, string> {
  // On Windows, @actions/core ends lines with CRLF.
  const matches = text.replaceAll('\r\n', '\n').matchAll(/^(.+?)<<(ghadelimiter_.+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...matches].map(([, name, , value]) => [name, value]));
}
