/** What a step shows and sets at its end. */
export interface Rendering {
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotation: { readonly level: 'notice' | 'warning' | 'error'; readonly text: string };
  /** Markdown for the step summary. */
  readonly summary: string;
  /** More text for the log. */
  readonly log?: string;
}

/** What GitHub shows of an annotation. Source: https://docs.github.com/rest/checks/runs */
export const MAX_ANNOTATION_CHARS = 4096;
