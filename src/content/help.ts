import { docsLink } from '../base/docs-link.ts';
import type { Env } from '../base/env.ts';

/** The entries of docs/troubleshooting.md (a test finds each of them there). */
export const HELP_TOPICS = {
  inputs: 'Invalid inputs',
  access: 'Wrong key, missing permission or wrong site',
  keyless: 'Keyless sign-in failed',
  project: 'Project not found',
  type: 'Case type not found',
  attribute: 'Custom attribute not found',
  rejected: 'Datadog rejected the case',
  limited: 'Rate limited',
  outage: 'Timeout or outage',
  network: 'Proxy or certificate problem',
  unclear: 'Unexpected response',
  bug: 'Internal error',
} as const;

export type HelpTopic = keyof typeof HELP_TOPICS;

/** An error, explained to the person who has to do something about it. */
export interface Explanation {
  readonly text: string;
  readonly helpTopic: HelpTopic;
  /** Whether a person must fix something; otherwise it may pass by itself. */
  readonly isActionable: boolean;
  /** Whether the case may have been created, reopened or closed despite the error. */
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

/** Topics with a page of their own. */
const GUIDES: Partial<Record<HelpTopic, string>> = {
  keyless: 'docs/keyless.md',
  network: 'docs/sites-and-proxies.md',
};

/** Where to read more, for the log: a link if the runner says which repository the action comes from, otherwise a path. */
export function renderHelpLink(env: Env, topic: HelpTopic): string {
  const { page, anchor } = findHelp(topic);
  const link = docsLink(env, page);
  if (!anchor) return `Help: ${link}`;
  return env.GITHUB_ACTION_REPOSITORY ? `Help: ${link}#${anchor}` : `Help: ${link}, "${HELP_TOPICS[topic]}"`;
}

/** Where to read more, in Markdown. */
export function renderHelpMarkdown(env: Env, topic: HelpTopic): string {
  const { page, anchor } = findHelp(topic);
  const name = HELP_TOPICS[topic];
  if (!env.GITHUB_ACTION_REPOSITORY) return `Help: ${name} in \`${page}\``;
  return `Help: [${name}](${docsLink(env, page)}${anchor && `#${anchor}`})`;
}

function findHelp(topic: HelpTopic): { readonly page: string; readonly anchor: string } {
  const guide = GUIDES[topic];
  return guide
    ? { page: guide, anchor: '' }
    : { page: 'docs/troubleshooting.md', anchor: headingAnchor(topic) };
}

/** The anchor that GitHub gives to the entry's heading. */
function headingAnchor(topic: HelpTopic): string {
  return HELP_TOPICS[topic]
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
