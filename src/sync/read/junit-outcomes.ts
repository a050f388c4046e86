import { hashParts } from '../identity.ts';
import type { ReportCollector, ToolCollector } from './collector.ts';
import type { Suite, TestCase } from './junit-elements.ts';
import type { ReportFile } from './report.ts';
import { DEFAULT_SEVERITY } from './severity.ts';

/** How much of a failure's text is kept. Its end says most. */
const MAX_FAILURE_CHARS = 16_384;

/** Records how the tests and suites of a JUnit file ended. */
export class JUnitOutcomes {
  readonly #about: ReportFile;
  readonly #into: ReportCollector;
  readonly #collector: ToolCollector;
  /** The first suite that counts failures but shows none. */
  #unshown: Suite | undefined;
  #unshownSummary: Suite | undefined;
  #hasFailed = false;

  constructor(about: ReportFile, into: ReportCollector) {
    this.#about = about;
    this.#into = into;
    this.#collector = into.tool(about.file, { format: 'junit', tool: '', category: '' });
  }

  /** Records a test. `suite` is the innermost one around it. */
  endTest(test: TestCase, suite: Suite | undefined): void {
    if (suite) suite.hasParts = true;
    if (suite && test.failure !== undefined) suite.hasFailed = true;
    if (suite?.isEmpty && test.failure !== undefined) {
      suite.error ??= test.failure;
      return;
    }
    if (test.isSkipped && test.failure === undefined) {
      this.#collector.addSkipped(this.#idOf('test', test));
      return;
    }
    if (suite) suite.hasRun = true;
    if (test.failure === undefined) this.#collector.addPassed(this.#idOf('test', test));
    else this.#addFailed('test', test, suite?.name ?? '', suite?.label ?? '');
  }

  /** Records a suite. One with an error that no test has didn't run. It passed if it runs without one. */
  endSuite(suite: Suite, outer: Suite | undefined): void {
    const { name, label, hasRun } = suite;
    const failure = suite.error ?? (isBroken(suite) ? '' : undefined);
    if (failure !== undefined) suite.hasFailed = true;
    const test = { className: '', place: '', name, file: '', line: undefined, failure, isSkipped: false };
    if (failure !== undefined) this.#addFailed('suite', test, name, label);
    else if (hasRun) this.#collector.addPassed(this.#idOf('suite', test));
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

  /** What is recorded of a test that didn't fail. If suites have the cases, a case is about the tests that failed. */
  #idOf(kind: 'test' | 'suite', test: TestCase): string {
    const isMember = this.#collector.groupBy === 'suite';
    return isMember ? toTestId(test) : this.#collector.identify([kind, toTestId(test)]);
  }

  #addFailed(kind: 'test' | 'suite', test: TestCase, suiteName: string, suiteLabel: string): void {
    const { file: reportFile } = this.#about;
    const { file, line, failure = '' } = test;
    const name = toFullName(test);
    const id = toTestId(test);
    const isSuite = this.#collector.groupBy === 'suite';
    this.#collector.add(reportFile, {
      parts: isSuite ? [suiteName] : [kind, id],
      title: `Failing: ${(isSuite ? suiteName : name) || suiteLabel || file || reportFile}`,
      severity: DEFAULT_SEVERITY,
      member: {
        // Suites that have the case are about tests; a test that has it is about all places in which it failed.
        id: isSuite ? id : hashParts([id, suiteName, file, reportFile]),
        name: name || suiteLabel,
        suite: suiteName,
        path: file,
        line,
        message: this.#into.redact(failure).slice(-MAX_FAILURE_CHARS),
      },
    });
  }
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

function toFullName({ className, name }: TestCase): string {
  if (!className || className === name) return name;
  return name ? `${className}: ${name}` : className;
}

/** Identifies a test, or, without a class, a suite. */
function toTestId({ className, place, name }: TestCase): string {
  return hashParts(place ? [className, name, place] : [className, name]);
}
