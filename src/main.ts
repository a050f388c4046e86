import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  debug,
  error,
  exportVariable,
  info,
  isDebug,
  notice,
  saveState,
  setOutput,
  setSecret,
  warning,
} from '@actions/core';
import type { Fetch } from './http/connection.ts';
import { FLUSH_MS } from './http/time-plan.ts';
import { runStep } from './run.ts';
import { restoreEnvironment, selectState } from './stages/saved-environment.ts';
import type { EntryPoint } from './stages/step.ts';

/** How long the process has run. `performance.now()` would load a dozen modules first. */
const uptimeMs = () => process.uptime() * 1000;
const startedAtMs = Date.now() - uptimeMs();
const entryPoint = readEntryPoint();
const isStateLost = entryPoint === 'watch-end' && !undoLaterSteps();
// Copied once: reading process.env is a native call each time.
const env = { ...process.env };
// Keeps the process alive until the step has reported its result, even if nothing else does.
const keepAlive = setInterval(() => undefined, 60_000);
// A log that nobody reads any more (EPIPE) must not prevent the case.
process.stdout.on('error', () => undefined);

// Without a handler, a signal would end the process in the middle of a request.
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interruption.abort());

let loading: Promise<Fetch> | undefined;
// Loaded with the first request: the main stage of watch makes none.
const loadOnce = () => {
  loading ??= import(/* webpackMode: "eager" */ './http/fetch.ts').then(({ loadFetch }) => loadFetch(env));
  return loading;
};
const fetch: Fetch = Object.assign(async (...request: Parameters<Fetch>) => (await loadOnce())(...request), {
  preconnect: (url: string) =>
    void loadOnce().then(
      (loaded) => loaded.preconnect?.(url),
      () => undefined, // The first request fails in the same way, and says so.
    ),
});

await runStep({
  entryPoint,
  env,
  core: { debug, error, info, isDebug, notice, setFailed, setOutput, setSecret, warning, appendSummary },
  fetch,
  clock: {
    // Not Date.now(): a clock that is set in the meantime must not change how much time is left.
    now: () => startedAtMs + uptimeMs(),
    sleep,
    timeoutSignal: (milliseconds) => AbortSignal.timeout(Math.ceil(milliseconds)),
  },
  random: Math.random,
  randomUUID,
  interruption: interruption.signal,
  saveState: (name, value) => saveState(name, value.reveal()),
  exportVariable: (name, value) => {
    try {
      exportVariable(name, value);
    } catch {
      // Outputs can't be written either then, which the step reports.
    }
  },
  isStateLost,
  event: readEventPayload(),
  readWorkspaceFile: async (path, timeoutMs) => {
    const { readWorkspaceFile } = await import(/* webpackMode: "eager" */ './inputs/description-file.ts');
    return readWorkspaceFile(env.GITHUB_WORKSPACE || process.cwd(), path, timeoutMs);
  },
});
await endProcess();

/**
 * Which file was started. Each action.yml names its own, because a variable could be set by another step
 * (scripts/build.ts writes these files).
 */
function readEntryPoint(): EntryPoint {
  const name = /([\w-]+)\.js$/.exec(process.argv[1] ?? '')?.[1];
  return name === 'watch-start' || name === 'watch-end' || name === 'sync' ? name : 'case';
}

/**
 * Restores the inputs, and the variables that decide where and how credentials are sent: steps of the job may have
 * changed them. Returns whether what was saved is there.
 */
function undoLaterSteps(): boolean {
  const restored = restoreEnvironment(process.env);
  if (!restored) return false;
  // With the state, so that the new process knows that it was saved.
  if (restored.mustRestart) restart({ ...selectState(process.env), ...restored.env });
  for (const name of Object.keys(process.env)) if (!(name in restored.env)) delete process.env[name];
  Object.assign(process.env, restored.env); // After all deletions, because names ignore case on Windows.
  return true;
}

/**
 * Runs this program again in another environment, and ends as it does. In the same process if possible: the signals
 * that the runner sends after a cancellation reach no other one.
 */
function restart(environment: NodeJS.ProcessEnv): never {
  replaceProcess(process.argv, environment);
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const options = { env: environment, stdio: 'inherit' } as const;
  const result = spawnSync(process.execPath, process.argv.slice(1), options);
  if (result.error)
    warning(`The end of this job was not watched: could not start Node again. ${result.error.message}`);
  process.exit(result.error ? 0 : (result.status ?? 1));
}

/** As in `@actions/core`, whose function writes an annotation without a title as well. */
function setFailed(): void {
  process.exitCode = 1;
}

function appendSummary(markdown: string): void {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, markdown);
}

function readEventPayload(): unknown {
  try {
    return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '', 'utf8').replace(/^\ufeff/, ''));
  } catch {
    return undefined; // Most events say nothing that a case needs.
  }
}

/** Ends the process once the log is written, even if sockets, DNS lookups or timers are still open. */
async function endProcess(): Promise<void> {
  clearInterval(keepAlive);
  const written = new Promise((resolve) => process.stdout.write('', resolve));
  await Promise.race([written, sleep(FLUSH_MS)]);
  // process.exit() waits for threads that look up hosts or read files. Replacing the program doesn't.
  const isThreadBusy = process.getActiveResourcesInfo().some((name) => /^(?:FSReq|GetAddrInfo)/.test(name));
  if (isThreadBusy)
    replaceProcess([process.execPath, '-e', `process.exit(${process.exitCode ?? 0})`], {
      ...env,
      NODE_OPTIONS: '',
    });
  process.exit();
}

/** Runs another program instead of this one. Returns where the platform or this version of Node can't. */
function replaceProcess(args: readonly string[], environment: NodeJS.ProcessEnv): void {
  if (!process.execve || process.platform === 'win32') return;
  process.emitWarning = () => undefined; // execve is experimental.
  process.execve(process.execPath, args, environment);
}
