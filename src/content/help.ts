import type { Env } from '../base/env.ts';

/** The entries of the README's "Troubleshooting" section (a test finds each of them there). */
export const HELP_TOPICS = {
  inputs: 'Invalid inputs',
  access: 'Wrong key, missing permission or wrong site',
  project: 'Project not found',
  type: 'Case type not found',
  attribute: 'Custom attribute not found',
  refused: 'Datadog rejected the case',
  limited: 'Rate limited',
  outage: 'Timeout or outage',
  unclear: 'Unexpected response',
  bug: 'Internal error',
} as const;

export type HelpTopic = keyof typeof HELP_TOPICS;

/** Where the README explains more: a link if the runner says which repository the action comes from. */
export function renderHelpLink(env: Env, topic: HelpTopic): string {
  const { GITHUB_ACTION_REPOSITORY: repository, GITHUB_SERVER_URL: server = 'https://github.com' } = env;
  return repository
    ? `Help: ${server}/${repository}#${headingAnchor(topic)}`
    : `Help: README, "${HELP_TOPICS[topic]}"`;
}

/** The anchor that GitHub gives to the entry's heading. */
export function headingAnchor(topic: HelpTopic): string {
  return HELP_TOPICS[topic]
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ]/g, '')
    .replaceAll(' ', '-');
}
