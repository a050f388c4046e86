import type { HelpTopic } from './help.ts';

/** An error, explained to the person who has to do something about it. */
export interface Explanation {
  readonly text: string;
  readonly helpTopic: HelpTopic;
  /** Whether a person must fix something; otherwise it may pass by itself. */
  readonly isActionable: boolean;
  /** Whether the case may have been created despite the error. */
  readonly isOutcomeUnknown?: boolean;
}

/** Explains an error that a person must fix. */
export function toActionable(helpTopic: HelpTopic, text: string): Explanation {
  return { text, helpTopic, isActionable: true };
}

/** Explains an error that may pass by itself. */
export function toTemporary(helpTopic: HelpTopic, text: string): Explanation {
  return { text, helpTopic, isActionable: false };
}
