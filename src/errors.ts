/** One thing that is wrong with an input: which one, what was given, and what would do. */
export interface Problem {
  readonly input: string;
  readonly text: string;
}

/** What was written in the workflow is wrong. Nothing has been created. Carries every problem at once. */
export class InputError extends Error {
  override name = 'InputError';
  readonly problems: readonly Problem[];
  /** The entry of the README that tells more. */
  readonly help: 'inputs' | 'project' | 'type';

  constructor(problems: readonly Problem[], help: 'inputs' | 'project' | 'type' = 'inputs') {
    super(problems.map(({ input, text }) => `${input}: ${text}`).join('\n'));
    this.problems = problems;
    this.help = help;
  }
}

/** One complaint out of an error answer. */
export interface Complaint {
  readonly text: string;
  /** The custom attribute that it is about, where the API names one. */
  readonly key?: string;
}

/** The server answered, and its answer is not a success. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  readonly complaints: readonly Complaint[];
  /** Milliseconds that the server asked to be left alone, if it did. */
  readonly wait: number | undefined;

  constructor(call: string, status: number, complaints: readonly Complaint[], wait?: number) {
    const said = complaints.map(({ text }) => text).join('; ');
    super(`${call} was answered with ${status}${said ? `: ${said}` : ' and no explanation'}`);
    this.status = status;
    this.complaints = complaints;
    this.wait = wait;
  }

  /** Whether it is the content that was refused, which less of it may cure. */
  get refuses(): boolean {
    return [400, 404, 413, 422].includes(this.status);
  }
}

/** The answer was a success, but not one that can be understood. What was asked for may well have been done. */
export class AnswerError extends Error {
  override name = 'AnswerError';
}

/** The server was not reached, or the connection broke. */
export class NetworkError extends Error {
  override name = 'NetworkError';
  /** A code of Node's, such as `ECONNREFUSED`. */
  readonly code: string;
  /** True where the request surely never reached the server. */
  readonly untaken: boolean;

  constructor(message: string, code: string, untaken: boolean, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.untaken = untaken;
  }
}

/** No answer came in time. What was asked for may or may not have been done. */
export class TimeoutError extends Error {
  override name = 'TimeoutError';
}

/** Something could not be looked up; the cause says why. */
export class LookupError extends Error {
  override name = 'LookupError';
  /** The permission that the look-up takes, where it is that which may be missing; else empty. */
  readonly permission: string;
  /** What could not be looked up, at the beginning of a sentence. */
  readonly what: string;

  constructor(what: string, permission: string, cause: unknown) {
    const denied = cause instanceof HttpError && (cause.status === 401 || cause.status === 403);
    const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
    super(
      `${what} could not be looked up: ${why}.${denied ? ` This takes the permission ${permission}.` : ''}`,
      { cause },
    );
    this.what = what;
    this.permission = denied ? permission : '';
  }
}

/** It cannot be told whether a case was created; the cause is what became of the create. */
export class UncertainError extends Error {
  override name = 'UncertainError';
  /** The word to search for. */
  readonly reference: string;

  constructor(reference: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.reference = reference;
  }
}

/** What an error says, or whatever was thrown in its place, as a sentence. */
export function sentence(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
