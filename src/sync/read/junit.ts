import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { findSafeStart } from '../../base/hidden-secrets.ts';
import { hashParts } from '../identity.ts';
import type { ReportCollector, ToolCollector } from './collector.ts';
import { normalizeName, normalizeSuiteName } from './junit-names.ts';
import { normalizePath } from './paths.ts';
import type { ReportFile } from './report.ts';
import { DEFAULT_SEVERITY } from './severity.ts';

/** How much of a failure's text is kept. Its end says most. */
const MAX_FAILURE_CHARS = 16_384;
/** How much of it is kept until secrets are removed from it. */
const MAX_RAW_FAILURE_CHARS = 1024 * 1024;
/** Nested elements beyond this aren't a report. */
const MAX_DEPTH = 200;
const FAILURES = ['failure', 'error', 'rerunFailure', 'rerunError'];
const FLAKES = ['flakyFailure', 'flakyError'];

interface Suite {
  /** After the names of the suites around it. */
  readonly name: string;
  /** Whether its counts say that no test ran. */
  readonly isEmpty: boolean;
  hasRun: boolean;
  error: string | undefined;
}

interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly file: string;
  readonly line: number | undefined;
  /** The message and text of its failures; `undefined` if it has none. */
  failure: string | undefined;
  isSkipped: boolean;
}

/**
 * Reads a JUnit report piece by piece, because some are large. Goes on after an error, so that no failing test is lost,
 * but then the report isn't complete. There is no standard; see https://github.com/testmoapp/junitxml.
 */
export class JUnitReader {
  readonly #parser = new SaxesParser();
  readonly #file: string;
  readonly #workspace: string;
  readonly #into: ReportCollector;
  #collector: ToolCollector | undefined;
  readonly #suites: Suite[] = [];
  #test: TestCase | undefined;
  /** The tag whose text is read, and that text. */
  #open: { readonly tag: SaxesTagPlain; text: string } | undefined;
  #error: string | undefined;
  #depth = 0;
  #root: string | undefined;

