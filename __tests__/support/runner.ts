import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export interface Step {
  /** Inputs as `with:` gives them. Defaults of action.yml are added, as the runner does. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: unknown;
  /** Files of the workspace. */
  readonly files?: Readonly<Record<string, string>>;
  /** Done in the workspace before the step starts. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** A file of the workspace with a certificate that Node is to trust. */
  readonly caFile?: string;
}

export interface Ended {
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

/** Runs the committed action as a runner would: its own process, files for event, outputs and summary. */
export async function runAction(step: Step): Promise<Ended> {
  const action = parse(await readFile('action.yml', 'utf8')) as ActionFile;
  const folder = await mkdtemp(join(tmpdir(), 'case-step-'));
  const file = (name: string) => join(folder, name);
  try {
    for (const name of ['output', 'summary']) await writeFile(file(name), '');
    await writeFile(file('event.json'), JSON.stringify(step.event ?? {}));
    for (const [name, text] of Object.entries(step.files ?? {})) await writeFile(file(name), text);
    await step.prepare?.(folder);
    const defaults = Object.entries(action.inputs).map(([name, { default: text }]) => [name, text ?? '']);
    // Expressions are the runner's to evaluate.
    const given = {
      ...Object.fromEntries(defaults.filter(([, text]) => !text?.includes('${{'))),
      ...step.inputs,
    };
    const env = {
      PATH: process.env.PATH ?? '',
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_EVENT_PATH: file('event.json'),
      GITHUB_WORKSPACE: folder,
      ...Object.fromEntries(
        Object.entries(given).map(([name, text]) => [
          `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
          text,
        ]),
      ),
      ...(step.caFile && { NODE_EXTRA_CA_CERTS: file(step.caFile) }),
      ...step.env,
    };
    const { exitCode, log } = await execute(resolve(action.runs.main), env, folder);
    const [outputs, summary] = await Promise.all(
      ['output', 'summary'].map((name) => readFile(file(name), 'utf8')),
    );
    return { exitCode, log, outputs: readOutputs(outputs ?? ''), summary: summary ?? '' };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function execute(
  script: string,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<{ exitCode: number | null; log: string }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [script], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
    child.on('error', failed);
    child.on('close', (exitCode) => done({ exitCode, log }));
  });
}

/** Reads the file of outputs: `name<<DELIMITER`, the value's lines, `DELIMITER`. A later value replaces an earlier one. */
function readOutputs(text: string): Record<string, string> {
  const found = text.matchAll(/^(.+?)<<(ghadelimiter_.+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name, , value]) => [name, value]));
}
