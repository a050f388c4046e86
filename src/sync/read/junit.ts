import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { findSafeStart } from '../../base/hidden-secrets.ts';
import { AmpersandEscaper } from './ampersands.ts';
import type { ReportCollector } from './collector.ts';
import { type Suite, skip, type TestCase, toSuite, toTestCase } from './junit-elements.ts';
import { JUnitOutcomes } from './junit-outcomes.ts';
import type { ReportFile } from './report.ts';

/** How much of a failure's text is kept until secrets are removed from it. */
const MAX_RAW_FAILURE_CHARS = 1024 * 1024;
/** Nested elements beyond this aren't a report. */
const MAX_DEPTH = 200;
const SUITES = ['testsuites', 'testsuite'];
const FAILURES = ['failure', 'error', 'rerunFailure', 'rerunError'];
const FLAKES = ['flakyFailure', 'flakyError'];

/**
 * Reads a JUnit report piece by piece, because some are large. Goes on after an error, so that no failing test is lost,
 * but then the report isn't complete.
 */
export class JUnitReader {
  readonly #parser = new SaxesParser();
  readonly #escaper = new AmpersandEscaper();
  readonly #about: ReportFile;
  readonly #into: ReportCollector;
  #outcomes: JUnitOutcomes | undefined;
  readonly #suites: Suite[] = [];
  #test: TestCase | undefined;
  /** The tag whose text is read, and that text. */
  #open: { readonly tag: SaxesTagPlain; text: string } | undefined;
  #error: string | undefined;
  #depth = 0;
  #root: string | undefined;

  constructor(about: ReportFile, into: ReportCollector) {
    this.#about = about;
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
    this.#write(text, false);
  }

  #write(piece: string, isLast: boolean): void {
    if (this.#depth > MAX_DEPTH) return;
    const { text, line } = this.#escaper.escape(piece, isLast);
    if (line !== undefined) this.#error ??= `line ${this.#parser.line + line}: "&" is not escaped`;
    this.#parser.write(text);
  }

  /** Reads to the end. What is wrong with the file becomes a problem. */
  close(): void {
    this.#write('', true);
    if (this.#depth <= MAX_DEPTH) this.#parser.close();
    this.#endUnfinished();
    this.#outcomes?.end();
    const { file } = this.#about;
    const { problems } = this.#into;
    if (!this.#outcomes && this.#root !== undefined)
      problems.push({ kind: 'other-format', file, expected: 'junit' });
    else if (!this.#outcomes || this.#error !== undefined)
      problems.push({ kind: 'malformed', file, format: 'junit', detail: this.#error ?? 'it has no element' });
  }

  /** Once the elements are nested too deeply, the rest isn't read. */
  #openTag(tag: SaxesTagPlain): void {
    if (this.#depth > MAX_DEPTH) return;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#error ??= 'its elements are nested too deeply';
    const name = localName(tag.name);
    if (this.#root === undefined) {
      this.#root = name;
      if (SUITES.includes(name) || name === 'testcase')
        this.#outcomes = new JUnitOutcomes(this.#about, this.#into);
    }
    if (this.#open || !this.#outcomes) return;
    const suite = this.#suites.at(-1);
    const isFlake = this.#test !== undefined && FLAKES.includes(name);
    if (suite && isFlake) suite.hasFailed = true;
    if (SUITES.includes(name)) this.#suites.push(toSuite(tag, suite, this.#about));
    else if (name === 'testcase') this.#test = toTestCase(tag, suite, this.#about);
    else if (this.#test && name === 'skipped') skip(this.#test, tag);
    else if (isFlake || FAILURES.includes(name) || name.startsWith('system-')) this.#open = { tag, text: '' };
  }

  #addText(text: string): void {
    if (!this.#open) return;
    const name = localName(this.#open.tag.name);
    const suite = this.#suites.at(-1);
    if (suite && !this.#test && name === 'system-err') suite.hasErrorOutput ||= text.trim() !== '';
    if (!FAILURES.includes(name)) return;
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
      this.#outcomes?.endTest(this.#test, this.#suites.at(-1));
      this.#test = undefined;
    } else if (SUITES.includes(name)) {
      const suite = this.#suites.pop();
      if (suite) this.#outcomes?.endSuite(suite, this.#suites.at(-1));
    }
  }

  /** In a file that is cut off: what certainly failed before its end. Of texts that are cut off, nothing is kept. */
  #endUnfinished(): void {
    if (this.#open && FAILURES.includes(localName(this.#open.tag.name))) this.#addFailure(this.#open.tag, '');
    if (this.#test?.failure !== undefined) this.#outcomes?.endTest(this.#test, this.#suites.at(-1));
    for (const suite of this.#suites.splice(0).reverse())
      if (suite.error !== undefined) this.#outcomes?.endSuite(suite, undefined);
  }

  #addFailure({ attributes }: SaxesTagPlain, text: string): void {
    const message = [attributes.message, text].filter((part) => part?.trim()).join('\n');
    const suite = this.#suites.at(-1);
    if (this.#test) this.#test.failure ||= message;
    else if (suite) suite.error ??= message;
  }
}

/** The end of a text, from the beginning of a line or at least of a word: half a secret would not be recognized. */
function keepEnd(text: string): string {
  const end = text.slice(-MAX_RAW_FAILURE_CHARS / 2);
  const start = findSafeStart(end);
  return start === undefined ? end.replace(/^\S+/, '') : end.slice(start);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
