import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** Names for sentences that people read. */
const PROSE = String.raw`(?:[\w.?]*(?:[mM]essage|\b[rR]eason|[hH]eadline|\bproblem)|String\((?:error|cause|thrown|reason)\)|toSentence\([^()]*\)|explain\w*\([^()]*\)\.text|describe\w+\([^()]*\))`;
const READING_BACK = [
  new RegExp(String.raw`${PROSE}\??\.(?:match|matchAll|includes|startsWith|endsWith|search|indexOf|split)\(`),
  new RegExp(String.raw`\.(?:test|exec)\(${PROSE}`),
  new RegExp(String.raw`${PROSE} [!=]== ['"\x60][^'"\x60]`),
];

/** Lines that look like it. The value says why they may. */
const ALLOWED: ReadonlyMap<string, string> = new Map([
  ['src/base/errors.ts: return /[.!?]$/.test(message) ? message : `${message}.`;', 'punctuation'],
  [
    'src/github/errors.ts: return status === 403 && !isRateLimit && PERMISSION_MESSAGES.test(message);',
    'GitHub says nowhere else which kind of 403 it is',
  ],
  [
    'src/github/errors.ts: const isRateLimit = status === 429 || (status === 403 && (isExhausted || /rate limit/i.test(message)));',
    'GitHub says nowhere else which kind of 403 it is',
  ],
  [
    "src/sync/engine/carry-out.ts: keep: (action) => (action.kind === 'keep' && action.reason === 'unchanged' ? 'unchanged' : 'kept'),",
    'this reason is data',
  ],
]);

/** The places in a source file where code reads the words of a message. */
function findReadings(source: string): string[] {
  return source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !/^(?:\*|\/\/|\/\*)/.test(line) && READING_BACK.some((pattern) => pattern.test(line)));
}

test('no code decides by the words of a message', () => {
  const found = globSync('src/**/*.ts').flatMap((path) =>
    findReadings(readFileSync(path, 'utf8')).map((line) => `${path}: ${line}`),
  );
  expect(found.filter((place) => !ALLOWED.has(place))).toEqual([]);
});

test.each([
  "if (error.message.includes('timed out')) retry();",
  "if (/certificate/.test(error.message)) return 'network';",
  "const isPage = explain(error).text.startsWith('an HTML');",
  "if (reason === 'nothing to close') return;",
  'const site = /from (\\w+)/.exec(describeSource(source))?.[1];',
  "if (result.reason.endsWith('is open.')) warn();",
])('finds the reading in %s', (line) => {
  expect(findReadings(line)).toEqual([line]);
});

test.each([
  'const text = `${message}. Check project.`;',
  "if (error.code === 'ENOTFOUND') return host;",
  "return { outcome: 'none', reason };",
])('accepts %s', (line) => {
  expect(findReadings(line)).toEqual([]);
});
