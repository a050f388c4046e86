import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  debug,
  info,
  isDebug,
  notice,
  saveState,
  setFailed,
  setOutput,
  setSecret,
  warning,
} from '@actions/core';
import nodeFetch, { type RequestInit } from 'node-fetch';
import type { Fetch } from './http/connection.ts';
import { parseSavedEnvironment, SAVED_VARIABLES } from './inputs/saved-environment.ts';
import { runStep } from './run.ts';

restoreEnvironment();
// Copied once: reading process.env is a native call each time.
const env = { ...process.env };
const agent = await createAgent();
const fetch: Fetch = (url, init) => nodeFetch(url, { ...init, agent });

await runStep({
  env,
  core: { debug, info, isDebug, notice, setFailed, setOutput, setSecret, warning, appendSummary },
  fetch,
  clock: {
    now: Date.now,
    sleep,
    timeoutSignal: (milliseconds) => AbortSignal.timeout(Math.ceil(milliseconds)),
  },
  random: Math.random,
  randomUUID,
  saveState,
  event: readEventPayload(),
  readWorkspaceFile: async (path) => {
    const { readWorkspaceFile } = await import('./inputs/description-file.ts');
    return readWorkspaceFile(env.GITHUB_WORKSPACE || process.cwd(), path);
  },
});

/** Undoes what the steps of a watched job did to the variables that decide where and how credentials are sent. */
function restoreEnvironment(): void {
  const saved = parseSavedEnvironment(process.env.STATE_environment);
  if (!saved) return;
  for (const name of SAVED_VARIABLES) delete process.env[name];
  Object.assign(process.env, saved); // After all deletions, because names ignore case on Windows.
}

/** Keeps connections open between requests, and uses a proxy if the environment names one. */
async function createAgent(): Promise<NonNullable<RequestInit['agent']>> {
  const hasProxy = ['http_proxy', 'https_proxy', 'all_proxy'].some(
    (name) => env[name] || env[name.toUpperCase()],
  );
  if (hasProxy) return (await import('./http/proxy.ts')).getProxyAgent;
  return ({ protocol }) => (protocol === 'https:' ? https : http).globalAgent;
}

function appendSummary(markdown: string): void {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, markdown);
}

function readEventPayload(): unknown {
  try {
    return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '', 'utf8'));
  } catch {
    return undefined; // Without a readable event, the step does without it.
  }
}
