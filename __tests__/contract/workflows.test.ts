import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { readSnippets } from '../support/documented-workflows.ts';
import { validateWorkflow } from '../support/validate-workflow.ts';

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8');
}
const readme = await readText('README.md');

test.each(['action.yml', 'watch/action.yml', 'sync/action.yml'])('%s is valid', async (path) => {
  expect(await validateWorkflow(path, await readText(path))).toEqual([]);
});

test('the validator finds unknown inputs and outputs', async () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - id: case\n        uses: OWNER/REPO@v1\n        with: { project: OPS, titel: x }\n      - run: echo ${{ steps.case.outputs.case_kye }}\n';
  expect(await validateWorkflow('bad.yml', text)).toEqual([
    expect.stringContaining("Invalid action input 'titel'"),
    'Unknown output case_kye of case',
  ]);
});

test('the validator tells both actions apart', async () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: OWNER/REPO/watch@v1\n        with: { project: OPS, mode: close, on_cancelled: open }\n      - uses: ./watch\n        with: { log_lines: 5, close: false }\n';
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
  const snippets = await readSnippets();
  expect(snippets.length).toBeGreaterThan(0);
  for (const { name, text } of snippets) {
    const problems = await validateWorkflow('snippet.yml', text);
    // Excerpts use the outputs of steps that they don't show.
    const serious = problems.filter((problem) => !problem.startsWith('Context access might be invalid'));
    expect([name, serious]).toEqual([name, []]);
  }
});

test('the README mentions every example', async () => {
  for (const name of await readdir('examples')) expect(readme).toContain(`examples/${name}`);
});
