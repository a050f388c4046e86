import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { readExamples, readSnippets } from '../support/documented-workflows.ts';
import { findPitfalls } from '../support/workflow-pitfalls.ts';

describe('workflows to copy', () => {
  test('no example has a pitfall', async () => {
    const examples = await readExamples();
    expect(examples.length).toBeGreaterThan(0);
    for (const { name, text } of examples) expect([name, findPitfalls(text)]).toEqual([name, []]);
  });

  test('no snippet in the README and the docs has a pitfall', async () => {
    const snippets = await readSnippets();
    expect(snippets.length).toBeGreaterThan(0);
    for (const { name, text } of snippets) expect([name, findPitfalls(text)]).toEqual([name, []]);
  });

  test('the README begins with the step that watches a job, before any heading', async () => {
    const [first] = await readSnippets();
    expect(first?.name).toMatch(/^README\.md:/);
    expect(first?.text).toMatch(/^ +- uses: OWNER\/REPO\/watch@v1/m);
    expect((await readFile('README.md', 'utf8')).split('```yaml')[0]).not.toMatch(/^## /m);
  });

  test('the quick start has a step for an existing job, and a complete workflow', async () => {
    const [, section = ''] = (await readFile('README.md', 'utf8')).split('\n## Quick start\n');
    const [, step, workflow] = section.split('```yaml\n');
    expect(step).toMatch(/^- uses: OWNER\/REPO\/watch@v1\n {2}if: github\.ref == 'refs\/heads\/main'/);
    expect(workflow).toMatch(/^name: [\s\S]*^on:[\s\S]*permissions:[\s\S]*\/watch@v1[\s\S]*site: /m);
  });
});

/** A workflow whose one job has these steps. */
function workflow(steps: string, settings = ''): string {
  return `on: push\n${settings}\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${steps.replace(/^/gm, '      ')}\n`;
}
const KEYS = 'env: { DD_API_KEY: a, DD_APP_KEY: b }';
const CASE = '- { uses: OWNER/REPO@v1, id: case }';

describe('findPitfalls', () => {
  const mistakes: [name: string, text: string, problem: string][] = [
    ['a pipe', workflow('- run: ./nightly.sh | tee report.md'), 'pipe without shell: bash'],
    [
      'a pipe with another shell',
      workflow('- run: a | b', 'defaults: { run: { shell: sh } }'),
      'pipe without shell: bash',
    ],
    [
      'a checkout without contents: read',
      workflow('- uses: actions/checkout@v7', 'permissions: { actions: read }'),
      'without contents: read',
    ],
    ['a step without keys', workflow(CASE), 'without keys'],
    [
      'a step with one key',
      workflow('- { uses: OWNER/REPO/watch@v1, with: { api_key: a } }'),
      'without keys',
    ],
    ['a case without actions: read', workflow(CASE, `permissions: {}\n${KEYS}`), 'without actions: read'],
    [
      'a comment without pull-requests: write',
      workflow(
        '- { uses: OWNER/REPO@v1, with: { pr_comment: true } }',
        `permissions: { actions: read, pull-requests: read }\n${KEYS}`,
      ),
      'without pull-requests: write',
    ],
    [
      'a result that is reported only if nothing failed',
      workflow('- run: x\n- { uses: OWNER/REPO@v1, with: { mode: auto } }', KEYS),
      'mode: auto without if: always() at the step',
    ],
    [
      'a report that is skipped with the failed job',
      `on: push\n${KEYS}\njobs: { report: { needs: test, steps: [{ uses: OWNER/REPO@v1, with: { mode: auto, result: x } }] } }`,
      'mode: auto without if: always() at the job',
    ],
    [
      'an output that may be empty',
      workflow(`${CASE}\n- { if: failure(), run: 'echo \${{ steps.case.outputs.case_key }}' }`, KEYS),
      'steps.case.outputs.case_key may be empty',
    ],
    [
      'a check of another output',
      workflow(
        `${CASE}\n- { if: steps.case.outputs.case_id, env: { K: "\${{ steps.case.outputs.case_key }}" }, run: x }`,
        KEYS,
      ),
      'steps.case.outputs.case_key may be empty',
    ],
  ];
  test.each(mistakes)('finds %s', (_, text, problem) => {
    expect(findPitfalls(text)).toEqual([expect.stringContaining(problem)]);
  });

  const fine: [name: string, text: string][] = [
    ['a pipe with shell: bash', workflow('- { run: a | b, shell: bash }')],
    ['a pipe with pipefail', workflow('- run: |\n    set -o pipefail\n    a | b')],
    ['|| and quoted pipes', workflow(`- run: a || b "|" '|' # |`)],
    ['keys of the workflow', workflow(CASE, KEYS)],
    ['an access token', workflow('- { uses: OWNER/REPO@v1, with: { access_token: t } }')],
    [
      'closing without permissions',
      workflow('- { uses: OWNER/REPO@v1, with: { mode: close } }', `permissions: {}\n${KEYS}`),
    ],
    ['all permissions', workflow(`- uses: actions/checkout@v7\n${CASE}`, `permissions: read-all\n${KEYS}`)],
    [
      'a report of the job at its end',
      workflow('- run: x\n- { if: always(), uses: OWNER/REPO@v1, with: { mode: auto } }', KEYS),
    ],
    [
      'a report of other jobs',
      `on: push\n${KEYS}\njobs: { report: { needs: test, if: '!cancelled()', steps: [{ uses: OWNER/REPO@v1, with: { mode: auto, result: x } }] } }`,
    ],
    [
      'a report of other workflows',
      `on: { workflow_run: {} }\n${KEYS}\njobs: { report: { steps: [{ uses: OWNER/REPO@v1, with: { mode: auto } }] } }`,
    ],
    [
      'an output that is checked',
      workflow(
        `${CASE}\n- { if: failure() && steps.case.outputs.case_key, run: 'echo \${{ steps.case.outputs.case_key }}' }`,
        KEYS,
      ),
    ],
    [
      'the outcome, which is always set',
      workflow(`${CASE}\n- run: echo \${{ steps.case.outputs.outcome }}`, KEYS),
    ],
  ];
  test.each(fine)('accepts %s', (_, text) => {
    expect(findPitfalls(text)).toEqual([]);
  });
});
