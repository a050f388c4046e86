import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const FOLDER = '.github/workflows';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.yml'));
const texts = new Map(
  await Promise.all(names.map(async (name) => [name, await readFile(`${FOLDER}/${name}`, 'utf8')] as const)),
);
const workflows = new Map([...texts].map(([name, text]) => [name, parse(text) as Workflow]));

function listSteps(): { readonly place: string; readonly step: Step }[] {
  return [...workflows].flatMap(([name, { jobs }]) =>
    Object.entries(jobs).flatMap(([job, { steps }]) =>
      steps.map((step) => ({ place: `${name}, ${job}`, step })),
    ),
  );
}

test('a workflow has no permissions, and each of its jobs only these', () => {
  const permissions = [...workflows].flatMap(([name, workflow]) => {
    expect([name, workflow.permissions]).toEqual([name, {}]);
    return Object.entries(workflow.jobs).map(([job, { permissions: own = {} }]) => {
      const granted = Object.entries(own).map(([scope, access]) => `${scope}: ${access}`);
      return `${name} ${job}: ${granted.join(', ')}`;
    });
  });
  expect(permissions.sort()).toEqual([
    'ci.yml check: contents: read',
    'ci.yml use: contents: read',
    'ci.yml watched-case: actions: read, checks: read',
    'ci.yml watched: actions: read, contents: read',
    'codeql.yml analyze: actions: read, contents: read, security-events: write',
    'dependency-review.yml review: contents: read',
    'mutation.yml mutate: contents: read',
    'release.yml attest: attestations: write, contents: read, id-token: write',
    'release.yml check: actions: read, contents: read',
    'release.yml major: contents: write',
    'release.yml publish: contents: write',
    'scorecard.yml scorecard: actions: read, contents: read, id-token: write, security-events: write',
    'simulate.yml simulate: contents: read',
  ]);
});

test('every workflow has a concurrency group', () => {
  for (const [name, { concurrency }] of workflows)
    expect([name, concurrency]).toEqual([name, expect.objectContaining({ group: expect.any(String) })]);
});

test('no checkout leaves its token behind', () => {
  const checkouts = listSteps().filter(({ step }) => step.uses?.startsWith('actions/checkout@'));
  expect(checkouts.length).toBeGreaterThan(5);
  for (const { place, step } of checkouts)
    expect([place, step.with]).toEqual([place, expect.objectContaining({ 'persist-credentials': false })]);
});

test('every action of others is pinned to a commit, with its version in a comment', () => {
  const lines = [...texts].flatMap(([name, text]) =>
    text
      .split('\n')
      .flatMap((line) => (/^\s*(?:- )?uses: (?!\.\/)/.test(line) ? [`${name}: ${line.trim()}`] : [])),
  );
  expect(lines.length).toBe(
    listSteps().filter(({ step }) => step.uses && !step.uses.startsWith('./')).length,
  );
  for (const line of lines) expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(?:\.\d+){2}$/);
});
