import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AmpersandEscaper } from '../../src/sync/read/ampersands.ts';
import { failing, itemIds, junit, passing, problemKinds, readFiles } from './reports.ts';

const read = (text: string, groupBy?: 'suite') => readFiles({ 'a.xml': text }, { groupBy });

async function summarize(text: string, groupBy?: 'suite') {
  const { tools } = await read(text, groupBy);
  return {
    failed: tools.flatMap(({ items }) =>
      [...items.values()].map(({ title }) => title.replace('Failing: ', '')),
    ),
    passed: tools.reduce((sum, { passed }) => sum + passed.size, 0),
  };
}

/** How the only test of the report ended; the suite around it is left out. */
async function endOf(test: string): Promise<'failed' | 'passed' | 'neither'> {
  const { failed, passed } = await summarize(junit(test));
  return failed.length ? 'failed' : passed ? 'passed' : 'neither';
}

describe('how a test ended', () => {
  const withChildren = (children: string) => `<testcase classname="A" name="t">${children}</testcase>`;

  test.each([
    ['nothing', '', 'passed'],
    ['failure', '<failure/>', 'failed'],
    ['error', '<error message="x"/>', 'failed'],
    ['skipped', '<skipped/>', 'neither'],
    ['flakyFailure', '<flakyFailure message="x"><stackTrace>y</stackTrace></flakyFailure>', 'passed'],
    ['flakyError', '<flakyError/>', 'passed'],
    ['rerunFailure beside failure', '<failure/><rerunFailure/>', 'failed'],
    ['output', '<system-out>&lt;failure/></system-out>', 'passed'],
  ])('%s', async (_name, children, expected) => {
    expect(await endOf(withChildren(children))).toBe(expected);
  });

  test.each([
    ['<testcase classname="A" name="t" status="notrun"/>', 'neither'],
    ['<testcase classname="A" name="t" status="run"/>', 'passed'],
    ['<testcase classname="A" name="t" status="failed"/>', 'failed'],
    ['<testcase classname="A" name="t" status="run" result="completed"/>', 'passed'],
    ['<testcase classname="A" name="t" status="run" result="skipped"/>', 'neither'],
    ['<testcase classname="A" name="t" status="notrun" result="suppressed"/>', 'neither'],
    ['<testcase classname="A" name="t" result="failed"/>', 'failed'],
  ])('%s', async (text, expected) => {
    expect(await endOf(text)).toBe(expected);
  });

  test.each([
    ['Unable to find executable', 'failed'],
    ['Required Files Missing', 'failed'],
    ['Fixture dependency failed', 'failed'],
    ['Missing Configuration', 'failed'],
    ['Disabled', 'neither'],
    ['SKIP_RETURN_CODE=77', 'neither'],
  ])('CTest skipped it: %s', async (message, expected) => {
    const text = `<testcase classname="A" name="t" status="notrun"><skipped message="${message}"/></testcase>`;
    expect(await endOf(text)).toBe(expected);
  });

  test('of several entries of one name, one that was skipped means that it did not certainly pass', async () => {
    const skipped = '<testcase classname="Shop" name="t"><skipped/></testcase>';
    const id = itemIds(await read(junit(failing('t'))))[0] ?? '';
    for (const tests of [passing('t') + skipped, skipped + passing('t')])
      expect((await read(junit(tests))).tools[0]?.passed.has(id)).toBe(false);
    expect((await read(junit(passing('t')))).tools[0]?.passed.has(id)).toBe(true);
  });

  test('of several entries of one name, one that failed counts', async () => {
    expect((await summarize(junit(failing('t') + passing('t')))).failed).toEqual(['Shop: t']);
    const report = await read(junit(passing('t') + failing('t')));
    expect(itemIds(report)).toEqual(itemIds(await read(junit(failing('t')))));
  });
});

