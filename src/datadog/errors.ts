import { HttpError } from '../http/errors.ts';

/** A lookup failed; the cause says why. */
export class LookupError extends Error {
  override name = 'LookupError';
  /** What could not be done, to go on after "could not": `look up the project "OPS"`. */
  readonly task: string;
  /** The permission that may be missing; empty otherwise. */
  readonly permission: string;

  constructor(task: string, permission: string, cause: unknown) {
    const isDenied = cause instanceof HttpError && (cause.status === 401 || cause.status === 403);
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
    super(`Could not ${task}: ${reason}.${isDenied ? ` This requires the ${permission} permission.` : ''}`, {
      cause,
    });
    this.task = task;
    this.permission = isDenied ? permission : '';
  }
}

/** It is unknown whether a case was created; the cause is the error of the create request. */
export class OutcomeUnknownError extends Error {
  override name = 'OutcomeUnknownError';
  /** The reference to search for. */
  readonly reference: string;

  constructor(reference: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.reference = reference;
  }
}

/** It is unknown whether the status of a case was changed; the cause is the error of the request. */
export class StatusUnknownError extends Error {
  override name = 'StatusUnknownError';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
