import { distance } from 'fastest-levenshtein';

/**
 * Sorts candidates by similarity to the query, the most similar first, ignoring case.
 * A match of part of a name scores almost as high as the whole.
 */
export function sortBySimilarity(query: string, candidates: readonly string[]): string[] {
  const lowerQuery = query.toLowerCase();
  return candidates
    .map((candidate) => ({ candidate, score: distanceTo(lowerQuery, candidate.toLowerCase()) }))
    .sort((a, b) => a.score - b.score)
    .map(({ candidate }) => candidate);
}

/** Edits from the query to the name, or to the beginning of a word in it plus one. */
function distanceTo(query: string, name: string): number {
  const parts = [...name.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)].map(({ index }) =>
    name.slice(index, index + query.length),
  );
  return Math.min(distance(query, name), ...parts.map((part) => distance(query, part) + 1));
}
