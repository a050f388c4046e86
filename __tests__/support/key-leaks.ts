import { stripControlCharacters } from '../../src/base/log-text.ts';
import { FakeDatadog } from './fake-datadog.ts';

/** The key that must not leave a step. */
export const KEY = FakeDatadog.appKey;

/** Every eight characters of the key, except those that other texts have too. */
const PARTS = Array.from({ length: KEY.length - 7 }, (_, start) => KEY.slice(start, start + 8)).filter(
  (part) => !/^\d+$|^sandbox-$/.test(part),
);

const toBase64 = (text: string) => Buffer.from(text).toString('base64');

/** How a program may write the key, with different text around it. */
export const KEY_FORMS: Readonly<Record<string, readonly string[]>> = {
  'as it is': [KEY],
  'Basic authentication': ['a', 'ab', 'abc'].map((user) => `Basic ${toBase64(`${user}:${KEY}`)}`),
  'headers as JSON in Base64': ['', ' ', '  '].map((indent) =>
    toBase64(`${indent}${JSON.stringify({ 'dd-application-key': KEY, a: 1 })}`),
  ),
  'Base64 for URLs': ['', '?', '>?'].map((text) => Buffer.from(`${text}${KEY}${text}`).toString('base64url')),
  hexadecimal: [Buffer.from(`a ${KEY} b`).toString('hex'), Buffer.from(KEY).toString('hex').toUpperCase()],
  'a stray escape character': [1, 5, 14, 20, KEY.length - 1].map(
    (at) => `${KEY.slice(0, at)}\u001b${KEY.slice(at)}`,
  ),
  'a stray escape character in a colored text': [3, 14, 20].map(
    (at) =>
      `\u001b[31m${KEY.slice(0, at)}\u001b${KEY.slice(at, at + 3)}\u001b[0m${KEY.slice(at + 3)}\u001b[0m`,
  ),
};

/** The parts of the key that can be read in what leaves a step, as text or encoded. */
export function findLeaks(sent: string): string[] {
  const words = sent.match(/[\w+/=-]{8,}/g) ?? [];
  const decoded = words.flatMap((word) => [
    ...[0, 1, 2, 3].map((start) => Buffer.from(word.slice(start), 'base64').toString('latin1')),
    ...[0, 1].map((start) => Buffer.from(word.slice(start), 'hex').toString('latin1')),
  ]);
  const readable = [sent.toLowerCase(), stripControlCharacters(sent), ...decoded].join('\n');
  return PARTS.filter((part) => readable.includes(part));
}
