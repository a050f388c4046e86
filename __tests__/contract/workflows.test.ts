import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { validateWorkflow } from '../support/validate-workflow.ts';

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8');
}
const readme = await readText('README.md');

/** Completes an example that consists of steps or jobs only. */
function workflowAround(block: string): string {
  const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));
  if (/^(?:on|name):/m.test(block)) return block;
  if (/^jobs:/m.test(block)) return `on: push\n${block}`;
  return `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${indent(block, 6)}`;
}

test.each(['action.yml', 'watch/action.yml'])('%s is valid', async (path) => {
  expect(await validateWorkflow(path, await readText(path))).toEqual([]);
});

test('the validator finds unknown inputs and outputs', async () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - id: case\n        uses: OWNER/REPO@v1\n        with: { titel: x }\n      - run: echo ${{ steps.case.outputs.case_kye }}\n';
  expect(await validateWorkflow('bad.yml', text)).toEqual([
    expect.stringContaining("Invalid action input 'titel'"),
    expect.stringContaining('case_kye'),
  ]);
});

test('the validator knows both actions apart', async () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: OWNER/REPO/watch@v1\n        with: { mode: close, on_cancelled: open }\n      - uses: ./watch\n        with: { log_lines: 5, close: false }\n';
  expect(await validateWorkflow('bad.yml', text)).toEqual([
    "Invalid action input 'mode'",
    "Invalid action input 'log_lines'",
  ]);
});

for (const folder of ['examples', '.github/workflows']) {
  test(`workflows in ${folder} are valid`, async () => {
    const names = await readdir(folder);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names)
      expect([name, await validateWorkflow(name, await readText(`${folder}/${name}`))]).toEqual([name, []]);
  });
}

test('workflows in the README and the docs are valid', async () => {
  const docs = (await readdir('docs').catch(() => []))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const texts = await Promise.all(['README.md', ...docs].map(readText));
  const blocks = texts.flatMap((text) =>
    [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block),
  );
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) {
    const problems = await validateWorkflow('readme.yml', workflowAround(block));
    // Excerpts use the outputs of steps that they don't show.
    const serious = problems.filter((problem) => !problem.startsWith('Context access might be invalid'));
    expect([block, serious]).toEqual([block, []]);
  }
});

test('the README mentions every example', async () => {
  for (const name of await readdir('examples')) expect(readme).toContain(`examples/${name}`);
});
