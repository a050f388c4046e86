import type { SaxesTagPlain } from 'saxes';
import { normalizeName, normalizeSuiteName } from './junit-names.ts';
import { normalizePath } from './paths.ts';
import type { ReportFile } from './report.ts';

// What the elements of a JUnit report say. There is no standard; see https://github.com/testmoapp/junitxml.

/** A `testsuite`, or the `testsuites` around all of them, while it is read. */
export interface Suite {
  /** After the names of the suites around it. Empty for `testsuites`. */
  readonly name: string;
  /** Its own name. */
  readonly label: string;
  /** Whether its counts say that no test ran. */
  readonly isEmpty: boolean;
  /** Whether its counts say that something failed. */
  readonly countsErrors: boolean;
  readonly countsFailures: boolean;
  /** Whether it has tests or suites. */
  hasParts: boolean;
  hasRun: boolean;
  /** Whether an element says that something in it failed, even if it passed when it was repeated. */
  hasFailed: boolean;
  /** Whether it has an error output of its own. */
  hasErrorOutput: boolean;
  error: string | undefined;
}

/** A `testcase`, while it is read. */
export interface TestCase {
  /** What the report calls its class; empty if it has none. */
  readonly givenClass: string;
  readonly className: string;
  /** What tells it apart from others of its name, if its class doesn't. */
  readonly place: string;
  readonly name: string;
  readonly file: string;
  readonly line: number | undefined;
  /** The message and text of its failures; `undefined` if it has none. */
  failure: string | undefined;
  isSkipped: boolean;
}

const FAILED = /^(?:fail|failed|failure|error)$/i;
const SKIPPED = /^(?:skip|skipped|disabled|notrun|suppressed|ignored|pending)$/i;

/** Why CTest counts a test among those that failed, although it writes `skipped`. Source: cmCTestRunTest.cxx of CMake. */
const CTEST_FAILURES = [
  'Unable to find executable',
  'Required Files Missing',
  'Fixture dependency failed',
  'Missing Configuration',
];

/** Reads the attributes of a `testsuite` or `testsuites`, whose name the suites in it don't have. */
export function toSuite(
  { name: tag, attributes }: SaxesTagPlain,
  outer: Suite | undefined,
  { workspace }: ReportFile,
): Suite {
  const { name = '', tests = '', errors = '', failures = '' } = attributes;
  const isRoot = tag.endsWith('testsuites');
  const countsErrors = isPositive(errors);
  return {
    name: isRoot ? '' : normalizeSuiteName(name, outer?.name ?? '', workspace),
    label: normalizeSuiteName(name, '', workspace),
    isEmpty: tests.trim() === '0' && countsErrors,
    countsErrors,
    countsFailures: isPositive(failures),
    hasParts: false,
    hasRun: false,
    hasFailed: false,
    hasErrorOutput: false,
    error: undefined,
  };
}

function isPositive(count: string): boolean {
  return /^\s*0*[1-9]/.test(count);
}

/** What Node's test runner writes as the class of every test. */
const NO_CLASS = 'test';
/** Where a test begins in its file. */
const POSITION = /(?::\d+){1,2}$/;

/**
 * Reads the attributes of a `testcase`. Without a class, tests of the same name in different suites are different, and
 * in different files, unless their suite tells.
 */
export function toTestCase(
  { attributes }: SaxesTagPlain,
  suite: Suite | undefined,
  { workspace }: ReportFile,
): TestCase {
  const line = Number(attributes.line);
  const file = attributes.file ? normalizePath(attributes.file.replace(POSITION, ''), workspace) : '';
  const given = normalizeName(attributes.classname ?? '', workspace);
  const suiteName = suite?.name ?? '';
  const isPlaced = given === NO_CLASS || (given === '' && suiteName === '');
  // googletest says in `status` whether a test was chosen, and in `result` how it ended.
  const ends = [attributes.status ?? '', attributes.result ?? ''];
  return {
    givenClass: given,
    className: given === NO_CLASS || given === '' ? suiteName : given,
    place: isPlaced ? file : '',
    name: normalizeName(attributes.name ?? '', workspace),
    file,
    line: Number.isInteger(line) && line > 0 ? line : undefined,
    failure: ends.some((end) => FAILED.test(end)) ? '' : undefined,
    isSkipped: ends.some((end) => SKIPPED.test(end)),
  };
}

/** Reads a `skipped` element of a test. */
export function skip(test: TestCase, { attributes: { message = '' } }: SaxesTagPlain): void {
  if (CTEST_FAILURES.includes(message)) test.failure ||= message;
  test.isSkipped = true;
}
