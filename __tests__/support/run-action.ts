import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export interface ActionRun {
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
}

export interface ActionResult {
  readonly exitCode: number | null;
  /** What the step printed, workflow commands included. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly main: string };
}

/** Runs the committed action as a runner does: its own process, files for event, outputs and summary. */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const action = parse(await readFile('action.yml', 'utf8')) as ActionFile;
  const workspace = await mkdtemp(join(tmpdir(), 'case-step-'));
  const inWorkspace = (name: string) => join(workspace, name);
  try {
    for (const name of ['output', 'summary']) await writeFile(inWorkspace(name), '');
    await writeFile(inWorkspace('event.json'), JSON.stringify(run.event ?? {}));
    for (const [name, text] of Object.entries(run.files ?? {})) await writeFile(inWorkspace(name), text);
    await run.setUp?.(workspace);
    const env = {
      PATH: process.env.PATH ?? '',
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: inWorkspace('output'),
      GITHUB_STEP_SUMMARY: inWorkspace('summary'),
      GITHUB_EVENT_PATH: inWorkspace('event.json'),
      GITHUB_WORKSPACE: workspace,
      ...inputVariables({ ...literalDefaults(action), ...run.inputs }),
      ...(run.caFile && { NODE_EXTRA_CA_CERTS: inWorkspace(run.caFile) }),
      ...run.env,
    };
    const { exitCode, log } = await execute(resolve(action.runs.main), env, workspace);
    const [outputs, summary] = await Promise.all(
      ['output', 'summary'].map((name) => readFile(inWorkspace(name), 'utf8')),
    );
    return { exitCode, log, outputs: parseOutputs(outputs ?? ''), summary: summary ?? '' };
  } finally {
    await rm(workspace, { recursive: true });
  }
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
  cwd: string,
): Promise<{ exitCode: number | null; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, log }));
  });
}

/** Parses the file of outputs: `name<<DELIMITER`, the value's lines, `DELIMITER`. A later value replaces an earlier one. */
function parseOutputs(text: string): Record<string, string> {
  // On Windows, @actions/core ends lines with CRLF.
  const matches = text.replaceAll('\r\n', '\n').matchAll(/^(.+?)<<(ghadelimiter_.+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...matches].map(([, name, , value]) => [name, value]));
}
