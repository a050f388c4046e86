/** A problem with an input: what was given and what is allowed. */
export interface InputIssue {
  /** The name of the input, such as `type_id`. */
  readonly input: string;
  readonly text: string;
  /** The error that the problem came from, if there was one. */
  readonly cause?: unknown;
}

/** The workflow's inputs are invalid. Nothing has been created. Carries every issue at once. */
export class InputError extends Error {
  override name = 'InputError';
  readonly issues: readonly InputIssue[];
  /** The entry of docs/troubleshooting.md that helps. */
  readonly helpTopic: 'inputs' | 'project' | 'type';

  constructor(issues: readonly InputIssue[], helpTopic: InputError['helpTopic'] = 'inputs') {
    super(issues.map(formatIssue).join('\n'));
    this.issues = issues;
    this.helpTopic = helpTopic;
  }
}

/** The issue as a sentence: `title is required.`, or `priority: "P9" is not valid.` */
export function formatIssue({ input, text }: InputIssue): string {
  return /^(?:is|are|needs|contains|must|begins|lists) /.test(text)
    ? `${input} ${text}`
    : `${input}: ${text}`;
}

/** Signing in without a stored key failed. The message says what to do. It contains no token and no response. */
export class SignInError extends Error {
  override name = 'SignInError';
  /** Whether a person must fix something; otherwise it may pass by itself. */
  readonly isActionable: boolean;

  constructor(message: string, { isActionable, ...options }: ErrorOptions & { isActionable: boolean }) {
    super(message, options);
    this.isActionable = isActionable;
  }
}

/** The message of an error, or any other thrown value as text, ending with a period. */
export function toSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
