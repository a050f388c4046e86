import { asRecord, asString } from '../base/json.ts';
import { quoteShort } from '../base/truncate.ts';
import { withQuery } from '../http/client.ts';
import type { DatadogClient } from './client.ts';
import { type Entity, fetchEntityPage, type LookupResult, UUID_PATTERN } from './entities.ts';

const PAGE_SIZE = 100;
const MAX_PAGES = 10;

/** Finds a user by UUID (no request) or e-mail address. Throws an Error whose message fits a warning. */
export async function fetchUser(client: DatadogClient, input: string): Promise<LookupResult> {
  if (UUID_PATTERN.test(input)) return { id: input.toLowerCase(), label: input };
  const candidates = await fetchCandidates(client, input);
  const matches = candidates.filter(
    ({ attributes }) => asString(attributes.email).toLowerCase() === input.toLowerCase(),
  );
  const enabled = matches.filter(({ attributes }) => attributes.disabled !== true);
  const preferred =
    enabled.find(({ attributes }) => asString(attributes.status).toLowerCase() === 'active') ?? enabled[0];
  if (preferred) return { id: preferred.id, label: input };
  throw new Error(
    matches.length
      ? `User ${quoteShort(input)} is disabled in Datadog.`
      : `No Datadog user with e-mail address ${quoteShort(input)} found.`,
  );
}

/**
 * The filter is a loose text match, so other users are returned as well. Pages count from 0, and may hold fewer users than
 * there are: only the number of users, or an empty page, ends the list.
 */
async function fetchCandidates(client: DatadogClient, filter: string): Promise<Entity[]> {
  const users: Entity[] = [];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { filter, 'page[size]': String(PAGE_SIZE), 'page[number]': String(page) };
    const path = withQuery('/api/v2/users', query);
    const { entities, meta } = await fetchEntityPage(client, path, {
      task: `look up the user ${filter}`,
      permission: 'user_access_read',
    });
    users.push(...entities);
    const { total_filtered_count: total } = asRecord(meta.page);
    const isLast = typeof total === 'number' && users.length >= total;
    if (isLast || !entities.length) break;
  }
  return users;
}
