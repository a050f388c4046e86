import type { RequestInit, Response } from 'node-fetch';
import { complaints, excerpt } from './complaints.ts';
import { AnswerError, HttpError, NetworkError, sentence, TimeoutError } from './errors.ts';
import { isRecord } from './json.ts';

/** Time and chance, so that tests can hold both. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** A signal that fires after so many milliseconds and keeps no process alive. */
  expiry(milliseconds: number): AbortSignal;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A server that JSON is sent to, and how long we bear with it. */
export interface Service {
  /** Without a trailing slash. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** When all work with it ends, in milliseconds since 1970. */
  readonly deadline: number;
  /** Milliseconds that one attempt may take. */
  readonly patience: number;
  /** Told of each pause. */
  readonly log: (line: string) => void;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Starts with a slash; query included. */
  readonly path: string;
  readonly body?: unknown;
  /** `freely`: doing it twice is doing it once. `untaken`: only while it surely was not done. */
  readonly repeat: 'freely' | 'untaken';
  /** Whether only an answer whose `data` is a list will do; any other is an AnswerError. */
  readonly list?: boolean;
}

const ATTEMPTS = 6;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** Failures of the connection after which the request surely never reached the server, and that may pass. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);
/** The server's certificate or the proxy was refused before anything was sent; it will be the next time too. */
const NOT_TRUSTED = /^(?:CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|PROXY_)/;

/**
 * Sends JSON and gives the answer's JSON (`undefined` where the answer is empty).
 * Repeats what may be repeated, with the server's own pause or else backoff with full jitter, until the deadline.
 * Throws HttpError, AnswerError, NetworkError or TimeoutError: always the last failure, never after a pause in vain.
 */
export async function send(service: Service, call: Call): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(service, call);
    } catch (error) {
      const pause = attempt < ATTEMPTS ? pauseAfter(error, call, attempt, service.clock) : undefined;
      if (pause === undefined || service.clock.now() + pause >= service.deadline) throw error;
      service.log(`${sentence(error)} Trying again in ${Math.ceil(pause / 100) / 10} s.`);
      await service.clock.sleep(pause);
    }
  }
}

/** Asks for what is at a path. Throws what `send` throws. */
export function getPath(service: Service, path: string): Promise<unknown> {
  return send(service, { method: 'GET', path, repeat: 'freely' });
}

/** Asks for a list: the `data` of the answer. Throws what `send` throws; an answer without a list is asked for again. */
export async function getList(service: Service, path: string): Promise<unknown[]> {
  const answer = await send(service, { method: 'GET', path, repeat: 'freely', list: true });
  return (answer as { data: unknown[] }).data;
}

/** A path with a query, in which nothing of a name or value is taken for anything else. */
export function pathWith(path: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  return `${path}?${pairs.join('&')}`;
}

/** The same server, but with only a share of the time that is left, so that enough remains for what matters more. */
export function within(service: Service, share: number): Service {
  const now = service.clock.now();
  const left = Math.max(0, service.deadline - now) * share;
  return { ...service, deadline: now + left, patience: Math.min(service.patience, left / 3) };
}

/** Whether what was asked for may have been done, although no proper answer came. */
export function isFateUnknown(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500 || error.status === 408;
  if (error instanceof NetworkError) return !error.untaken;
  return error instanceof TimeoutError || error instanceof AnswerError;
}

async function once(service: Service, call: Call): Promise<unknown> {
  const { clock, deadline, patience } = service;
  const what = `${call.method} ${call.path.split('?')[0]}`;
  const left = Math.min(patience, deadline - clock.now());
  if (left <= 0) throw new TimeoutError(`No time was left for ${what}.`);
  const signal = clock.expiry(left);
  let answer: Response;
  let text: string;
  try {
    answer = await service.fetch(service.url + call.path, {
      method: call.method,
      headers: {
        ...service.headers,
        Accept: 'application/json',
        ...(call.body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      redirect: 'manual', // A redirect would carry the keys to another host.
      signal,
      size: LARGEST_ANSWER,
    });
    text = await answer.text();
  } catch (cause) {
    if (signal.aborted)
      throw new TimeoutError(`${what} had no answer within ${Math.round(left / 100) / 10} s.`, { cause });
    throw networkError(what, new URL(service.url).host, cause);
  }
  if (answer.ok) {
    const json = parse(what, answer.status, text);
    if (!call.list || (isRecord(json) && Array.isArray(json.data))) return json;
    throw new AnswerError(`${what} was answered with ${answer.status}, but not with a list.`);
  }
  throw new HttpError(what, answer.status, complaints(text), serverPause(answer, clock.now()));
}

function parse(what: string, status: number, text: string): unknown {
  if (!text.trim()) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AnswerError(`${what} was answered with ${status}, but not with JSON: ${excerpt(text)}`, {
      cause,
    });
  }
}

function networkError(what: string, host: string, cause: unknown): NetworkError {
  const found = codeOf(cause);
  // The proxy agent's only word for "the proxy said no"; it carries no code.
  const proxy = cause instanceof Error && /Bad response: (\d+)/.exec(cause.message);
  const code = proxy ? `PROXY_${proxy[1]}` : found;
  const untaken = NOT_REACHED.has(code) || NOT_TRUSTED.test(code);
  return new NetworkError(`${what} failed: the connection to ${host} ended with ${code}.`, code, untaken, {
    cause,
  });
}

/** What went wrong: a code of Node's, or a type of node-fetch's such as `max-size`. */
function codeOf(error: unknown): string {
  const { code, type } = (error ?? {}) as { code?: unknown; type?: unknown };
  return [code, type].find((word) => typeof word === 'string') ?? 'an unknown error';
}

/** Milliseconds to wait before the next attempt; `undefined` where another one is not to be made. */
function pauseAfter(error: unknown, call: Call, attempt: number, clock: Clock): number | undefined {
  const limited = error instanceof HttpError && error.status === 429;
  const refused = error instanceof NetworkError && NOT_REACHED.has(error.code);
  if (!(limited || refused || (isFateUnknown(error) && call.repeat === 'freely'))) return undefined;
  const backoff = clock.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt);
  return ((error instanceof HttpError && error.wait) || 0) + backoff;
}

/**
 * Milliseconds that the server asks for: `Retry-After` (seconds or a date; a proxy's) or, where it limits,
 * `X-RateLimit-Reset` (seconds until the reset; the vendor's documentation). Other answers tell that reset as well,
 * where it asks for nothing, and GitHub's is a time.
 */
function serverPause(answer: Response, now: number): number | undefined {
  const names = answer.status === 429 ? ['retry-after', 'x-ratelimit-reset'] : ['retry-after'];
  for (const name of names) {
    const given = answer.headers.get(name)?.trim();
    if (!given) continue;
    const wait = /^\d+(?:\.\d+)?$/.test(given) ? Number(given) * 1000 : Date.parse(given) - now;
    if (Number.isFinite(wait)) return Math.max(0, wait);
  }
  return undefined;
}
