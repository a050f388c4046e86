import type { StepRecord } from './record.ts';

/** A request as a server of the world receives it. */
export interface WorldRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** The step that sent it. */
  readonly step: StepRecord;
}

export interface WorldAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly contentType: string;
  answer(request: WorldRequest): WorldAnswer;
}

/** An answer that ends the processing of a request. */
export class Refusal extends Error {
  readonly answer: WorldAnswer;

  constructor(status: number, error: object) {
    super(JSON.stringify(error));
    this.answer = { status, body: { errors: [error] } };
  }
}

// As recorded.
export const notFound = (title: string) => new Refusal(404, { code: 'resource_not_found', title });
export const badRequest = () => new Refusal(400, { status: '400', title: 'Bad Request' });
export const genericError = (detail: string) => new Refusal(400, { title: 'Generic Error', detail });

export function expectObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest();
  return value as Record<string, unknown>;
}
