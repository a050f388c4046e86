import { hashParts } from '../identity.ts';
import type { ReportCollector, ToolCollector } from './collector.ts';
import { type Broken, findBroken } from './junit-broken.ts';
import type { Suite, TestCase } from './junit-elements.ts';
import type { ReportFile } from './report.ts';
import { DEFAULT_SEVERITY } from './severity.ts';

/** How much of a failure's text is kept. Its end says most. */
const MAX_FAILURE_CHARS = 16_384;
/** Bounds the names that are kept. */
const MAX_KNOWN_CLASSES = 10_000;
/** The name of a class after those of its packages or modules. */
const QUALIFIED = /^[\w$]+(?:\.[\w$]+){1,20}$/;

/** What an item or a member is about. */
interface Subject extends Pick<TestCase, 'className' | 'place' | 'name'> {
  readonly kind: 'test' | 'class' | 'suite';
}

/** How something failed, and where. */
interface Failed extends Pick<TestCase, 'file' | 'line' | 'failure'> {
  readonly subject: Subject;
  readonly suite: Pick<Suite, 'name' | 'label'> | undefined;
}

/** Records how the tests and suites of a JUnit file ended. */
export class JUnitOutcomes {
  readonly #about: ReportFile;
  readonly #into: ReportCollector;
  readonly #collector: ToolCollector;
  /** The first suite that counts failures but shows none. */
  #unshown: Suite | undefined;
  #unshownSummary: Suite | undefined;
  #hasFailed = false;
  /** Copies of the names of classes that ran: a piece of a text would keep all of it. */
  readonly #classes = new Set<string>();

  constructor(about: ReportFile, into: ReportCollector) {
    this.#about = about;
    this.#into = into;
    this.#collector = into.tool(about.file, { format: 'junit', tool: '', category: '' });
  }

  /** Records a test. `suite` is the innermost one around it. */
  endTest(test: TestCase, suite: Suite | undefined): void {
    const hasFailed = test.failure !== undefined;
    if (suite) suite.hasParts = true;
    if (suite && hasFailed) suite.hasFailed = true;
    if (suite?.isEmpty && hasFailed) {
      suite.error ??= test.failure;
      return;
    }
    const broken = findBroken(test, suite);
    const subject = broken ? toSubject(broken) : ({ ...test, kind: 'test' } as const);
    if (hasFailed) this.#addFailed({ ...test, subject, suite });
    else if (test.isSkipped) this.#collector.addSkipped(this.#idOf(subject));
    else this.#collector.addPassed(this.#idOf({ ...test, kind: 'test' }));
    // What isn't a test is gone after a repair.
    if (!broken) this.#countTest(subject, suite, !hasFailed && test.isSkipped);
    const hasRun = hasFailed ? !broken : !test.isSkipped;
    if (!hasRun) return;
    if (suite) suite.hasRun = true;
    this.#addClass(test.givenClass);
  }

  /** What a case of a suite needs that can't list all tests that failed. */
  #countTest(subject: Subject, suite: Suite | undefined, isSkipped: boolean): void {
    if (this.#collector.groupBy !== 'suite') return;
    const id = this.#collector.identify([suite?.name ?? '']);
    this.#collector.countTest(id, toId(subject), isSkipped ? 'skipped' : 'ran');
  }

  /** Records that tests of a class ran, so that it isn't broken, nor is a module or package that it is in. */
  #addClass(className: string): void {
    if (this.#classes.has(className)) return;
    if (this.#classes.size < MAX_KNOWN_CLASSES) this.#classes.add(Buffer.from(className).toString());
    const parts = QUALIFIED.test(className) ? className.split('.') : [className];
    for (const index of parts.keys()) {
      const name = parts.slice(0, index + 1).join('.');
      this.#collector.addPassed(this.#idOf(toSubject({ kind: 'class', name })));
    }
  }

  /** Records a suite. One with an error that no test has didn't run. It passed if it runs without one. */
  endSuite(suite: Suite, outer: Suite | undefined): void {
    const { name, hasRun } = suite;
    const failure = suite.error ?? (isBroken(suite) ? '' : undefined);
    if (failure !== undefined) suite.hasFailed = true;
    const subject = toSubject({ kind: 'suite', name });
    if (failure !== undefined) this.#addFailed({ subject, suite, failure, file: '', line: undefined });
    else if (hasRun) this.#collector.addPassed(this.#idOf(subject));
    this.#hasFailed ||= suite.hasFailed;
    if (countsMoreThanItShows(suite) && !isSummary(suite)) this.#unshown ??= suite;
    if (countsMoreThanItShows(suite) && isSummary(suite)) this.#unshownSummary ??= suite;
    if (!outer) return;
    outer.hasParts = true;
    outer.hasRun ||= hasRun;
    outer.hasFailed ||= suite.hasFailed;
  }

  /** Says at the end of the file that something failed which nothing in it shows. */
  end(): void {
    const unshown = this.#unshown ?? (this.#hasFailed ? undefined : this.#unshownSummary);
    const { file } = this.#about;
    if (unshown) this.#into.problems.push({ kind: 'unshown-failures', file, suite: unshown.label });
  }

  /** What is recorded of what didn't fail. If suites have the cases, a case is about the tests that failed. */
  #idOf(subject: Subject): string {
    const isMember = this.#collector.groupBy === 'suite';
    return isMember ? toId(subject) : this.#collector.identify([subject.kind, toId(subject)]);
  }

  #addFailed({ subject, suite, file, line, failure = '' }: Failed): void {
    const { file: reportFile } = this.#about;
    const { name: suiteName = '', label = '' } = suite ?? {};
    const name = toFullName(subject);
    const id = toId(subject);
    const isSuite = this.#collector.groupBy === 'suite';
    this.#collector.add(reportFile, {
      parts: isSuite ? [suiteName] : [subject.kind, id],
      title: `Failing: ${(isSuite ? suiteName : name) || label || file || reportFile}`,
      severity: DEFAULT_SEVERITY,
      member: {
        // Suites that have the case are about tests; a test that has it is about all places in which it failed.
        id: isSuite ? id : hashParts([id, suiteName, file, reportFile]),
        name: name || label,
        suite: suiteName,
        path: file,
        line,
        message: this.#into.redact(failure).slice(-MAX_FAILURE_CHARS),
      },
    });
  }
}

function toSubject({ kind, name }: Broken): Subject {
  return { kind, className: '', place: '', name };
}

/** Whether a suite didn't run: it has nothing but an error in its counts, and says more about it in its output. */
function isBroken({ countsErrors, hasParts, hasErrorOutput }: Suite): boolean {
  return countsErrors && !hasParts && hasErrorOutput;
}

/** Such as that of a request that failed (newman), or of a browser that disconnected (Karma). */
function countsMoreThanItShows({ countsErrors, countsFailures, hasFailed }: Suite): boolean {
  return (countsErrors || countsFailures) && !hasFailed;
}

/** Whether a suite repeats the counts of others, as those of fpcunit and of Perl's TAP do. */
function isSummary({ hasParts, label }: Suite): boolean {
  return !hasParts && (label === '' || /summary/i.test(label));
}

function toFullName({ className, name }: Subject): string {
  if (!className || className === name) return name;
  return name ? `${className}: ${name}` : className;
}

function toId({ kind, className, place, name }: Subject): string {
  if (kind === 'class') return hashParts([className, name, place, kind]);
  return hashParts(place ? [className, name, place] : [className, name]);
}
