import { expect, test } from '@jest/globals';
import { Redactor } from '../../src/base/redactor.ts';
import { Unredacted } from '../../src/base/unredacted.ts';
import { parseErrorBody, summarizeBody } from '../../src/http/error-body.ts';

const ELEVEN = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'];

test.each([
  [' a \n\n b\t', 'a b'],
  [' \n<!DOCTYPE html><p>', 'an HTML page (probably from a gateway or proxy)'],
  ['<HTML>', 'an HTML page (probably from a gateway or proxy)'],
  ['see <html>', 'see <html>'],
  ['see<html>', 'see<html>'],
  ['x'.repeat(300), 'x'.repeat(300)],
  ['x'.repeat(301), `${'x'.repeat(300)}…`],
])('summarizes %j', (body, summary) => {
  expect(summarizeBody(body)).toBe(summary);
});

test.each([
  ['a blank body', ' \n', []],
  ['empty texts', '{"errors":["",null]}', []],
  ['more than ten errors', JSON.stringify({ errors: ELEVEN }), ELEVEN.slice(0, 10)],
  ['a title and a detail', '{"errors":[{"title":"Not found","detail":"no case"}]}', ['Not found: no case']],
  ['an empty title', '{"errors":[{"title":"","detail":"no case","message":7}]}', ['no case']],
  ['a title of the status', '{"errors":[{"title":"bad request","detail":"no case"}]}', ['no case']],
  [
    'a title that begins like the status',
    '{"errors":[{"title":"Bad Request today","detail":"no case"}]}',
    ['Bad Request today: no case'],
  ],
  [
    'a title that ends like the status',
    '{"errors":[{"title":"Very Bad Request","detail":"no case"}]}',
    ['Very Bad Request: no case'],
  ],
])('extracts the messages from %s', (_, body, texts) => {
  expect(parseErrorBody(new Unredacted(body), new Redactor())).toEqual(texts.map((text) => ({ text })));
});

test.each(['<html>no', '{"errors":["<!doctype html>no"]}', '{"errors":[{"detail":"<html>no"}]}'])(
  'recognizes the page in %s',
  (body) => {
    expect(parseErrorBody(new Unredacted(body), new Redactor())).toEqual([
      { text: expect.stringContaining('HTML page'), isHtmlPage: true },
    ]);
  },
);

test.each([
  ['region', { text: 'odd', key: 'region' }],
  [7, { text: 'odd' }],
])('reads the key %j of an error', (key, expected) => {
  const body = JSON.stringify({ errors: [{ title: 'odd', meta: { key } }] });
  expect(parseErrorBody(new Unredacted(body), new Redactor())).toStrictEqual([expected]);
});
