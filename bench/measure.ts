import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Env, runnerFiles } from './environment.ts';

/** A command to measure. */
export interface Subject {
  readonly command: readonly string[];
  readonly env: Env;
  readonly setUp: () => void;
}

export interface NamedSubject extends Subject {
  readonly name: string;
}

const PRINT_PEAK_MEMORY = ['--require', resolve('bench/scripts/print-peak-memory.cjs')];

/** Runs a subject as a process of its own, and returns how long it took, in milliseconds. */
export async function measureTime(subject: Subject): Promise<number> {
  return (await run(subject)).milliseconds;
}

/** Runs a subject, and returns its peak memory in KiB; 0 if it isn't a Node process. */
export async function measurePeakMemory(subject: Subject): Promise<number> {
  const { stderr } = await run(subject, PRINT_PEAK_MEMORY);
  return Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0);
}

async function run(
  { command, env, setUp }: Subject,
  nodeOptions: readonly string[] = [],
): Promise<{ milliseconds: number; stderr: string }> {
  setUp();
  for (const file of Object.values(runnerFiles)) writeFileSync(file, '');
  const [program = '', ...args] = command;
  const options = program === process.execPath ? nodeOptions : [];
  const startedAt = process.hrtime.bigint();
  const child = spawn(program, [...options, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  const milliseconds = Number(process.hrtime.bigint() - startedAt) / 1e6;
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${stderr}`);
  return { milliseconds, stderr };
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
