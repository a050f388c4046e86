import { asArray, asRecord, asString, isRecord, type JsonObject } from '../../base/json.ts';

/** What may identify a result within its rule and file. */
export interface Candidate {
  readonly kind: string;
  readonly value: string;
}

/**
 * Everything that may identify a result, the best first. Not line numbers, GUIDs and times, which change, nor what says
 * who wrote the code.
 */
export function listCandidates(result: JsonObject, message: string): Candidate[] {
  const partial = listFingerprints(result.partialFingerprints);
  const isPrimary = ({ kind }: Candidate) => baseName(kind) === 'primaryLocationLineHash';
  const location = asRecord(asArray(result.locations)[0]);
  const region = asRecord(asRecord(location.physicalLocation).region);
  const logical = asRecord(asArray(location.logicalLocations)[0]);
  const snippet = asString(asRecord(region.snippet).text);
  return [
    ...listFingerprints(result.fingerprints),
    ...partial.filter(isPrimary),
    ...partial.filter((candidate) => !isPrimary(candidate)),
    { kind: 'snippet', value: snippet === NOT_SIGNED_IN ? '' : snippet.replace(/\s+/g, '') },
    { kind: 'logical', value: asString(logical.fullyQualifiedName) || asString(logical.name) },
    { kind: 'message', value: message },
  ].filter(({ value }) => value);
}

/** Whether a candidate is a fingerprint that the tool calculated. */
export function isFingerprint({ kind }: Candidate): boolean {
  return kind.startsWith('fingerprint ');
}

/**
 * What Semgrep writes in place of fingerprints and snippets, if nobody is signed in.
 * Source: published reports; which fields need a login: https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif
 */
const NOT_SIGNED_IN = 'requires login';

/**
 * What some tools keep among the fingerprints although it identifies nothing, such as the author of a commit (gitleaks)
 * or the column (CodeQL).
 */
const METADATA =
  /^(?:commit(?:sha|hash|message|date)?|author(?:name|email)?|email|date|time(?:stamp)?|guid|primaryLocationStartColumnFingerprint)$/i;

/** The number of a vulnerability or weakness, which all packages share that have it. */
const VULNERABILITY = /^(?:(?:cve|cwe|ghsa|rustsec|pysec)-[\w-]+|go-\d{4}-\d+)$/i;

/** Of each name, the highest version: `contextHash/v2` rather than `contextHash/v1`. */
function listFingerprints(fingerprints: unknown): Candidate[] {
  const newest = new Map<string, Candidate & { version: number }>();
  for (const [kind, raw] of Object.entries(asRecord(fingerprints))) {
    const value = asString(isRecord(raw) ? raw.value : raw);
    const version = Number(/\/v(\d+)$/.exec(kind)?.[1] ?? 0);
    const name = baseName(kind);
    const isUsable = value && value !== NOT_SIGNED_IN && !METADATA.test(name) && !VULNERABILITY.test(value);
    if (isUsable && version >= (newest.get(name)?.version ?? 0)) newest.set(name, { kind, value, version });
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
