import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { KNOWN } from '../src/datadog/sites.ts';
import { anchor, HELP } from '../src/explain.ts';
import { DEFAULTS } from '../src/spelling.ts';
import { USER_AGENT } from '../src/version.ts';
import { checkWorkflow } from './support/workflow.ts';

interface ActionFile {
  readonly inputs: Record<string, { description: string; default?: string }>;
  readonly outputs: Record<string, { description: string }>;
}

const read = (path: string) => readFile(path, 'utf8');
const action = parse(await read('action.yml')) as ActionFile;
const readme = await read('README.md');

/** Rows of the table that stands below a heading, by their first cell. */
function table(heading: string): Record<string, string[]> {
  const part = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = part.split('\n').filter((line) => line.startsWith('| `'));
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

describe('action.yml, the code and the README say the same', () => {
  test('inputs and their defaults', () => {
    // Expressions are the runner's to evaluate; the code has an empty text in their place.
    const plain = (value = '') => (value.startsWith('${{') ? '' : value);
    const declared = Object.entries(action.inputs).map(([name, input]) => [name, plain(input.default)]);
    expect(Object.fromEntries(declared)).toEqual(DEFAULTS);
    const written = Object.entries(table('Inputs')).map(([name, [value = '']]) => [
      name,
      plain(value.replaceAll('`', '')),
    ]);
    expect(Object.fromEntries(written)).toEqual(DEFAULTS);
  });

  test('outputs', () => {
    expect(Object.keys(table('Outputs'))).toEqual(Object.keys(action.outputs));
  });

  test('descriptions are whole sentences', () => {
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description).toMatch(/^[A-Z].*\.$/s);
    }
  });

  test('every error has its entry under Troubleshooting, where its link leads', () => {
    const entries =
      readme
        .split('\n## Troubleshooting\n')[1]
        ?.split('\n## ')[0]
        ?.match(/^### .*$/gm) ?? [];
    expect(entries).toEqual(Object.values(HELP).map((entry) => `### ${entry}`));
    for (const help of Object.keys(HELP) as (keyof typeof HELP)[])
      expect(anchor(help)).toMatch(/^[a-z0-9-]+$/);
  });

  test('sites', () => {
    for (const site of KNOWN) expect(readme).toContain(`\`${site}\``);
  });

  test('the version', async () => {
    const { name, version } = JSON.parse(await read('package.json')) as { name: string; version: string };
    expect(USER_AGENT).toBe(`${name}/${version}`);
    expect(await read('CHANGELOG.md')).toContain(`## ${version}`);
  });

  test('every room of the code stands in the README', async () => {
    const part = readme.split('\n## Contributing\n')[1] ?? '';
    const files = (await readdir('src')).filter((name) => name.endsWith('.ts'));
    for (const file of files) expect(part).toMatch(new RegExp(`\`(src/)?${file}\``));
  });

  test('the contributor’s two commands come first in their part', () => {
    const part = readme.split('\n## Contributing\n')[1] ?? '';
    expect(part.match(/(?<=`)npm ci && [^`]+/g)?.slice(0, 2)).toEqual([
      'npm ci && npm run demo',
      'npm ci && npm test',
    ]);
  });
});

describe('workflows', () => {
  test('action.yml is valid', async () => {
    expect(await checkWorkflow('action.yml', await read('action.yml'))).toEqual([]);
  });

  test('the checker finds what is wrong', async () => {
    const text =
      'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - id: case\n        uses: OWNER/REPO@v1\n        with: { titel: x }\n      - run: echo ${{ steps.case.outputs.case_kye }}\n';
    expect(await checkWorkflow('bad.yml', text)).toEqual([
      expect.stringContaining("Invalid action input 'titel'"),
      expect.stringContaining('case_kye'),
    ]);
  });

  for (const folder of ['examples', '.github/workflows']) {
    test(`${folder} are valid`, async () => {
      const names = await readdir(folder);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names)
        expect([name, await checkWorkflow(name, await read(`${folder}/${name}`))]).toEqual([name, []]);
    });
  }

  test('examples in the README and the docs are valid', async () => {
    const docs = (await readdir('docs').catch(() => []))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`);
    const texts = await Promise.all(['README.md', ...docs].map(read));
    const blocks = texts.flatMap((text) =>
      [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block),
    );
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks)
      expect([block, await checkWorkflow('readme.yml', workflowAround(block))]).toEqual([block, []]);
  });

  test('every example stands in the README', async () => {
    for (const name of await readdir('examples')) expect(readme).toContain(`examples/${name}`);
  });
});

/** A whole workflow, where the README shows steps or jobs alone. */
function workflowAround(block: string): string {
  const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));
  if (/^(?:on|name):/m.test(block)) return block;
  if (/^jobs:/m.test(block)) return `on: push\n${block}`;
  return `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${indent(block, 6)}`;
}
