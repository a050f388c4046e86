/** The rules, as docs/how-cases-are-found.md states them. */
export type Rule =
  | 'no failure lost'
  | 'no wrong close'
  | 'one case'
  | 'truth'
  | 'people'
  | 'time'
  | 'keys'
  | 'quiet';

/** What must not happen, and happened. */
export interface Violation {
  readonly rule: Rule;
  readonly text: string;
}