describe('suites', () => {
  test('one that did not run is an item of its own', async () => {
    const text = '<testsuites><testsuite name="db"><error message="no database"/></testsuite></testsuites>';
    expect(await summarize(text)).toEqual({ failed: ['db'], passed: 0 });
  });

  test('its counts may say that no test ran', async () => {
    const text =
      '<testsuite name="a.spec.ts" tests="0" errors="1"><testcase classname="Suite failed" name="a"><error>x</error></testcase></testsuite>';
    expect((await summarize(text)).failed).toEqual(['a.spec.ts']);
  });

  test('one with an error output, errors and no tests did not run', async () => {
    const text =
      '<testsuites><testsuite name="Get order" tests="0" failures="0" errors="1"><system-err>SECRET</system-err></testsuite></testsuites>';
    expect(await summarize(text)).toEqual({ failed: ['Get order'], passed: 0 });
    expect(problemKinds(await read(text))).toEqual([]);
    expect(JSON.stringify([...((await read(text)).tools[0]?.items.values() ?? [])])).not.toContain('SECRET');
  });

  test('an error outside of all suites is an item, which passes once tests run without one', async () => {
    const broken = await read('<testsuites name="all"><error message="global setup failed"/></testsuites>');
    const [item] = broken.tools[0]?.items.values() ?? [];
    expect(item?.title).toBe('Failing: all');
    expect((await read(junit(passing('t')))).tools[0]?.passed.has(item?.id ?? '')).toBe(true);
    expect((await read(junit(''))).tools[0]?.passed.has(item?.id ?? '')).toBe(false);
  });

  test('what has no name at all is named after the report', async () => {
    expect((await summarize('<testsuites><error/></testsuites>')).failed).toEqual(['a.xml']);
    expect((await summarize('<testcase><failure/></testcase>')).failed).toEqual(['a.xml']);
    expect(
      (await summarize('<testsuite name="s"><testcase><failure/></testcase></testsuite>')).failed,
    ).toEqual(['s']);
  });

  test('it passed once its tests run', async () => {
    const broken = await read('<testsuite name="db"><error/></testsuite>');
    const [id] = itemIds(broken);
    const { tools } = await read(`<testsuite name="db">${passing('t')}</testsuite>`);
    expect(tools[0]?.passed.has(id ?? '')).toBe(true);
  });

  test('a suite can have the case', async () => {
    const text = junit(failing('a') + failing('b') + passing('c'));
    expect((await summarize(text, 'suite')).failed).toEqual(['unit']);
  });

  test('a nested suite that did not run has the case of its tests', async () => {
    const nest = (text: string) =>
      `<testsuites><testsuite name="a"><testsuite name="b">${text}</testsuite></testsuite></testsuites>`;
    const ids = await Promise.all(
      [failing('t'), '<error/>'].map(async (text) => itemIds(await read(nest(text), 'suite'))),
    );
    expect(ids[0]).toEqual(ids[1]);
  });

  test('nested suites have the names of all of them', async () => {
    const text = `<testsuites><testsuite name="a"><testsuite name="b">${failing('t')}</testsuite></testsuite></testsuites>`;
    expect((await summarize(text, 'suite')).failed).toEqual(['a > b']);
  });
});

describe('suites that count failures', () => {
  const suite = (attributes: string, content = '') =>
    `<testsuite name="s" ${attributes}>${content}</testsuite>`;
  const problemsOf = async (text: string) => problemKinds(await read(`<testsuites>${text}</testsuites>`));

  test.each([
    ['a browser disconnected', suite('tests="1" errors="1" failures="0"', '<system-err/>')],
    [
      'a script failed after its test',
      suite('tests="1" errors="1"', `${passing('t')}<system-err>x</system-err>`),
    ],
    ['there are no tests', suite('tests="6" failures="1"')],
    ['its tests passed', suite('tests="2" failures="1"', passing('t'))],
    ['another one shows its own', suite('errors="1"', passing('a')) + suite('failures="1"', failing('b'))],
  ])('but show none: %s', async (_name, text) => {
    expect(await problemsOf(text)).toEqual(['unshown-failures']);
  });

  test('the counts of all suites together are like those of one', async () => {
    expect(
      problemKinds(await read(`<testsuites failures="1">${suite('', passing('t'))}</testsuites>`)),
    ).toEqual(['unshown-failures']);
  });

  test.each([
    ['a failure', suite('failures="1"', failing('t'))],
    ['a status', suite('failures="1"', '<testcase name="t" status="fail"/>')],
    ['a failure that did not last', suite('failures="2"', '<testcase name="t"><flakyFailure/></testcase>')],
    ['a suite in it', suite('failures="1"', suite('failures="1"', failing('t')))],
    [
      'other suites, and it has no name',
      `<testsuite name="" tests="1" failures="1"/>${suite('failures="1"', failing('t'))}`,
    ],
    [
      'other suites, and it is a summary',
      `${suite('failures="1"', failing('t'))}<testsuite name="make_test.Test_Summary_Report" tests="1" failures="1"/>`,
    ],
    ['an error of the suite', suite('errors="1"', '<error/>')],
    ['zeros', suite('tests="1" errors="0" failures="00"', passing('t'))],
  ])('and show them: %s', async (_name, text) => {
    expect(await problemsOf(text)).toEqual([]);
  });
});

