import { describe, expect, test } from '@jest/globals';
import { Redactor } from '../../src/base/redactor.ts';
import { Unredacted } from '../../src/base/unredacted.ts';
import type { FailedStep } from '../../src/github/jobs.ts';
import { extractStepLog, shortenLog } from '../../src/github/step-log.ts';

const SECRET = 'correct-horse-battery-staple';
const redactor = new Redactor();
redactor.add(SECRET);

const UNTIMED_STEP = { number: 2, name: 'Build', startedAtMs: Number.NaN, completedAtMs: Number.NaN };

function extract(log: string, step: FailedStep, maxLines: number, maxChars = 30_000): string {
  return extractStepLog(new Unredacted(log), step, { maxLines, maxChars, redactor });
}

describe('extractStepLog', () => {
  const at = (second: number, text: string) =>
    `2026-01-02T03:04:${String(second).padStart(2, '0')}.1234567Z ${text}`;
  const log = [
    `\ufeff${at(1, '##[group]Run npm ci')}`,
    at(1, 'added 3 packages'),
    at(5, '##[group]Run npm test'),
    at(5, '##[endgroup]'),
    at(6, '\u001b[31mFAIL\u001b[0m checkout'),
    'a line without a time',
    at(7, '##[warning]slow'),
    at(8, '##[error]Process completed with exit code 1.'),
    at(8, 'Post job cleanup.'),
    at(9, '[command]/usr/bin/git config'),
  ].join('\r\n');
  const step = {
    number: 2,
    name: 'Run npm test',
    startedAtMs: Date.parse('2026-01-02T03:04:05Z'),
    completedAtMs: Date.parse('2026-01-02T03:04:08Z'),
  };

  test('returns the lines of the step up to its last error', () => {
    expect(extract(log, step, 100)).toBe(
      [
        'Run npm test',
        'FAIL checkout',
        'a line without a time',
        'Warning: slow',
        'Error: Process completed with exit code 1.',
      ].join('\n'),
    );
  });

  test('returns at most the requested number of lines', () => {
    expect(extract(log, step, 2)).toBe('Warning: slow\nError: Process completed with exit code 1.');
  });

  test('returns the end of the job’s log when the step has no times', () => {
    expect(extract(log, { ...step, startedAtMs: Number.NaN, completedAtMs: Number.NaN }, 1)).toContain(
      'exit code 1',
    );
  });
});

describe('the log of a step', () => {
  const step = {
    ...UNTIMED_STEP,
    startedAtMs: Date.parse('2026-01-02T03:04:05Z'),
    completedAtMs: Date.parse('2026-01-02T03:04:08Z'),
  };
  const at = (time: string, text: string) => `2026-01-02T03:04:${time}Z ${text}`;

  test('has the lines from its first second to its last', () => {
    const log = [
      'before all',
      at('04.9999999', 'before'),
      'continues before',
      at('05.0000000', 'first'),
      'continues first',
      at('08.9999999', 'last'),
      at('09.0000000', 'after'),
      'continues after',
    ].join('\n');
    expect(extract(log, step, 100)).toBe('first\ncontinues first\nlast');
  });

  test.each([
    ['the time in the middle of a line', `x ${at('06', 'text')}`, 'first\nx 2026-01-02T03:04:06Z text'],
    ['only what follows the first space', at('06', '  indented'), 'first\n  indented'],
    ['an empty line', `2026-01-02T03:04:06Z\n${at('06', 'text')}`, 'first\n\ntext'],
    ['no debug lines', `${at('06', '##[debug]secret')}\n${at('06', 'text')}`, 'first\ntext'],
    ['no ends of groups', `${at('06', '##[endgroup]x')}\n${at('06', 'text')}`, 'first\ntext'],
    ['the names of groups', at('06', '##[group]Run x'), 'first\nRun x'],
    ['the names of sections', at('06', '##[section]Build'), 'first\nBuild'],
    ['notices', at('06', '##[notice]new'), 'first\nNotice: new'],
    ['commands', at('06', '##[command]ls'), 'first\n$ ls'],
    ['a marker further right as it is', at('06', 'x ##[debug]y'), 'first\nx ##[debug]y'],
    ['no empty lines at its end', `${at('06', 'text')}\n${at('06', '')}`, 'first\ntext'],
  ])('has %s', (_, lines, expected) => {
    const log = `${at('05', 'first')}\n${lines}`;
    expect(extract(log, step, 100)).toBe(expected);
  });

  test('ends with an error even if that is its first line', () => {
    const log = [at('05', '##[error]failed'), at('06', 'cleanup')].join('\n');
    expect(extract(log, step, 100)).toBe('Error: failed');
  });
});

describe('a log that is built to be slow or to leak', () => {
  test.each([
    ['carriage returns', '\r'.repeat(4 * 1024 * 1024)],
    ['line breaks', '\n'.repeat(4 * 1024 * 1024)],
    ['escape characters', '\u001b'.repeat(4 * 1024 * 1024)],
    ['invisible characters', '\u200b'.repeat(4 * 1024 * 1024)],
    ['errors', '##[error]\n'.repeat(400_000)],
  ])('takes no noticeable time if it has only %s', (_, log) => {
    let redactedChars = 0;
    const counting = {
      redact: (text: string | Unredacted) => {
        redactedChars += (text instanceof Unredacted ? text.reveal() : text).length;
        return redactor.redact(text);
      },
    } as Redactor;
    extractStepLog(new Unredacted(log), UNTIMED_STEP, {
      maxLines: 1000,
      maxChars: 30_000,
      redactor: counting,
    });
    expect(redactedChars).toBeLessThanOrEqual(600_000);
  });

  test.each([1, 2, 3, 4, 5])(
    'the last %i lines hold no part of a secret in Base64 of several lines',
    (maxLines) => {
      const base64 = Buffer.from(`${'.'.repeat(40)}${SECRET}${'.'.repeat(60)}`).toString('base64');
      const log = `one\n${base64.replace(/.{76}/g, '$&\n')}\ntwo\n##[error]three`;
      const lines = extract(log, UNTIMED_STEP, maxLines).split('\n');
      expect(lines.slice(-2)).toEqual(maxLines > 1 ? ['two', 'Error: three'] : ['Error: three']);
      const decoded = lines.map((line) => Buffer.from(line, 'base64').toString('latin1')).join('\n');
      expect(decoded).not.toMatch(/correct|horse|battery|staple/);
    },
  );

  test.each([990, 65_530, 65_536 - 17_000])('shows no part of a secret at character %i', (position) => {
    const line = `${'\r'.repeat(position)}${SECRET.repeat(3000)}`;
    for (const log of [
      line,
      `${'x'.repeat(position)}${line}`,
      line.replaceAll('\r', ' \u200b').slice(position),
    ])
      for (const part of ['correct-', 'battery', '-staple'])
        expect(extract(log, UNTIMED_STEP, 10)).not.toContain(part);
  });

  test('shows the beginning of a long line', () => {
    expect(extract('x'.repeat(100_000), UNTIMED_STEP, 10)).toBe(`${'x'.repeat(999)}…`);
  });

  test('ends with what comes last, and says that earlier lines are missing', () => {
    const log = Array.from({ length: 900 }, (_, index) => `line ${index}`).join('\n');
    const text = extract(log, UNTIMED_STEP, 1000, 50);
    expect(text).toBe('[… earlier lines left out]\nline 895\nline 896\nline 897\nline 898\nline 899');
    expect(shortenLog(text, 20)).toBe('[… earlier lines left out]\nline 898\nline 899');
    expect(shortenLog(text, text.length)).toBe(text);
  });
});
