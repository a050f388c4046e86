import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemIds, memberIds, problemKinds, type ResultOptions, readFiles, result, sarif } from './reports.ts';

const read = (results: readonly unknown[], run: object = {}, groupBy?: 'rule' | 'file' | 'finding') =>
  readFiles({ 'a.sarif': sarif(results, run) }, { groupBy });

/** The members of two reports with one result each are the same. */
async function expectSame(a: ResultOptions, b: ResultOptions): Promise<void> {
  const [first, second] = await Promise.all([a, b].map((options) => read([result(options)], {}, 'finding')));
  expect(first && memberIds(first)).toEqual(second && memberIds(second));
}

async function expectDifferent(a: ResultOptions, b: ResultOptions): Promise<void> {
  const report = await read([result(a), result(b)], {}, 'finding');
  expect(memberIds(report)).toHaveLength(2);
}

async function readTitles(results: readonly unknown[], run: object = {}): Promise<string[]> {
  const { tools } = await read(results, run);
  return tools.flatMap(({ items }) => [...items.values()].map(({ title }) => title));
}

describe('what is the same finding', () => {
  test('line numbers, GUIDs and times are not part of it', () =>
    expectSame(
      { line: 10 },
      { line: 99, more: { guid: '1', correlationGuid: '2', provenance: { firstDetectionTimeUtc: 'x' } } },
    ));

  test('the order of results makes no difference', async () => {
    const results = [
      result({ line: 1 }),
      result({ path: 'b.js' }),
      result({ rule: 'r2' }),
      result({ message: 'm' }),
    ];
    const reversed = await read([...results].reverse(), {}, 'finding');
    expect(memberIds(reversed)).toEqual(memberIds(await read(results, {}, 'finding')));
  });

  test.each<[string, object]>([
    ['fingerprints', { fingerprints: { 'hash/v1': 'abc' } }],
    ['fingerprints that are objects', { fingerprints: { row: { value: 'abc' } } }],
    ['primaryLocationLineHash', { partialFingerprints: { primaryLocationLineHash: 'abc:1', other: 'x' } }],
    ['another partial fingerprint', { partialFingerprints: { other: 'abc' } }],
  ])('with %s, the message and the snippet may change', (_name, more) =>
    expectSame({ more, message: 'one', snippet: 'a' }, { more, message: 'two', snippet: 'b' }),
  );

  test('of a fingerprint, the highest version counts', () =>
    expectSame(
      { more: { fingerprints: { 'hash/v9': 'nine', 'hash/v10': 'ten' } } },
      { more: { fingerprints: { 'hash/v9': 'other', 'hash/v10': 'ten' } } },
    ));

  test('a hash of the whole file counts last', () =>
    expectSame(
      { more: { partialFingerprints: { aFileHash: '1', scanHash: 'x' } } },
      { more: { partialFingerprints: { aFileHash: '2', scanHash: 'x' } } },
    ));

  test('the snippet counts without white space', () =>
    expectSame({ snippet: 'a( b )', message: 'm' }, { snippet: 'a(b)', message: 'n' }));

  test('a fingerprint that different findings share identifies nothing', async () => {
    const more = { fingerprints: { cve: 'CVE-1' } };
    await expectDifferent({ more, message: 'in lib one' }, { more, message: 'in lib two' });
  });

  test.each<[string, object]>([
    [
      'the author of a commit',
      { email: 'a@example.com', author: 'A', date: '2026-01-01', commitMessage: 'x' },
    ],
    ['the commit', { commitSha: 'abc' }],
    ['a column', { primaryLocationStartColumnFingerprint: '4' }],
    ['the number of a vulnerability', { cve: 'CVE-2026-1', ghsa: 'GHSA-aaaa-bbbb-cccc' }],
  ])('%s among the fingerprints identifies nothing', async (_name, partialFingerprints) => {
    const more = { partialFingerprints };
    await expectSame({ more, message: 'm' }, { message: 'm' });
    await expectDifferent({ more, message: 'm' }, { more, message: 'n' });
  });

  test('of findings that share a fingerprint, one keeps it whatever turns up, and it is always the same', async () => {
    const more = { fingerprints: { h: 'shared' } };
    const [a, b, c] = ['a', 'b', 'c'].map((message) => result({ more, message }));
    const ids = async (...results: unknown[]) => memberIds(await read(results));
    const [alone] = await ids(a);
    const both = await ids(a, b);
    expect(both).toContain(alone);
    expect(await ids(b, a)).toEqual(both);
    expect(await ids(a, b, c)).toEqual(expect.arrayContaining(both));
  });

  test('the logical location counts before the message', () => {
    const more = (name: string) => ({ locations: [{ logicalLocations: [{ fullyQualifiedName: name }] }] });
    return Promise.all([
      expectSame({ more: more('A.b()'), message: '1' }, { more: more('A.b()'), message: '2' }),
      expectDifferent({ more: more('A.b()') }, { more: more('A.c()') }),
    ]);
  });
});

