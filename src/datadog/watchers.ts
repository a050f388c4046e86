import { type InputIssue, toSentence } from '../base/errors.ts';
import type { DatadogClient } from './client.ts';
import type { LookupResult } from './entities.ts';
import { fetchUser } from './users.ts';

/** The users that were found, and why the others were not. */
interface WatcherLookup {
  readonly found: readonly LookupResult[];
  readonly issues: readonly InputIssue[];
}

/** Finds users by UUID (no request) or e-mail address, in parallel. Users who can't be found are issues. Never throws. */
export async function fetchWatchers(
  client: DatadogClient,
  inputs: readonly string[],
): Promise<WatcherLookup> {
  const lookups = await Promise.allSettled(inputs.map((input) => fetchUser(client, input)));
  // An address and a UUID can be the same user.
  const found = new Map<string, LookupResult>();
  const issues: InputIssue[] = [];
  for (const lookup of lookups) {
    if (lookup.status === 'rejected')
      issues.push({ input: 'watchers', text: toSentence(lookup.reason), cause: lookup.reason });
    else if (!found.has(lookup.value.id)) found.set(lookup.value.id, lookup.value);
  }
  return { found: [...found.values()], issues };
}
