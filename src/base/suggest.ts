import { distance } from 'fastest-levenshtein';

/** Longer queries aren't misspelled names, and would be slow to compare. */
const MAX_QUERY_CHARS = 60;
/** ASCII other than letters and digits. All other characters count as letters. */
const WORD_BREAKS = /[^a-z0-9\u0080-\uffff]+/i;
const WORD_STARTS = /(?<![a-z0-9\u0080-\uffff])[a-z0-9\u0080-\uffff]/gi;
/** Shorter queries are the beginning of too many words. */
const MIN_PREFIX_CHARS = 4;

/**
 * The candidate that the query probably means, ignoring case: it has at most one or two typos (`OSP` for `OPS`), or the
 * query is one of the candidate's words (`EU` for `datadoghq.eu`) or the beginning of one. `undefined` if none is that
 * close, or if several are equally close.
 */
export function suggest(query: string, candidates: readonly string[]): string | undefined {
  const lowerQuery = query.trim().toLowerCase();
  if (!lowerQuery || lowerQuery.length > MAX_QUERY_CHARS) return undefined;
  // A key and a name may differ only in case: they are one candidate.
  const unique = new Map(candidates.map((candidate) => [candidate.toLowerCase(), candidate]));
  const [best, next] = [...unique]
    .map(([name, candidate]) => ({ candidate, score: scoreCloseness(lowerQuery, name) }))
    .filter(({ score }) => Number.isFinite(score))
    .sort((a, b) => a.score - b.score);
  return best && best.score !== next?.score ? best.candidate : undefined;
}

/** A sentence to append to an error message, starting with a space; empty if there is no suggestion. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` Did you mean ${suggestion}?`;
}

/**
 * Sorts candidates by similarity to the query, the most similar first, ignoring case.
 * A match of part of a name scores almost as high as the whole. Only the first 60 characters of the query count.
 */
export function sortBySimilarity(query: string, candidates: readonly string[]): string[] {
  const lowerQuery = query.slice(0, MAX_QUERY_CHARS).toLowerCase();
  return candidates
    .map((candidate) => ({ candidate, score: distanceTo(lowerQuery, candidate.toLowerCase()) }))
    .sort((a, b) => a.score - b.score)
    .map(({ candidate }) => candidate);
}

/** Edits from the query to the name, or to the beginning of a word in it plus one. */
function distanceTo(query: string, name: string): number {
  const parts = [...name.matchAll(WORD_STARTS)].map(({ index }) => name.slice(index, index + query.length));
  return parts.reduce((best, part) => Math.min(best, distance(query, part) + 1), distance(query, name));
}

/** The lower, the closer; infinite if the name is too different to suggest. A whole name beats a word of it. */
function scoreCloseness(query: string, name: string): number {
  const words = name.split(WORD_BREAKS).filter((word) => word);
  const isPrefix = (text: string) => query.length >= MIN_PREFIX_CHARS && text.startsWith(query);
  return Math.min(
    countTypos(query, name),
    ...words.map((word) => countTypos(query, word) + 0.5),
    isPrefix(name) ? 0.6 : Number.POSITIVE_INFINITY,
    words.some(isPrefix) ? 0.7 : Number.POSITIVE_INFINITY,
  );
}

/** Edits from the query to the name, where swapping two adjacent letters is one edit; infinite if there are too many. */
function countTypos(query: string, name: string): number {
  // A short word with two typos could be anything.
  const maxTypos = query.length < 3 ? 0 : query.length < 6 ? 1 : 2;
  if (Math.abs(query.length - name.length) > maxTypos) return Number.POSITIVE_INFINITY;
  const withSwaps = Array.from(
    { length: query.length - 1 },
    (_, index) => query.slice(0, index) + query[index + 1] + query[index] + query.slice(index + 2),
  );
  const typos = Math.min(distance(query, name), ...withSwaps.map((text) => distance(text, name) + 1));
  return typos <= maxTypos ? typos : Number.POSITIVE_INFINITY;
}