describe('equal findings', () => {
  const at = (...lines: readonly number[]) => lines.map((line) => result({ line }));
  const ids = async (results: readonly unknown[]) => memberIds(await read(results, {}, 'finding'));

  test('at the same place are one', async () => {
    expect(await ids(at(5, 5))).toHaveLength(1);
  });

  test('at different places are different, with or without a fingerprint', async () => {
    expect(await ids(at(5, 9))).toHaveLength(2);
    const more = { fingerprints: { h: 'x' } };
    expect(await ids([result({ line: 5, more }), result({ line: 9, more })])).toHaveLength(2);
  });

  test('in different columns are different', async () => {
    const inColumn = (startColumn: number) => ({
      ...result(),
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'src/a.js' },
            region: { startLine: 10, startColumn },
          },
        },
      ],
    });
    expect(await ids([inColumn(1), inColumn(7)])).toHaveLength(2);
  });

  test('in different runs and files of a tool are different, unless they are at the same place', async () => {
    const run = (...lines: readonly number[]) => ({
      tool: { driver: { name: 'S' } },
      results: at(...lines),
    });
    const report = await readFiles({
      'a.sarif': JSON.stringify({ runs: [run(5), run(9)] }),
      'b.sarif': JSON.stringify({ runs: [run(5, 12)] }),
    });
    expect(memberIds(report)).toHaveLength(3);
  });

  test('keep their identities in any order, if all lines move, and if one is gone', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 30 }),
        fc.nat(100),
        async (lines, shift) => {
          const expected = await ids(at(...lines));
          expect(expected).toHaveLength(lines.length);
          expect(await ids(at(...lines.map((line) => line + shift)).reverse())).toEqual(expected);
          expect(expected).toEqual(expect.arrayContaining(await ids(at(...lines.slice(1)))));
        },
      ),
      { numRuns: 20 },
    ));
});

describe('the rule', () => {
  const rules = [{ id: 'r0' }, { id: 'r1', shortDescription: { text: 'Second rule' } }];
  const driver = { name: 'Scanner', rules };
  const withoutId = (more: object) => ({ ...result({ more }), ruleId: undefined });

  test.each<[string, object, object]>([
    ['ruleId', { ...result({ rule: 'r1' }) }, { driver }],
    ['rule.id', withoutId({ rule: { id: 'r1' } }), { driver }],
    ['ruleIndex', withoutId({ ruleIndex: 1 }), { driver }],
    ['rule.index', withoutId({ rule: { index: 1 } }), { driver }],
    [
      'an extension',
      withoutId({ rule: { index: 1, toolComponent: { index: 0 } } }),
      { driver: { name: 'S' }, extensions: [{ rules }] },
    ],
  ])('is found by %s', async (_name, entry, tool) => {
    expect(await readTitles([entry], { tool })).toEqual(['r1: Second rule']);
  });

  test('is the message if the tool names none', async () => {
    const report = await read([withoutId({}), { ...withoutId({}), message: { text: 'Other' } }]);
    expect(itemIds(report)).toHaveLength(2);
    expect(await readTitles([withoutId({})])).toEqual(['Unsafe HTML']);
  });

  test('is the message if that is plain text', async () => {
    const plain = (message: string) => ({ ...withoutId({}), message });
    expect(await readTitles([plain('One'), plain('Two')])).toEqual(['One', 'Two']);
  });

  test('may be called like the hash of a message', async () => {
    expect(await readTitles([result({ rule: 'message-length' })])).toEqual(['message-length']);
  });

  test('may hold the text of the message', async () => {
    const tool = {
      driver: { name: 'S', rules: [{ id: 'js/xss', messageStrings: { m: { text: 'Bad {0} in {1}' } } }] },
    };
    const report = await read([{ ...result(), message: { id: 'm', arguments: ['tag', 'a'] } }], { tool });
    const [item] = report.tools[0]?.items.values() ?? [];
    expect([...(item?.members.values() ?? [])][0]?.message).toBe('Bad tag in a');
  });
});