describe('the file', () => {
  test('an error in it makes it incomplete, but loses no test', async () => {
    const text = junit(`<testcase classname="A" name="x" time="<<computed>>"/>${failing('t')}`);
    const report = await read(text);
    expect(problemKinds(report)).toEqual(['malformed']);
    expect(itemIds(report)).toHaveLength(1);
  });

  describe('an "&" that begins no reference', () => {
    const other = failing('b') + failing('c');
    const message = '?id=a&format=jpg';

    test.each([
      ['in a name', '<testcase classname="A" name="B&R"><failure/></testcase>', 'A: B&R', ''],
      [
        'in an attribute',
        `<testcase name="t"><failure message="${message}"/></testcase>`,
        'unit: t',
        message,
      ],
      [
        'in a text',
        `<testcase name="t"><failure>&lt;a&b${message}</failure></testcase>`,
        'unit: t',
        `<a&b${message}`,
      ],
      ['before a tag', '<testcase name="t"><failure>a &</failure></testcase>', 'unit: t', 'a &'],
    ])('%s makes the report incomplete, but loses nothing', async (_name, text, title, failure) => {
      const report = await read(junit(text + other));
      expect(report.problems).toMatchObject([{ kind: 'malformed', detail: 'line 2: "&" is not escaped' }]);
      const items = [...(report.tools[0]?.items.values() ?? [])];
      expect(items.map((item) => item.title)).toEqual(
        [title, 'Shop: b', 'Shop: c'].map((name) => `Failing: ${name}`),
      );
      expect([...(items[0]?.members.values() ?? [])][0]?.message).toBe(failure);
    });

    test.each(['<![CDATA[a & b &c]]>', '<!-- a & b -->', '<?a b & c?>', '&amp; &#38; &#x26; &lt;'])(
      'is not in %s',
      async (text) => {
        expect(
          problemKinds(await read(junit(`<testcase name="t"><failure>${text}</failure></testcase>`))),
        ).toEqual([]);
      },
    );

    test('is found however the text is cut into pieces', () => {
      const text = 'a&b &amp; <![CDATA[ & ]] ]]> & <!-- & -- --> <b c="&#38;&"/> <?d & ?> &e; &';
      const expected =
        'a&amp;b &amp; <![CDATA[ & ]] ]]> &amp; <!-- & -- --> <b c="&#38;&amp;"/> <?d & ?> &e; &amp;';
      fc.assert(
        fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
          const ends = [...cuts, text.length].sort((a, b) => a - b);
          const escaper = new AmpersandEscaper();
          const pieces = ends.map((end, index) => escaper.escape(text.slice(ends[index - 1] ?? 0, end)).text);
          expect(pieces.join('') + escaper.escape('', true).text).toBe(expected);
        }),
      );
    });
  });

  test('another root element is another format', async () => {
    expect(problemKinds(await read('<html><body/></html>'))).toEqual(['other-format']);
  });

  test('one without an element is malformed', async () => {
    expect(problemKinds(await read('<?xml version="1.0"?>'))).toEqual(['malformed']);
  });

  test('the text of a failure is kept in part', async () => {
    const report = await read(junit(failing('t', `${'x'.repeat(100_000)}end`)));
    const [item] = report.tools[0]?.items.values() ?? [];
    const [member] = item?.members.values() ?? [];
    expect(member?.message.length).toBeLessThan(20_000);
    expect(member?.message.endsWith('end')).toBe(true);
  });

  test('a report in UTF-8 may claim to be in UTF-16', async () => {
    const text = `<?xml version="1.0" encoding="utf-16"?><testsuite name="u">${failing('\u00fc')}</testsuite>`;
    expect(itemIds(await read(text))).toEqual(itemIds(await read(junit(failing('\u00fc')))));
  });

  test('what is nested too deeply is not read, and makes the report incomplete', async () => {
    const nested = Array.from(
      { length: 300 },
      (_, level) => `<testsuite name="${level}">${failing(`t${level}`)}`,
    );
    const { tools, problems } = await read(
      `<testsuites>${nested.join('')}${'</testsuite>'.repeat(300)}</testsuites>`,
    );
    expect(tools[0]?.items.size).toBeLessThan(200);
    expect(problems).toMatchObject([{ kind: 'malformed', detail: 'its elements are nested too deeply' }]);
  });

  test('long names are told apart, and shortened', async () => {
    const [a, b] = ['a', 'b'].map((end) =>
      junit(`<testcase name="${'n'.repeat(5000)}${end}"><failure/></testcase>`),
    );
    const [first, second] = await Promise.all([read(a ?? ''), read(b ?? '')]);
    expect(itemIds(first)).not.toEqual(itemIds(second));
    expect([...(first.tools[0]?.items.values() ?? [])][0]?.title.length).toBeLessThan(2200);
  });

  test('an encoding of its own is understood', async () => {
    const text = `<?xml version="1.0" encoding="ISO-8859-1"?><testsuite name="u">${failing('\u00fc')}</testsuite>`;
    const report = await readFiles({ 'a.xml': Buffer.from(text, 'latin1') });
    expect(itemIds(report)).toEqual(itemIds(await read(junit(failing('\u00fc')))));
  });
});
