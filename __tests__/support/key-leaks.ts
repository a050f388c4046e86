import { stripControlCharacters } from '../../src/base/log-text.ts';
import { FakeDatadog } from './fake-datadog.ts';

/** The key that must not leave a step. */
export const KEY = FakeDatadog.appKey;

/** Every eight characters of the key, except those that other texts have too. */
const PARTS = Array.from({ length: KEY.length - 7 }, (_, start) => KEY.slice(start, start + 8)).filter(
  (part) => !/^\d+$|^sandbox-$/.test(part),
);

const toBase64 = (text: string) => Buffer.from(text).toString('base64');
const wrap = (text: string, length: number, lineBreak: string) =>
  (text.match(new RegExp(`.{1,${length}}`, 'g')) ?? []).join(lineBreak);

/** How a program may write the key, with different text around it. */
export const KEY_FORMS: Readonly<Record<string, readonly string[]>> = {
  'as it is': [KEY],
  'Basic authentication': ['a', 'ab', 'abc'].map((user) => `Basic ${toBase64(`${user}:${KEY}`)}`),
  'headers as JSON in Base64': ['', ' ', '  '].map((indent) =>
    toBase64(`${indent}${JSON.stringify({ 'dd-application-key': KEY, a: 1 })}`),
  ),
  'Base64 for URLs': ['', '?', '>?'].map((text) => Buffer.from(`${text}${KEY}${text}`).toString('base64url')),
  'Base64 in several lines': ['\n', '\r\n', '\\n'].map((lineBreak) =>
    wrap(toBase64(`${'.'.repeat(40)}${KEY}${'.'.repeat(40)}`), 76, lineBreak),
  ),
  hexadecimal: [Buffer.from(`a ${KEY} b`).toString('hex'), Buffer.from(KEY).toString('hex').toUpperCase()],
  'a stray escape character': [1, 5, 14, 20, KEY.length - 1].map(
    (at) => `${KEY.slice(0, at)}\u001b${KEY.slice(at)}`,
  ),
  'a stray escape character in a colored text': [3, 14, 20].map(
    (at) =>
      `\u001b[31m${KEY.slice(0, at)}\u001b${KEY.slice(at, at + 3)}\u001b[0m${KEY.slice(at + 3)}\u001b[0m`,
  ),
};

const FORMS = Object.values(KEY_FORMS).flat();
/** Every other form is the key as it is, of which each half can be read. */
const ROTATION = FORMS.flatMap((form) => [form, KEY]);

/** How many texts it takes to have each form at each cut. */
export const ROTATION_COUNT = ROTATION.length;

/** Where texts are shortened: quotes, titles, code spans, lines, annotations, descriptions, logs. */
const CUTS = [80, 150, 200, 250, 300, 500, 1000, 4000, 10_000, 16_384, 30_000, 60_000];

/** A text with the key in the middle of every cut, each time in another form, and in other forms in the next text. */
export function writeAtCuts(rotation: number): string {
  return CUTS.reduce((text, cut, index) => {
    const form = ROTATION[(index + rotation) % ROTATION.length] ?? KEY;
    const start = cut - Math.floor(form.length / 2);
    return text.length < start ? text.padEnd(start, ' x') + form : text;
  }, '');
}

/** The same for texts whose end is kept. */
export function writeAtCutsFromEnd(rotation: number): string {
  return CUTS.reduce((text, cut, index) => {
    const form = ROTATION[(index + rotation) % ROTATION.length] ?? KEY;
    const length = cut - Math.floor(form.length / 2);
    return text.length < length ? form + text.padStart(length, 'x ') : text;
  }, '');
}

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
