import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

/** Each action file, and the page whose section *Inputs* names all of its inputs. */
const PAGES = [
  ['action.yml', 'README.md'],
  ['watch/action.yml', 'README.md'],
  ['sync/action.yml', 'docs/sync.md'],
] as const;

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string }>>;
}

async function readInputs(actionFile: string): Promise<ActionFile['inputs']> {
  return (parse(await readFile(actionFile, 'utf8')) as ActionFile).inputs;
}

/** The section *Inputs* of a page. */
async function readSection(page: string): Promise<string> {
  return (await readFile(page, 'utf8')).split('\n## Inputs\n')[1]?.split('\n## ')[0] ?? '';
}

test.each(PAGES)('every input of %s is named in the section Inputs of %s', async (actionFile, page) => {
  const section = await readSection(page);
  const names = Object.keys(await readInputs(actionFile));
  expect(names).toContain('project');
  expect(names.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});

test.each(PAGES)(
  'one sentence about the internal inputs of %s in %s says to leave them alone',
  async (actionFile, page) => {
    const inputs = Object.entries(await readInputs(actionFile));
    const internal = inputs.filter(([, { description }]) => description.startsWith('Internal.'));
    const sentence =
      (await readSection(page)).split('\n').find((line) => line.includes('leave them alone')) ?? '';
    expect(internal.length).toBeGreaterThan(0);
    for (const [name] of internal) expect(sentence).toContain(`\`${name}\``);
  },
);
