import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { debug, info, isDebug, notice, setFailed, setOutput, setSecret, warning } from '@actions/core';
import nodeFetch, { type RequestInit } from 'node-fetch';
import type { Fetch } from './http.ts';
import { run } from './run.ts';

const { env } = process;

const agents = await connections();
const fetch: Fetch = (url, init) => nodeFetch(url, { ...init, agent: agents });

await run({
  env: { ...env }, // Each look into process.env asks the system anew.
  core: { debug, info, isDebug, notice, setFailed, setOutput, setSecret, warning, summarise },
  fetch,
  clock: {
    now: Date.now,
    sleep,
    expiry: (milliseconds) => AbortSignal.timeout(Math.ceil(milliseconds)),
    random: Math.random,
  },
  uuid: randomUUID,
  payload: payload(),
  readText: async (path) => {
    const { readText } = await import('./workspace.ts');
    return readText(env.GITHUB_WORKSPACE || process.cwd(), path);
  },
});

/** Which connections requests go over: kept open between them, and through a proxy where the environment names one. */
async function connections(): Promise<NonNullable<RequestInit['agent']>> {
  const named = ['http_proxy', 'https_proxy', 'all_proxy'].some(
    (name) => env[name] || env[name.toUpperCase()],
  );
  if (named) return (await import('./proxy.ts')).agentFor;
  return ({ protocol }) => (protocol === 'https:' ? https : http).globalAgent;
}

function summarise(markdown: string): void {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, markdown);
}

function payload(): unknown {
  try {
    return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '', 'utf8'));
  } catch {
    return undefined; // No event, or none that can be read: the step does without.
  }
}
