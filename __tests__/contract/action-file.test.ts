import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { HELP_TOPICS, headingAnchor } from '../../src/content/help.ts';
import { KNOWN_SITES } from '../../src/datadog/sites.ts';
import { USER_AGENT } from '../../src/http/user-agent.ts';
import { inputDefaults } from '../../src/inputs/schema.ts';

interface ActionFile {
  readonly inputs: Record<string, { description: string; default?: string }>;
  readonly outputs: Record<string, { description: string }>;
}

const action = parse(await readFile('action.yml', 'utf8')) as ActionFile;
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

test('action.yml, the code and the README agree on inputs and defaults', () => {
  // Only the runner can evaluate expressions; in the code, their default is empty.
  const withoutExpression = (value = '') => (value.startsWith('${{') ? '' : value);
  const declared = Object.entries(action.inputs).map(([name, input]) => [
    name,
    withoutExpression(input.default),
  ]);
  expect(Object.fromEntries(declared)).toEqual(inputDefaults());
  const documented = Object.entries(readTable('Inputs')).map(([name, [value = '']]) => [
    name,
    withoutExpression(value.replaceAll('`', '')),
  ]);
  expect(Object.fromEntries(documented)).toEqual(inputDefaults());
});

test('action.yml and the README agree on outputs', () => {
  expect(Object.keys(readTable('Outputs'))).toEqual(Object.keys(action.outputs));
});

test('descriptions in action.yml are whole sentences', () => {
  for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
    expect(description).toMatch(/^[A-Z].*\.$/s);
  }
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