describe('grouping', () => {
  const results = [result({ path: 'a.js' }), result({ path: 'b.js' }), result({ rule: 'r2', path: 'a.js' })];

  test.each([
    ['rule', 2],
    ['file', 2],
    ['finding', 3],
  ] as const)('by %s', async (groupBy, count) => {
    expect(itemIds(await read(results, {}, groupBy))).toHaveLength(count);
  });

  test('keeps tools and categories apart, without what follows the last slash of the category', async () => {
    const run = (name: string, id?: string) => ({
      tool: { driver: { name } },
      automationDetails: { id },
      results: [result()],
    });
    const log = JSON.stringify({
      runs: [run('A'), run('B'), run('A', 'x/1'), run('A', 'x/2'), run('A', 'y/z/3')],
    });
    const { tools } = await readFiles({ 'a.sarif': log });
    expect(tools.map(({ tool, category }) => `${tool}:${category}`)).toEqual(['A:', 'B:', 'A:x', 'A:y/z']);
  });
});

describe('what is not a finding', () => {
  test.each<[string, object]>([
    ['a result of another kind', { kind: 'pass' }],
    ['an absent result', { baselineState: 'absent' }],
    ['a suppressed result', { suppressions: [{ kind: 'inSource' }] }],
    ['a result with an accepted suppression', { suppressions: [{ status: 'accepted' }] }],
  ])('%s', async (_name, more) => {
    expect(itemIds(await read([result({ more })]))).toEqual([]);
  });

  test.each<[string, object]>([
    ['kind fail', { kind: 'fail' }],
    ['a new result', { baselineState: 'new' }],
    ['no suppressions', { suppressions: [] }],
    ['a suppression under review', { suppressions: [{ status: 'underReview' }] }],
    ['a rejected suppression', { suppressions: [{ status: 'rejected' }] }],
  ])('but %s is one', async (_name, more) => {
    expect(itemIds(await read([result({ more })]))).toHaveLength(1);
  });
});

describe('severity', () => {
  const security = (value: unknown) => ({ properties: { 'security-severity': value } });

  test.each<[string, object, object, string]>([
    ['9 is critical', security('9.0'), {}, 'critical'],
    ['8.9 is high', security(8.9), {}, 'high'],
    ['6.9 is medium', security('6.9'), {}, 'medium'],
    ['3.9 is low', security('3.9'), {}, 'low'],
    ['a word', security('Moderate'), {}, 'medium'],
    ['of the rule', {}, security('7'), 'high'],
    ['the result before the rule', security('1'), security('9.8'), 'low'],
    ['error', { level: 'error' }, {}, 'high'],
    ['warning', { level: 'warning' }, {}, 'medium'],
    ['note', { level: 'note' }, {}, 'low'],
    ['capitals', { level: 'ERROR' }, {}, 'high'],
    ['the default of the rule', {}, { defaultConfiguration: { level: 'error' } }, 'high'],
    ['nothing', {}, {}, 'medium'],
    ['nonsense', security('often'), {}, 'medium'],
  ])('%s', async (_name, more, rule, expected) => {
    const tool = { driver: { name: 'S', rules: [{ id: 'js/xss', ...rule }] } };
    const report = await read([result({ more })], { tool });
    expect([...(report.tools[0]?.items.values() ?? [])].map(({ severity }) => severity)).toEqual([expected]);
  });
});

describe('the version', () => {
  const withVersion = (version: unknown) =>
    readFiles({ 'a.sarif': JSON.stringify({ ...JSON.parse(sarif([result()])), version }) });

  test.each(['1.0.0', '1.0.0-beta.5', '2.0.0', '2.0.0-csd.2.beta.2019-01-24', ' 2.0', 1, '0.4'])(
    'the results of %j are not read',
    async (version) => {
      const report = await withVersion(version);
      expect(report).toMatchObject({
        tools: [],
        problems: [{ kind: 'old-sarif', file: 'a.sarif', version: String(version).trim() }],
      });
      expect([...report.files]).toEqual([]);
    },
  );

  test.each([undefined, null, '', 'latest', '2', '2.1.0', '2.1.0-rtm.5', '2.2.0', '3.0.0', '10.0'])(
    'those of %j are',
    async (version) => {
      const report = await withVersion(version);
      expect(itemIds(report)).toHaveLength(1);
      expect(problemKinds(report)).toEqual([]);
    },
  );
});

