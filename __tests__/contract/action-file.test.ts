import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Outcome } from '../../src/cases/result.ts';
import { HELP_TOPICS } from '../../src/content/help.ts';
import { KNOWN_SITES } from '../../src/datadog/sites.ts';
import { USER_AGENT } from '../../src/http/client.ts';
import { type ActionName, getInputDefaults, listInputNames } from '../../src/inputs/schema.ts';

interface ActionFile {
  readonly inputs: Record<string, { description: string; default?: string; required?: boolean }>;
  readonly outputs?: Record<string, { description: string }>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

async function readActionFile(path: string): Promise<ActionFile> {
  return parse(await readFile(path, 'utf8')) as ActionFile;
}

const action = await readActionFile('action.yml');
const watchAction = await readActionFile('watch/action.yml');
const ACTIONS = [
  ['action.yml', action, 'case'],
  ['watch/action.yml', watchAction, 'watch'],
] as const;
const readme = await readFile('README.md', 'utf8');

/** The rows of all tables below a heading of the README: their cells, by their first one. */
function readTables(heading: string): [name: string, cells: string[]][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const [name = '', ...cells] = row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((text) => text.trim());
    return [name.replaceAll('`', ''), cells];
  });
}

/** Only the runner can evaluate expressions; in the code, their default is empty. */
function withoutExpression(text = ''): string {
  return text.startsWith('${{') ? '' : text;
}

/** The inputs of an action and their defaults, as the code has them. */
function knownDefaults(name: ActionName): Record<string, string> {
  const defaults = getInputDefaults(name);
  return Object.fromEntries(listInputNames(name).map((input) => [input, defaults[input]]));
}

/** The same for the inputs that users set. */
function publicDefaults({ inputs }: ActionFile, name: ActionName): Record<string, string> {
  const entries = Object.entries(knownDefaults(name));
  return Object.fromEntries(entries.filter(([input]) => !inputs[input]?.description.startsWith('Internal.')));
}

/** The inputs of one action in the README. A default is `value`, or `value` (`watch`: `other value`). */
function documentedDefaults(name: ActionName): Record<string, string> {
  const otherMark = name === 'case' ? '**watch** ' : '**main** ';
  const rows = readTables('Inputs').filter(([, [, meaning = '']]) => !meaning.startsWith(otherMark));
  const entries = rows.map(([input, [cell = '']]) => {
    const [, common = '', ofWatch] = /^`(.*?)`(?: \(`watch`: `(.*)`\))?$/.exec(cell) ?? [];
    return [input, withoutExpression(name === 'watch' ? (ofWatch ?? common) : common)] as const;
  });
  return Object.fromEntries(entries);
}

describe('inputs', () => {
  test.each(ACTIONS)('%s and the code agree on inputs, their order and defaults', (_, { inputs }, name) => {
    const declared = Object.entries(inputs).map(([input, value]) => [
      input,
      withoutExpression(value.default),
    ]);
    expect(declared).toEqual(Object.entries(knownDefaults(name)));
  });

  test.each(ACTIONS)('%s and the README agree on inputs and defaults', (_, file, name) => {
    expect(documentedDefaults(name)).toEqual(publicDefaults(file, name));
  });

  test('the README lists each input once', () => {
    const names = readTables('Inputs').map(([name]) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

test('action.yml and the README agree on outputs', () => {
  expect(readTables('Outputs').map(([name]) => name)).toEqual(Object.keys(action.outputs ?? {}));
});

/** Every value of the output `outcome`: a new one fails to compile until it is listed here. */
const OUTCOMES = {
  created: true,
  existing: true,
  reopened: true,
  waiting: true,
  closed: true,
  none: true,
  planned: true,
  skipped: true,
  failed: true,
} as const satisfies Record<Outcome, true>;

test('action.yml and the README list every outcome, in the same order', () => {
  const [, [meaning = '']] = readTables('Outputs').find(([name]) => name === 'outcome') ?? ['', []];
  const inReadme = [...meaning.replaceAll(/\([^)]*\)+/g, '').matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(inReadme).toEqual(Object.keys(OUTCOMES));
  const text = action.outputs?.outcome?.description.replaceAll(/ \([^)]*\)/g, '');
  expect(text).toBe(`Result of the step, one of ${inReadme.slice(0, -1).join(', ')} and ${inReadme.at(-1)}.`);
});

test('each stage has its own file, and only watch has a post stage, without outputs', () => {
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  expect(watchAction.runs).toEqual({
    using: 'node24',
    main: '../dist/watch-start.js',
    post: '../dist/watch-end.js',
  });
  expect(watchAction.outputs).toBeUndefined();
});

describe.each(ACTIONS)('%s', (_, { inputs, outputs = {} }, _name) => {
  test('has descriptions that are phrases with a period', () => {
    for (const { description } of [...Object.values(inputs), ...Object.values(outputs)])
      expect(description).toMatch(/^[A-Z].*\.$/);
  });

  test('links to pages by their full address, since the marketplace shows descriptions alone', () => {
    for (const { description } of [...Object.values(inputs), ...Object.values(outputs)])
      expect(description.replaceAll(/https:\/\/github\.com\/\S+/g, '')).not.toMatch(/\bdocs\/|\.md\b/);
  });

  test('leaves defaults to default:', () => {
    const withDefault = Object.values(inputs).filter((input) => input.default !== undefined);
    for (const { description } of withDefault) expect(description).not.toMatch(/default/i);
  });

  test('requires a project', () => {
    expect(inputs.project?.required).toBe(true);
  });
});

describe('docs/troubleshooting.md', () => {
  test('has an entry for every error, in the order of the code', async () => {
    const topics: readonly string[] = Object.values(HELP_TOPICS);
    expect((await readEntries()).filter((entry) => topics.includes(entry))).toEqual(topics);
  });

  test('has entries that the README links to, in the same order', async () => {
    const section = readme.split('\n## Troubleshooting\n')[1]?.split('\n## ')[0] ?? '';
    const links = [...section.matchAll(/\[([^\]]+)\]\(docs\/troubleshooting\.md#/g)].map(([, text]) => text);
    expect(links).toEqual(await readEntries());
  });
});

async function readEntries(): Promise<string[]> {
  const text = await readFile('docs/troubleshooting.md', 'utf8');
  return [...text.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
}

test('docs/sites-and-proxies.md lists all known sites', async () => {
  const text = await readFile('docs/sites-and-proxies.md', 'utf8');
  for (const site of KNOWN_SITES) expect(text).toContain(`| \`${site}\` |`);
});

test('the package, the code and the changelog agree on the version', async () => {
  const { name, version } = JSON.parse(await readFile('package.json', 'utf8')) as {
    name: string;
    version: string;
  };
  expect(USER_AGENT).toBe(`${name}/${version}`);
  expect(await readFile('CHANGELOG.md', 'utf8')).toContain(`## ${version}`);
});
