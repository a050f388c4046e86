import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { getSyncDefaults, SYNC_INPUT_NAMES } from '../../src/inputs/sync-schema.ts';
import { renderSyncResult } from '../../src/sync/text/render-result.ts';
import { NOTHING_DONE } from './run-sync.ts';

interface ActionFile {
  readonly inputs: Record<string, { description: string; default?: string; required?: boolean }>;
  readonly outputs: Record<string, { description: string }>;
  readonly runs: unknown;
}

const { inputs, outputs, runs } = parse(await readFile('sync/action.yml', 'utf8')) as ActionFile;
const mainAction = parse(await readFile('action.yml', 'utf8')) as ActionFile;
const page = await readFile('docs/sync.md', 'utf8');

/** The first cell of each row of the tables below a heading, and the rest of the row. */
function readTable(heading: string): [names: string[], rest: string[]][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const [first = '', ...rest] = row.split('|').slice(1, -1);
    return [[...first.matchAll(/`(\w+)`/g)].map(([, name = '']) => name), rest.map((cell) => cell.trim())];
  });
}

test('sync/action.yml and the code agree on inputs, their order and defaults', () => {
  const defaults = getSyncDefaults();
  expect(Object.entries(inputs).map(([name, input]) => [name, withoutExpression(input.default)])).toEqual(
    SYNC_INPUT_NAMES.map((name) => [name, defaults[name]]),
  );
});

/** Only the runner can evaluate expressions; in the code, their default is empty. */
function withoutExpression(text = ''): string {
  return text.startsWith('${{') ? '' : text;
}

test('docs/sync.md describes every input of its own, with its default', () => {
  const own = Object.keys(inputs).filter((name) => !(name in mainAction.inputs));
  const documented = readTable('Inputs').flatMap(([names]) => names);
  expect(documented.sort()).toEqual(
    [...own, 'project', 'timeout', 'close'].filter((name, index, all) => all.indexOf(name) === index).sort(),
  );
  for (const [[name = ''], [cell = '']] of readTable('Inputs')) {
    const given = inputs[name]?.default?.replaceAll('\n', '`, `');
    if (given) expect([name, cell]).toEqual([name, `\`${given}\``]);
  }
});

test('docs/sync.md names the inputs of the main action that it has', () => {
  const shared = Object.keys(inputs).filter((name) => name in mainAction.inputs);
  const isInternal = (name: string) => inputs[name]?.description.startsWith('Internal.');
  for (const name of shared.filter((name) => !isInternal(name) && !/key|token|org_uuid|oidc/.test(name)))
    expect(page).toContain(`\`${name}\``);
});

test('sync/action.yml, docs/sync.md and the code agree on outputs', () => {
  const set = ['outcome', ...Object.keys(renderSyncResult(NOTHING_DONE).outputs)];
  expect(Object.keys(outputs).sort()).toEqual(set.sort());
  expect(readTable('Outputs').flatMap(([names]) => names)).toEqual(Object.keys(outputs));
});

test('it has one stage, with its own file', () => {
  expect(runs).toEqual({ using: 'node24', main: '../dist/sync.js' });
});

describe('descriptions', () => {
  test('are phrases with a period', () => {
    for (const { description } of [...Object.values(inputs), ...Object.values(outputs)])
      expect(description).toMatch(/^[A-Z].*\.$/);
  });

  test('leave defaults to default:', () => {
    for (const input of Object.values(inputs))
      if (input.default !== undefined && !input.default.startsWith('${{'))
        expect(input.description).not.toMatch(/defaults to/i);
  });
});
