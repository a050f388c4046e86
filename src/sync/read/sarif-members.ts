import { asArray, asRecord, asString, isRecord, type JsonObject } from '../../base/json.ts';
import { hashParts } from '../identity.ts';

/** What may identify a result within its rule and file, the best first. */
interface Candidate {
  readonly kind: string;
  readonly value: string;
}

/** A result with what may identify it. */
interface Identifiable {
  readonly rule: string;
  readonly path: string;
  readonly candidates: readonly Candidate[];
}

/** Everything that may identify a result, except line numbers, GUIDs and times, which change. */
export function listCandidates(result: JsonObject, message: string): Candidate[] {
  const partial = listFingerprints(result.partialFingerprints);
  const isPrimary = ({ kind }: Candidate) => baseName(kind) === 'primaryLocationLineHash';
  const location = asRecord(asArray(result.locations)[0]);
  const region = asRecord(asRecord(location.physicalLocation).region);
  const logical = asRecord(asArray(location.logicalLocations)[0]);
  const snippet = asString(asRecord(region.snippet).text).replace(/\s+/g, '');
  return [
    ...listFingerprints(result.fingerprints),
    ...partial.filter(isPrimary),
    ...partial.filter((candidate) => !isPrimary(candidate)),
    { kind: 'snippet', value: snippet },
    { kind: 'logical', value: asString(logical.fullyQualifiedName) || asString(logical.name) },
    { kind: 'message', value: message },
  ].filter(({ value }) => value);
}

/**
 * What Semgrep writes in place of the fingerprint of each finding, if nobody is signed in.
 * Source: published reports; which fields need a login: https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif
 */
const NO_FINGERPRINT = 'requires login';

/** Of each name, the highest version: `contextHash/v2` rather than `contextHash/v1`. */
function listFingerprints(fingerprints: unknown): Candidate[] {
  const newest = new Map<string, Candidate & { version: number }>();
  for (const [kind, raw] of Object.entries(asRecord(fingerprints))) {
    const value = asString(isRecord(raw) ? raw.value : raw);
    const version = Number(/\/v(\d+)$/.exec(kind)?.[1] ?? 0);
    const name = baseName(kind);
    if (value && value !== NO_FINGERPRINT && version >= (newest.get(name)?.version ?? 0))
      newest.set(name, { kind, value, version });
  }
  // A hash of the whole file changes with every edit.
  const rank = ({ kind }: Candidate) => (/file/i.test(kind) ? 1 : 0);
  return [...newest.values()]
    .sort((a, b) => rank(a) - rank(b) || (a.kind < b.kind ? -1 : 1))
    .map(({ kind, value }) => ({ kind: `fingerprint ${kind}`, value }));
}

function baseName(kind: string): string {
  return kind.replace(/^fingerprint /, '').replace(/\/v\d+$/, '');
}

/**
 * The parts that identify each result. Of the candidates, the first counts that isn't shared by results of the same rule
 * and file that differ in what comes after it: a fingerprint that is only the number of a vulnerability tells nothing.
 */
export function identifyResults(results: readonly Identifiable[]): string[][] {
  const signatures = new Map<string, Set<string>>();
  const keyOf = ({ rule, path }: Identifiable, { kind, value }: Candidate) =>
    hashParts([rule, path, kind, value]);
  const restOf = (candidates: readonly Candidate[]) =>
    JSON.stringify(candidates.filter(({ kind }) => !kind.startsWith('fingerprint ')));
  for (const result of results)
    for (const candidate of result.candidates) {
      const key = keyOf(result, candidate);
      signatures.set(key, (signatures.get(key) ?? new Set()).add(restOf(result.candidates)));
    }
  return results.map((result) => {
    const isShared = (candidate: Candidate) => (signatures.get(keyOf(result, candidate))?.size ?? 0) > 1;
    const best = result.candidates.find((candidate) => !isShared(candidate)) ?? result.candidates.at(-1);
    return [result.rule, result.path, best?.kind ?? '', best?.value ?? ''];
  });
}
