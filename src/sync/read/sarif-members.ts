import { hashParts } from '../identity.ts';
import { type Candidate, isFingerprint } from './sarif-candidates.ts';

/** A result with what may identify it. */
export interface Identifiable {
  readonly rule: string;
  readonly path: string;
  readonly candidates: readonly Candidate[];
  /** Where it is in its file, such as line and column, to tell apart what is equal in everything else. */
  readonly position: readonly number[];
}

/**
 * The parts that identify each result of a tool. Equal findings at different places are numbered from the top of the
 * file, so that they keep their identities if all of them move. Results at the same place have the same parts.
 */
export function identifyResults(results: readonly Identifiable[]): string[][] {
  const parts = distinguishResults(results);
  const groups = new Map<string, number[]>();
  for (const [index, own] of parts.entries()) {
    const key = hashParts(own);
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  for (const group of groups.values()) {
    const numbers = numberPlaces(group.map((index) => results[index]?.position ?? []));
    for (const [at, number] of numbers.entries())
      if (number) parts[group[at] ?? -1]?.push(String(number + 1));
  }
  return parts;
}

/** The number of each position among those that differ, from 0, from the top of the file. */
function numberPlaces(positions: readonly (readonly number[])[]): number[] {
  if (positions.length < 2) return [0];
  const compare = (a: readonly number[], b: readonly number[]) => {
    const index = a.findIndex((value, at) => value !== b[at]);
    return (a[index] ?? 0) - (b[index] ?? 0);
  };
  const places = new Map(positions.map((position) => [position.join(), position]));
  const sorted = [...places.values()].sort(compare).map((position) => position.join());
  const numbers = new Map(sorted.map((place, number) => [place, number]));
  return positions.map((position) => numbers.get(position.join()) ?? 0);
}

/**
 * Of the candidates, the first counts that isn't shared by results of the same rule and file that differ in what comes
 * after it: such a fingerprint identifies nothing. Of those that share one, the same one always keeps it, so that a
 * finding doesn't become another one because a second one turns up.
 */
function distinguishResults(results: readonly Identifiable[]): string[][] {
  const owners = new Map<string, string>();
  const keyOf = ({ rule, path }: Identifiable, { kind, value }: Candidate) =>
    hashParts([rule, path, kind, value]);
  const rests = results.map(({ candidates }) =>
    JSON.stringify(candidates.filter((candidate) => !isFingerprint(candidate))),
  );
  for (const [index, result] of results.entries())
    for (const candidate of result.candidates) {
      const [key, rest = ''] = [keyOf(result, candidate), rests[index]];
      const owner = owners.get(key);
      if (owner === undefined || rest < owner) owners.set(key, rest);
    }
  return results.map((result, index) => {
    const isOwner = (candidate: Candidate) => owners.get(keyOf(result, candidate)) === rests[index];
    const best = result.candidates.find(isOwner) ?? result.candidates.at(-1);
    return [result.rule, result.path, best?.kind ?? '', best?.value ?? ''];
  });
}