  constructor({ file, workspace }: ReportFile, into: ReportCollector) {
    this.#file = file;
    this.#workspace = workspace;
    this.#into = into;
    this.#parser.on('error', (error) => {
      this.#error ??= error.message.replace(/^(?:undefined:)?(\d+):(\d+): /, 'line $1, column $2: ');
    });
    this.#parser.on('opentag', (tag) => this.#openTag(tag));
    this.#parser.on('closetag', ({ name }) => this.#closeTag(localName(name)));
    this.#parser.on('text', (text) => this.#addText(text));
    this.#parser.on('cdata', (text) => this.#addText(text));
  }

  /** The first problem with the XML so far. */
  get error(): string | undefined {
    return this.#error;
  }

  write(text: string): void {
    if (this.#depth <= MAX_DEPTH) this.#parser.write(text);
  }

  /** Reads to the end. What is wrong with the file becomes a problem. */
  close(): void {
    if (this.#depth <= MAX_DEPTH) this.#parser.close();
    if (!this.#collector) {
      this.#into.problems.push(
        this.#root === undefined
          ? {
              kind: 'malformed',
              file: this.#file,
              format: 'junit',
              detail: this.#error ?? 'it has no element',
            }
          : { kind: 'other-format', file: this.#file, expected: 'junit' },
      );
    } else if (this.#error !== undefined)
      this.#into.problems.push({ kind: 'malformed', file: this.#file, format: 'junit', detail: this.#error });
  }

  /** Once the elements are nested too deeply, the rest isn't read. */
  #openTag(tag: SaxesTagPlain): void {
    if (this.#depth > MAX_DEPTH) return;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#error ??= 'its elements are nested too deeply';
    const name = localName(tag.name);
    if (this.#root === undefined) {
      this.#root = name;
      if (['testsuites', 'testsuite', 'testcase'].includes(name))
        this.#collector = this.#into.tool(this.#file, { format: 'junit', tool: '', category: '' });
    }
    if (this.#open || !this.#collector) return;
    if (name === 'testsuite') this.#suites.push(toSuite(tag, this.#suites.at(-1), this.#workspace));
    else if (name === 'testcase') this.#test = toTestCase(tag, this.#suites.at(-1), this.#workspace);
    else if (this.#test && FLAKES.includes(name)) this.#open = { tag, text: '' };
    else if (this.#test && name === 'skipped') this.#test.isSkipped = true;
    else if (FAILURES.includes(name) || name.startsWith('system-')) this.#open = { tag, text: '' };
  }

  #addText(text: string): void {
    if (!this.#open || !FAILURES.includes(localName(this.#open.tag.name))) return;
    const whole = this.#open.text + text;
    this.#open.text = whole.length > MAX_RAW_FAILURE_CHARS ? keepEnd(whole) : whole;
  }

  #closeTag(name: string): void {
    if (this.#depth > MAX_DEPTH) return;
    this.#depth -= 1;
    if (this.#open) {
      if (localName(this.#open.tag.name) !== name) return;
      if (FAILURES.includes(name)) this.#addFailure(this.#open.tag, this.#open.text);
      this.#open = undefined;
    } else if (name === 'testcase' && this.#test) {
      this.#endTest(this.#test);
      this.#test = undefined;
    } else if (name === 'testsuite') {
      const suite = this.#suites.pop();
      if (suite) this.#endSuite(suite);
    }
  }

  #addFailure({ attributes }: SaxesTagPlain, text: string): void {
    const message = [attributes.message, text].filter((part) => part?.trim()).join('\n');
    if (this.#test) this.#test.failure ||= message;
    else {
      const suite = this.#suites.at(-1);
      if (suite) suite.error ??= message;
    }
  }

  #endTest(test: TestCase): void {
    const suite = this.#suites.at(-1);
    if (suite?.isEmpty && test.failure !== undefined) {
      suite.error ??= test.failure;
      return;
    }
    if (test.isSkipped && test.failure === undefined) return;
    if (suite) suite.hasRun = true;
    if (test.failure === undefined) this.#addPassed('test', test);
    else this.#addFailed('test', test, suite?.name ?? '');
  }

  /** A suite with an error that no test has didn't run. It passed if it runs without one. */
  #endSuite({ name, hasRun, error: failure }: Suite): void {
    const test = { className: '', name, file: '', line: undefined, failure, isSkipped: false };
    if (failure !== undefined) this.#addFailed('suite', test, name);
    else if (hasRun) this.#addPassed('suite', test);
    const parent = this.#suites.at(-1);
    if (parent && hasRun) parent.hasRun = true;
  }

  /** If suites have the cases, the tests that passed are recorded: a case is about those that failed. */
  #addPassed(kind: 'test' | 'suite', test: TestCase): void {
    const collector = this.#collector;
    const isMember = collector?.groupBy === 'suite';
    collector?.addPassed(isMember ? toMemberId(test) : collector.identify([kind, toMemberId(test)]));
  }

  #addFailed(kind: 'test' | 'suite', test: TestCase, suiteName: string): void {
    const { className, name, file, line, failure = '' } = test;
    const fullName = className && className !== name ? `${className}: ${name}` : name;
    const isSuite = this.#collector?.groupBy === 'suite';
    this.#collector?.add(this.#file, {
      parts: isSuite ? [suiteName] : [kind, toMemberId(test)],
      title: `Failing: ${isSuite ? suiteName : fullName}`,
      severity: DEFAULT_SEVERITY,
      member: {
        id: toMemberId(test),
        name: fullName,
        path: file && normalizePath(file, this.#workspace),
        line,
        message: this.#into.redact(failure).slice(-MAX_FAILURE_CHARS),
      },
    });
  }
}

/** The end of a text, from the beginning of a line or at least of a word: half a secret would not be recognized. */
function keepEnd(text: string): string {
  const end = text.slice(-MAX_RAW_FAILURE_CHARS / 2);
  const start = findSafeStart(end);
  return start === undefined ? end.replace(/^\S+/, '') : end.slice(start);
}

function toMemberId({ className, name }: TestCase): string {
  return hashParts([className, name]);
}

function toSuite({ attributes }: SaxesTagPlain, parent: Suite | undefined, workspace: string): Suite {
  const isEmpty = attributes.tests?.trim() === '0' && /[1-9]/.test(attributes.errors ?? '');
  const name = normalizeSuiteName(attributes.name ?? '', parent?.name ?? '', workspace);
  return { name, isEmpty, hasRun: false, error: undefined };
}

/** Without a class, tests of the same name in different suites are different. */
function toTestCase({ attributes }: SaxesTagPlain, suite: Suite | undefined, workspace: string): TestCase {
  const line = Number(attributes.line);
  const isFailed = /^(?:fail|failed|failure|error)$/i.test(attributes.status ?? '');
  return {
    className: normalizeName(attributes.classname ?? '', workspace) || (suite?.name ?? ''),
    name: normalizeName(attributes.name ?? '', workspace),
    file: attributes.file ?? '',
    line: Number.isInteger(line) && line > 0 ? line : undefined,
    failure: isFailed ? '' : undefined,
    isSkipped: /^(?:skipped|disabled|notrun)$/i.test(attributes.status ?? ''),
  };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
