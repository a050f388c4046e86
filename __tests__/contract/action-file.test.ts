import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { HELP_TOPICS, headingAnchor } from '../../src/content/help.ts';
import { KNOWN_SITES } from '../../src/datadog/sites.ts';
import { USER_AGENT } from '../../src/http/user-agent.ts';
import { type ActionName, inputDefaults, inputNames } from '../../src/inputs/schema.ts';

interface ActionFile {
  readonly inputs: Record<string, { description: string; default?: string }>;
  readonly outputs?: Record<string, { description: string }>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

async function readActionFile(path: string): Promise<ActionFile> {
  return parse(await readFile(path, 'utf8')) as ActionFile;
}

const action = await readActionFile('action.yml');
const watchAction = await readActionFile('watch/action.yml');
const readme = await readFile('README.md', 'utf8');

/** The rows of the table below a heading of the README, by their first cell. */
function readTable(heading: string): Record<string, string[]> {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return Object.fromEntries(
    rows.map((row) => {
      const [name = '', ...cells] = row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((text) => text.trim());
      return [name.replaceAll('`', ''), cells];
    }),
  );
}

/** Only the runner can evaluate expressions; in the code, their default is empty. */
function withoutExpression(text = ''): string {
  return text.startsWith('${{') ? '' : text;
}

/** The inputs of an action and their defaults, as the code has them. */
function knownDefaults(name: ActionName): Record<string, string> {
  const defaults = inputDefaults(name);
  return Object.fromEntries(inputNames(name).map((input) => [input, defaults[input]]));
}

test.each([
  ['action.yml', action, 'case'],
  ['watch/action.yml', watchAction, 'watch'],
] as const)('%s and the code agree on inputs, their order and defaults', (_, { inputs }, name) => {
  const declared = Object.entries(inputs).map(([input, value]) => [input, withoutExpression(value.default)]);
  expect(declared).toEqual(Object.entries(knownDefaults(name)));
});

test('the README and the code agree on inputs and defaults', () => {
  const documented = Object.entries(readTable('Inputs')).map(([name, [value = '']]) => [
    name,
    withoutExpression(value.replaceAll('`', '')),
  ]);
  expect(Object.fromEntries(documented)).toEqual(knownDefaults('case'));
});

test('action.yml and the README agree on outputs', () => {
  expect(Object.keys(readTable('Outputs'))).toEqual(Object.keys(action.outputs ?? {}));
});

test('both actions run the same program, and only watch has a post stage, without outputs', () => {
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  expect(watchAction.runs).toEqual({
    using: 'node24',
    main: '../dist/index.js',
    post: '../dist/index.js',
  });
  expect(watchAction.outputs).toBeUndefined();
});

test('descriptions in both action files are whole sentences', () => {
  for (const { inputs, outputs = {} } of [action, watchAction])
    for (const { description } of [...Object.values(inputs), ...Object.values(outputs)])
      expect(description).toMatch(/^[A-Z].*\.$/s);
});

test('every error links to an entry of Troubleshooting in the README', () => {
  const entries =
    readme
      .split('\n## Troubleshooting\n')[1]
      ?.split('\n## ')[0]
      ?.match(/^### .*$/gm) ?? [];
  expect(entries).toEqual(Object.values(HELP_TOPICS).map((entry) => `### ${entry}`));
  for (const help of Object.keys(HELP_TOPICS) as (keyof typeof HELP_TOPICS)[])
    expect(headingAnchor(help)).toMatch(/^[a-z0-9-]+$/);
});

test('the README lists all known sites', () => {
  for (const site of KNOWN_SITES) expect(readme).toContain(`\`${site}\``);
});

test('the package, the code and the changelog agree on the version', async () => {
  const { name, version } = JSON.parse(await readFile('package.json', 'utf8')) as {
    name: string;
    version: string;
  };
  expect(USER_AGENT).toBe(`${name}/${version}`);
  expect(await readFile('CHANGELOG.md', 'utf8')).toContain(`## ${version}`);
});