describe('what makes a report incomplete', () => {
  test.each<[string, string, string]>([
    ['no runs', '{"version":"2.1.0"}', 'no-runs'],
    ['runs: null', '{"runs":null}', 'no-runs'],
    ['a run that is no object', '{"runs":[null]}', 'no-runs'],
    ['results: null', '{"runs":[{"results":null}]}', 'no-results'],
    ['no results', '{"runs":[{}]}', 'no-results'],
    [
      'an execution that may have failed',
      sarif([], { invocations: [{ executionSuccessful: null }] }),
      'execution-failed',
    ],
    ['a result that says nothing', sarif([{}]), 'malformed-entry'],
    ['a result that has only a level', sarif([{ level: 'error' }]), 'malformed-entry'],
    ['a result that is no object', '{"runs":[{"results":[null]}]}', 'malformed-entry'],
    [
      'executionSuccessful: false',
      sarif([], { invocations: [{ executionSuccessful: false }] }),
      'execution-failed',
    ],
    [
      'an error while running',
      sarif([], { invocations: [{ toolExecutionNotifications: [{ level: 'error' }] }] }),
      'error-notification',
    ],
    [
      'an error in the configuration',
      sarif([], { invocations: [{ toolConfigurationNotifications: [{ level: 'error' }] }] }),
      'error-notification',
    ],
    [
      'results in another file',
      sarif([], { externalPropertyFileReferences: { results: [{}] } }),
      'external-results',
    ],
  ])('%s', async (_name, text, kind) => {
    expect(problemKinds(await readFiles({ 'a.sarif': text }))).toEqual([kind]);
  });

  test('warnings of the tool do not', async () => {
    const invocations = [{ executionSuccessful: true, toolExecutionNotifications: [{ level: 'warning' }] }];
    expect(problemKinds(await read([], { invocations }))).toEqual([]);
  });
});

describe('paths', () => {
  const pathOf = async (location: object, run: object = {}) => {
    const entry = { ...result(), locations: [{ physicalLocation: { artifactLocation: location } }] };
    const report = await read([entry], run);
    return [...(report.tools[0]?.items.values() ?? [])].flatMap(({ members }) => [...members.values()])[0]
      ?.path;
  };

  test.each<[string, object, object, string]>([
    ['percent-encoding', { uri: 'src/a%20b.js' }, {}, 'src/a b.js'],
    ['a dot', { uri: './src/./a.js' }, {}, 'src/a.js'],
    ['two dots', { uri: 'src/x/../a.js' }, {}, 'src/a.js'],
    ['the workspace of a container', { uri: 'file:///github/workspace/src/a.js' }, {}, 'src/a.js'],
    ['a backslash', { uri: 'src\\a.js' }, {}, 'src/a.js'],
    ['decomposed letters', { uri: 'u\u0308.js' }, {}, '\u00fc.js'],
    ['an index', { index: 0 }, { artifacts: [{ location: { uri: 'src/a.js' } }] }, 'src/a.js'],
    [
      'bases',
      { uri: 'a.js', uriBaseId: 'SRC' },
      {
        originalUriBaseIds: {
          SRC: { uri: 'src', uriBaseId: 'ROOT' },
          ROOT: { uri: 'file:///github/workspace' },
        },
      },
      'src/a.js',
    ],
    [
      'a temporary base',
      { uri: 'a.js', uriBaseId: 'ROOT' },
      { originalUriBaseIds: { ROOT: { uri: 'file:///tmp/x7/' } } },
      'a.js',
    ],
    [
      'the folder where the tool ran',
      { uri: 'file:///home/me/shop/a.js' },
      { invocations: [{ workingDirectory: { uri: 'file:///home/me/shop' } }] },
      'a.js',
    ],
    ['another folder', { uri: 'file:///opt/a.js' }, {}, '/opt/a.js'],
    ['a URL', { uri: 'https://example.com/a//b' }, {}, 'https://example.com/a//b'],
  ])('%s', async (_name, location, run, expected) => {
    expect(await pathOf(location, run)).toBe(expected);
  });
});
