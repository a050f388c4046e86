import { asRecord } from '../../base/json.ts';

/** From the most to the least severe. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** What a finding without a severity counts as. */
export const DEFAULT_SEVERITY: Severity = 'medium';

/** Words that tools use. */
const WORDS: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  blocker: 'critical',
  high: 'high',
  important: 'high',
  major: 'high',
  error: 'high',
  medium: 'medium',
  moderate: 'medium',
  warning: 'medium',
  low: 'low',
  minor: 'low',
  note: 'low',
  info: 'low',
  informational: 'low',
  negligible: 'low',
  none: 'low',
};

/**
 * A severity given as a word, or as a score from 0 to 10. `undefined` if it is neither.
 * Source: https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function parseSeverity(value: unknown): Severity | undefined {
  if (typeof value === 'string' && Object.hasOwn(WORDS, value.trim().toLowerCase()))
    return WORDS[value.trim().toLowerCase()];
  const score = typeof value === 'string' && value.trim() ? Number(value) : value;
  if (typeof score !== 'number' || !(score >= 0 && score <= 10)) return undefined;
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
}

/** The `security-severity` of a SARIF result or rule. */
export function readSecuritySeverity(holder: unknown): Severity | undefined {
  return parseSeverity(asRecord(asRecord(holder).properties)['security-severity']);
}

/** Negative if `a` is more severe than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** The more severe of two. */
export function maxSeverity(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) <= 0 ? a : b;
}
