import { derive } from '../../src/datadog/reference.ts';
import { DatadogSandbox, PROJECT } from './datadog.ts';
import type { Fault } from './server.ts';
import { goodInputs, step, TestClock } from './step.ts';

const KEY = 'deploy-main';
const TIMEOUT = 60;

/** A way through the action: what is there before, and what is asked for. */
interface Path {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly prepare?: (sandbox: DatadogSandbox) => void;
}

const seed = (sandbox: DatadogSandbox) => sandbox.seed({ description: derive(PROJECT.id, KEY) });

export const PATHS: readonly Path[] = [
  {
    name: 'open, by names',
    inputs: { project: 'OPS', type_id: 'Deployment failure', attributes: 'env: prod' },
  },
  { name: 'open, with dedup_key', inputs: { dedup_key: KEY } },
  { name: 'open, the case exists', inputs: { dedup_key: KEY }, prepare: seed },
  {
    name: 'open, another step was faster',
    inputs: { dedup_key: KEY },
    prepare: (sandbox) => {
      sandbox.gate = ({ method, path }) => {
        if (method === 'POST' && path === '/api/v2/cases' && !sandbox.cases.length) seed(sandbox);
      };
    },
  },
  { name: 'close', inputs: { mode: 'close', title: '', dedup_key: KEY }, prepare: seed },
];

type Kind = Pick<Fault, 'answer' | 'when'> & { readonly name: string };
const errors = (text: string) => ({ errors: [{ title: text }] });

/** Everything that can go wrong with one request. After a request was taken, no honest server refuses it. */
export const FAULTS: readonly Kind[] = [
  ...[400, 401, 403, 404, 409, 422].map((status) => ({
    name: String(status),
    answer: { status, body: errors('refused') },
  })),
  { name: '429', answer: { status: 429, headers: { 'X-RateLimit-Reset': '1' } } },
  { name: '429, long', answer: { status: 429, headers: { 'X-RateLimit-Reset': '999' } } },
  ...(['before', 'after'] as const).flatMap((when) => [
    { name: `500 ${when}`, when, answer: { status: 500 } },
    { name: `503 page ${when}`, when, answer: { status: 503, body: '<html>' } },
    { name: `200 garbage ${when}`, when, answer: { status: 200, body: 'garbage' } },
    { name: `200 empty ${when}`, when, answer: { status: 200 } },
    { name: `dropped ${when}`, when, answer: 'drop' as const },
    { name: `no answer ${when}`, when, answer: 'hang' as const },
  ]),
];

/** How a step with a fault ended. */
export interface Trial {
  readonly outcome: string;
  readonly failed: boolean;
  readonly error: string;
  readonly warned: string;
  /** The case that the outputs name. */
  readonly caseId: string | undefined;
  /** The ids of the cases that are open at the end. */
  readonly open: readonly string[];
  /** Of all cases, however they ended. */
  readonly cases: number;
  /** Of the cases that the step itself opened. */
  readonly made: number;
  /** Seconds that the step took, of its `timeout`. */
  readonly seconds: number;
  readonly calls: readonly string[];
}

export async function trial(path: Path, fault?: Fault): Promise<Trial> {
  const sandbox = await DatadogSandbox.start();
  try {
    const clock = new TestClock();
    sandbox.now = clock.now;
    sandbox.onHang = clock.expire;
    path.prepare?.(sandbox);
    if (fault) sandbox.fail(fault);
    const started = clock.time;
    const core = await step({
      inputs: { ...goodInputs(sandbox), timeout: String(TIMEOUT), ...path.inputs },
      clock,
    });
    return {
      outcome: core.outputs.outcome ?? '',
      failed: core.failed,
      error: core.told('error'),
      warned: core.told('warning'),
      caseId: core.outputs.case_id,
      open: sandbox.open.map(({ id }) => id),
      cases: sandbox.cases.length,
      made: sandbox.cases.length - sandbox.seeded,
      seconds: (clock.time - started) / 1000,
      calls: sandbox.calls.map((call) => call.replace(/5eed0000[^/]*/, '{id}')),
    };
  } finally {
    await sandbox.stop();
  }
}

/** The requests of a path, and for each the fault that hits it, or it and all like it from then on. */
export async function requestsOf(
  path: Path,
): Promise<{ name: string; fault: (kind: Kind, lasting: boolean) => Fault }[]> {
  const { calls } = await trial(path);
  return calls.map((call, at) => {
    const skip = calls.slice(0, at).filter((earlier) => earlier === call).length;
    const nth =
      calls.filter((other) => other === call).length > 1 ? `, ${['first', 'second', 'third'][skip]}` : '';
    const on = `${call.replace('{id}', '[^/]+')}$`;
    return {
      name: `${call.replace('/api/v2', '')}${nth}`,
      fault: ({ answer, when }, lasting) => ({
        on,
        skip,
        answer,
        ...(when && { when }),
        ...(!lasting && { times: 1 }),
      }),
    };
  });
}

/** The table of all faults at all requests of all paths, in Markdown: what comes of a fault once, and of one that lasts. */
export async function table(): Promise<string> {
  const parts: string[] = [];
  for (const path of PATHS) {
    const rows: string[] = [];
    for (const request of await requestsOf(path)) {
      const ends = new Map<string, string[]>();
      for (const kind of FAULTS) {
        const [once, lasting] = [
          await trial(path, request.fault(kind, false)),
          await trial(path, request.fault(kind, true)),
        ];
        const end = `${inWords(once)} | ${inWords(lasting)}`;
        ends.set(end, [...(ends.get(end) ?? []), kind.name]);
      }
      for (const [end, kinds] of ends) rows.push(`| ${request.name} | ${kinds.join('; ')} | ${end} |`);
    }
    parts.push(
      `### ${path.name[0]?.toUpperCase()}${path.name.slice(1)}\n\n| request | what goes wrong | once | each time |\n|---|---|---|---|\n${rows.join('\n')}\n`,
    );
  }
  return parts.join('\n');
}

function inWords({ outcome, failed, warned, cases, open, error }: Trial): string {
  if (failed) return `error${error.includes('may exist') ? ', the case may exist' : ''}`;
  const more = [
    ...(warned ? ['warned'] : []),
    ...(cases > open.length ? ['duplicate closed'] : []),
    ...(open.length > 1 ? ['a second case'] : []),
  ];
  return [
    outcome,
    ...(outcome === 'closed' ? more.filter((word) => word !== 'duplicate closed') : more),
  ].join(', ');
}
