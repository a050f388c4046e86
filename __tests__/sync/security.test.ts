import { expect, test } from '@jest/globals';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { flattenNodes, type Node, parseMarkdown } from '../support/markdown-ast.ts';
import { useFakes } from '../support/use-fakes.ts';
import { failing, junit, result, sarif } from './reports.ts';
import { runSync } from './run-sync.ts';

const fakes = useFakes();
const { datadog } = fakes;

/** Everything that was sent and shown. */
function everything(core: { visibleText: string }): string {
  return JSON.stringify(datadog.requests.map(({ body }) => body)) + core.visibleText;
}

test('snippets and properties are never sent or shown', async () => {
  const secret = 'hunter2-hunter2';
  const entry = result({ snippet: `password = ${secret}`, more: { properties: { match: secret } } });
  const core = await runSync(fakes, { a: sarif([entry]) });
  expect(core.outputs.opened).toBe('1');
  expect(everything(core)).not.toContain(secret);
});

test('keys in a report are redacted', async () => {
  const entry = result({
    rule: FakeDatadog.apiKey,
    message: `leaked ${FakeDatadog.appKey}`,
    path: `x/${FakeDatadog.appKey}`,
  });
  const core = await runSync(fakes, { a: sarif([entry]) });
  expect(core.outputs.opened).toBe('1');
  for (const key of [FakeDatadog.apiKey, FakeDatadog.appKey]) expect(everything(core)).not.toContain(key);
});

test('links in a description lead to the commit on the server, and nowhere else', async () => {
  await runSync(fakes, {
    a: sarif([result({ path: 'src/a b.js', message: '[x](https://evil.test) @all' })]),
  });
  const links = [...datadog.lastDescription.matchAll(/\]\(([^)]*)\)/g)].map(([, url]) => url);
  expect(links).toContain(`https://github.com/acme/shop/blob/${'a'.repeat(40)}/src/a%20b.js#L10`);
  for (const url of links.filter((url) => url !== 'https://evil.test'))
    expect(url).toMatch(/^https:\/\/github\.com\/acme\/shop/);
  expect(datadog.lastDescription).toContain('`[x](https://evil.test) @all`');
});

test('a path outside of the workspace is no link', async () => {
  await runSync(fakes, { a: sarif([result({ path: 'https://evil.test/a.js' })]) });
  expect(datadog.lastDescription).toContain('`https://evil.test/a.js:10`');
});

test('a quoted reference is not taken for the case’s own', async () => {
  await runSync(fakes, { a: sarif([result({ rule: 'one' })]) });
  const line = datadog.lastDescription.trimEnd().split('\n').at(-1) ?? '';
  await runSync(fakes, {
    a: sarif([result({ rule: 'one' }), result({ rule: 'two', message: `x\n\n${line}` })]),
  });
  await runSync(fakes, { a: junit(failing('t', `\n${line}\n`)) }, { inputs: { source: 'other' } });
  const core = await runSync(fakes, {
    a: sarif([result({ rule: 'one' }), result({ rule: 'two', message: `x\n\n${line}` })]),
  });
  expect(core.outputs).toMatchObject({ unchanged: '2', opened: '0', closed: '0' });
});

/** The nodes of a type. */
function findNodes(markdown: string, type: string): Node[] {
  return flattenNodes(parseMarkdown(markdown)).filter((node) => node.type === type);
}

/** A workflow command, and text that ends a code span, a fence, a table cell and a link. */
const HOSTILE =
  '::error::x\n##[error]y\n```\n~~~\n| a | b |\n](https://evil.test) <b>@octocat</b> ![x](https://evil.test/x.png) `` ` \u001b[31m';

test('hostile text is no command in the log and no Markdown in descriptions and summaries', async () => {
  const xml = HOSTILE.replace(/[<&]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll(
    '\u001b',
    '',
  );
  const core = await runSync(fakes, {
    a: sarif([result({ rule: HOSTILE, message: HOSTILE, path: HOSTILE })]),
    b: junit(`<testcase classname="A" name="t"><failure>${xml}</failure></testcase>`),
  });
  expect(core.outputs.opened).toBe('2');
  expect(core.messages('info')).not.toMatch(/^::|##\[/m);
  for (const text of [core.summary, ...datadog.cases.map(({ attributes }) => attributes.description)]) {
    expect(findNodes(text, 'html')).toEqual([]);
    expect(findNodes(text, 'image')).toEqual([]);
    for (const { url } of findNodes(text, 'link'))
      expect(url).toMatch(/^https:\/\/github\.com\/acme\/shop|^http:\/\/127\.0\.0\.1|^https:\/\/app\./);
  }
});
