import { Response } from 'node-fetch';
import type { Environment } from '../../src/stages/step.ts';
import { API_KEY, APP_KEY } from './case-store.ts';
import type { Datadog } from './datadog.ts';
import { type GitHub, TOKEN } from './github.ts';
import { FAULTS, type Fault, type FaultName, type RequestKind } from './history.ts';
import { Random } from './random.ts';
import type { StepRecord } from './record.ts';
import type { Schedule } from './schedule.ts';
import type { Server, WorldAnswer, WorldRequest } from './server.ts';

/** What all steps send their requests through. */
export interface Network {
  readonly schedule: Schedule;
  readonly datadog: Datadog;
  readonly github: GitHub;
  readonly tell: (text: string, step: StepRecord) => void;
}

interface Life {
  readonly stop: () => void;
  readonly isOver: () => boolean;
}

type FetchInit = Parameters<Environment['fetch']>[1];
type Answer = Awaited<ReturnType<Environment['fetch']>>;

const LATE_MS = 5000;
const SLOW_MS = 9000;

/** Sends the requests of one step: they and their answers take a while, and some get lost. */
export class Sender {
  readonly #record: StepRecord;
  readonly #network: Network;
  readonly #life: Life;
  readonly #random: Random;
  readonly #seen = new Map<Fault, number>();
  #count = 0;

  constructor(record: StepRecord, network: Network, life: Life) {
    this.#record = record;
    this.#network = network;
    this.#life = life;
    this.#random = new Random(record.event.salt, record.number, 2);
  }

  readonly fetch: Environment['fetch'] = (url, init) =>
    new Promise<Answer>((resolve, reject) => {
      if (this.#life.isOver()) return;
      const { stop } = this.#record.event;
      this.#count += 1;
      const isStop = stop?.request === this.#count;
      if (isStop && stop.when === 'before') {
        this.#life.stop();
        if (this.#life.isOver()) return;
      }
      init.signal?.addEventListener('abort', () => reject(new Error('The request was aborted.')));
      this.#send(new URL(url), init, { resolve, reject, isStop: isStop && stop.when === 'after' });
    });

  #send(
    url: URL,
    init: FetchInit,
    {
      resolve,
      reject,
      isStop,
    }: { resolve: (answer: Answer) => void; reject: (error: Error) => void; isStop: boolean },
  ): void {
    const { schedule } = this.#network;
    const { request, server, kind } = this.#read(url, init);
    const fault = server ? this.#pickFault(kind) : 'is refused a connection';
    const { processed, answer } = fault ? FAULTS[fault] : { processed: 'now' as const, answer: undefined };
    if (fault) this.#tellFault(request, fault);
    const arrival = schedule.time + this.#latency();
    const back = answer === 'slow' ? SLOW_MS : this.#latency();
    const process = () => server?.answer(request);
    schedule.at(arrival, () => {
      const own = processed === 'now' ? process() : undefined;
      if (processed === 'later') schedule.at(schedule.time + LATE_MS, process);
      if (isStop) this.#life.stop();
      if (answer === 'nothing') return;
      const finish = () => {
        if (typeof answer === 'string' && answer.startsWith('E'))
          reject(Object.assign(new Error(answer), { code: answer }));
        else resolve(toResponse(server, answer, own));
      };
      schedule.at(schedule.time + back, finish, this.#life.isOver);
    });
  }

  #latency(): number {
    return Math.round(10 + 400 * this.#random.next() ** 3);
  }

  #read(url: URL, init: FetchInit): { request: WorldRequest; server: Server | undefined; kind: RequestKind } {
    const { datadog, github, schedule } = this.#network;
    const method = init.method ?? 'GET';
    const headers = Object.fromEntries(
      Object.entries(init.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const line = `${method} ${url.pathname}`;
    this.#record.requests.push({ at: schedule.time, line, isWrite: method !== 'GET' });
    this.#record.sent.push(`${url.href} ${typeof init.body === 'string' ? init.body : ''}`);
    const isDatadog = url.host === 'api.datadoghq.com';
    const isGitHub = ['api.github.com', 'ghe.acme.example'].includes(url.host);
    const sentKeys = [API_KEY, APP_KEY, TOKEN].filter((key) => JSON.stringify(headers).includes(key));
    const isWrong = (key: string) => (key === TOKEN ? !isGitHub : !isDatadog);
    if (sentKeys.some(isWrong) && !this.#record.keyedHosts.includes(url.host))
      this.#record.keyedHosts.push(url.host);
    const request = {
      method,
      path: url.pathname,
      query: url.searchParams,
      body,
      headers,
      step: this.#record,
    };
    return {
      request,
      server: isDatadog ? datadog : isGitHub ? github : undefined,
      kind: findKind(line, isGitHub),
    };
  }

  #pickFault(kind: RequestKind): FaultName | undefined {
    for (const fault of this.#record.event.faults) {
      if (fault.on !== kind && fault.on !== 'any') continue;
      const count = this.#seen.get(fault) ?? 0;
      this.#seen.set(fault, count + 1);
      if (count < fault.skip || count >= fault.skip + fault.times) continue;
      this.#record.faults.push(kind);
      return fault.name;
    }
    return undefined;
  }

  #tellFault({ method, path }: WorldRequest, fault: FaultName): void {
    this.#network.tell(`${method} ${path.replace(/[0-9a-f-]{36}/, '…')} ${fault}`, this.#record);
  }
}

function findKind(line: string, isGitHub: boolean): RequestKind {
  if (isGitHub) return 'github';
  if (line === 'GET /api/v2/cases') return 'search';
  if (line === 'POST /api/v2/cases') return 'create';
  if (/^GET .*\/(?:projects|types|users)/.test(line)) return 'lookup';
  if (line.startsWith('GET ')) return 'case';
  const [, resource = ''] = /\/(status|comment|description)$/.exec(line) ?? [];
  return (resource || 'any') as RequestKind;
}

function toResponse(
  server: Server | undefined,
  answer: number | string | undefined,
  own: WorldAnswer | undefined,
): Answer {
  const headers = { 'Content-Type': server?.contentType ?? 'text/plain' };
  if (answer === 'garbage')
    return new Response('<html>Welcome</html>', { status: own?.status ?? 200, headers });
  if (typeof answer === 'number') {
    const reset: Record<string, string> = answer === 429 ? { 'X-RateLimit-Reset': '1' } : {};
    const body = JSON.stringify({ errors: [{ title: 'Something went wrong' }] });
    return new Response(body, { status: answer, headers: { ...headers, ...reset } });
  }
  return new Response(JSON.stringify(own?.body ?? {}), { status: own?.status ?? 200, headers });
}
