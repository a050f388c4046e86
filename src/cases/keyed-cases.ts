import type { Unredacted } from '../base/unredacted.ts';
import { explain } from '../content/explain.ts';
import type { Case } from '../datadog/case.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { LookupError } from '../datadog/errors.ts';
import { parseReference, sharedWords } from '../datadog/reference.ts';
import { fetchCases, fetchCurrentState } from '../datadog/search.ts';
import type { RunContext } from '../github/run-context.ts';
import { areComparable, identifyRun, type RunIdentity } from '../github/run-order.ts';
import type { CaseTools } from './tools.ts';

/** What the cases of a problem have in common. */
export interface CaseKey {
  readonly projectId: string;
  readonly dedupKey: Unredacted;
  /** Whether the key was derived from the job, rather than given. For words only. */
  readonly isDerived: boolean;
}

/** The cases of a `dedup_key`. */
export interface KeyedCases {
  /** Oldest first, as they are now: the search index may be stale. */
  readonly open: readonly Case[];
  /** Closed and not archived; those that the search showed as open are up to date. */
  readonly closed: readonly Case[];
  /** IDs of cases in `open` that could not be fetched, so that the search is all that is known. */
  readonly uncheckedIds: ReadonlySet<string>;
  /** Whether the search succeeded, so that there are no others. */
  readonly isComplete: boolean;
}

/** What is known without a `dedup_key`, or if the search failed. */
export const NO_CASES: KeyedCases = { open: [], closed: [], uncheckedIds: new Set(), isComplete: false };

/** What a case is open for. A derived key is nothing that the workflow knows. */
export function describeKey({ isDerived }: Pick<CaseKey, 'isDerived'>): string {
  return isDerived ? 'this problem' : 'this dedup_key';
}

/**
 * Fetches the cases of a `dedup_key` within the client's time, and again those that seem to be open.
 * Throws LookupError if the search fails.
 */
export async function fetchKeyedCases(
  { warn }: Pick<CaseTools, 'warn'>,
  client: DatadogClient,
  key: CaseKey,
): Promise<KeyedCases> {
  const words = sharedWords(key.projectId, key.dedupKey);
  const query = { projectId: key.projectId, words };
  const found = await fetchCases(client, query).catch((cause: unknown) => {
    throw new LookupError(`check whether a case is open for ${describeKey(key)}`, 'cases_read', cause);
  });
  const uncheckedIds = new Set<string>();
  const refresh = async (candidate: Case): Promise<Case | undefined> => {
    const current = await fetchCurrentState(client, candidate);
    if (current.state === 'gone') return undefined;
    if (current.state !== 'unknown') return current.case;
    const problem = `Could not check that ${candidate.label} is still open.`;
    warn(`${problem} ${explain(current.error).text}`, { kind: 'unchecked', cases: [candidate.label] });
    uncheckedIds.add(candidate.id);
    return candidate;
  };
  const current = await Promise.all(
    found.map((candidate) => (candidate.isOpen ? refresh(candidate) : candidate)),
  );
  return { ...byState(current), uncheckedIds, isComplete: true };
}

/**
 * Fetches the open cases again: others may have changed them since. What can't be fetched stays as it was. Never throws.
 */
export async function refreshOpenCases(client: DatadogClient, keyed: KeyedCases): Promise<KeyedCases> {
  const refresh = async (known: Case): Promise<Case | undefined> => {
    if (keyed.uncheckedIds.has(known.id)) return known;
    const current = await fetchCurrentState(client, known);
    if (current.state === 'unknown') return known;
    return current.state === 'gone' ? undefined : current.case;
  };
  const current = await Promise.all(keyed.open.map(refresh));
  return { ...keyed, ...byState([...current, ...keyed.closed]) };
}

function byState(cases: readonly (Case | undefined)[]): Pick<KeyedCases, 'open' | 'closed'> {
  const known = cases.filter((candidate) => candidate !== undefined);
  return {
    open: known.filter(({ isOpen }) => isOpen),
    closed: known.filter(({ isOpen, isArchived }) => !isOpen && !isArchived),
  };
}

/** Warns if a run of another repository opened the case: the two probably share a `dedup_key` by accident. */
export function warnOfOtherRepository(
  { warn }: Pick<CaseTools, 'warn'>,
  { label, description }: Case,
  run: RunContext,
): void {
  const other = parseReference(description)?.runs[0];
  const own = identifyRun(run);
  if (!other || !own?.repository || areComparable(other, own)) return;
  const isElsewhere = other.server !== own.server;
  const part = isElsewhere ? '${{ github.server_url }}' : '${{ github.repository }}';
  const name = ({ repository, server = 'github.com' }: RunIdentity) =>
    isElsewhere ? `${repository} on ${server}` : repository;
  warn(
    `${label} was opened by ${name(other)}, which uses the same dedup_key as ${name(own)}. If these are different problems, add \`${part}\` to the dedup_key.`,
  );
}
