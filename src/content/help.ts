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

/** Topics with a page of their own. */
const GUIDES: Partial<Record<HelpTopic, string>> = {
  keyless: 'docs/keyless.md',
  network: 'docs/sites-and-proxies.md',
};

/** Where to read more: a link if the runner says which repository the action comes from, otherwise the page's path. */
export function renderHelpLink(env: Env, topic: HelpTopic): string {
  const guide = GUIDES[topic];
  if (guide) return `Help: ${docsLink(env, guide)}`;
  const page = docsLink(env, 'docs/troubleshooting.md');
  return env.GITHUB_ACTION_REPOSITORY
    ? `Help: ${page}#${headingAnchor(topic)}`
    : `Help: ${page}, "${HELP_TOPICS[topic]}"`;
}

/** The anchor that GitHub gives to the entry's heading. */
function headingAnchor(topic: HelpTopic): string {
  return HELP_TOPICS[topic]
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
