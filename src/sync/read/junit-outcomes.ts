import { hashParts } from '../identity.ts';
import type { ReportCollector, ToolCollector } from './collector.ts';
import type { Suite, TestCase } from './junit-elements.ts';
import { normalizePath } from './paths.ts';
import type { ReportFile } from './report.ts';
import { DEFAULT_SEVERITY } from './severity.ts';

/** How much of a failure's text is kept. Its end says most. */
const MAX_FAILURE_CHARS = 16_384;

/** Records how the tests and suites of a JUnit file ended. */
export class JUnitOutcomes {
  readonly #about: ReportFile;
  readonly #into: ReportCollector;
  readonly #collector: ToolCollector;

  constructor(about: ReportFile, into: ReportCollector) {
    this.#about = about;
    this.#into = into;
    this.#collector = into.tool(about.file, { format: 'junit', tool: '', category: '' });
  }

  /** Records a test. `suite` is the innermost one around it. */
  endTest(test: TestCase, suite: Suite | undefined): void {
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
    else this.#addFailed('test', test, suite?.name ?? '');
  }

  /** Records a suite. One with an error that no test has didn't run. It passed if it runs without one. */
  endSuite({ name, hasRun, error: failure }: Suite, outer: Suite | undefined): void {
    const test = { className: '', name, file: '', line: undefined, failure, isSkipped: false };
    if (failure !== undefined) this.#addFailed('suite', test, name);
    else if (hasRun) this.#collector.addPassed(this.#idOf('suite', test));
    if (outer && hasRun) outer.hasRun = true;
  }

  /** What is recorded of a test that didn't fail. If suites have the cases, a case is about the tests that failed. */
  #idOf(kind: 'test' | 'suite', test: TestCase): string {
    const isMember = this.#collector.groupBy === 'suite';
    return isMember ? toMemberId(test) : this.#collector.identify([kind, toMemberId(test)]);
  }

  #addFailed(kind: 'test' | 'suite', test: TestCase, suiteName: string): void {
    const { file: reportFile, workspace } = this.#about;
    const { className, name, file, line, failure = '' } = test;
    const fullName = className && className !== name ? `${className}: ${name}` : name;
    const isSuite = this.#collector.groupBy === 'suite';
    this.#collector.add(reportFile, {
      parts: isSuite ? [suiteName] : [kind, toMemberId(test)],
      title: `Failing: ${isSuite ? suiteName : fullName}`,
      severity: DEFAULT_SEVERITY,
      member: {
        id: toMemberId(test),
        name: fullName,
        path: file && normalizePath(file, workspace),
        line,
        message: this.#into.redact(failure).slice(-MAX_FAILURE_CHARS),
      },
    });
  }
}

function toMemberId({ className, name }: TestCase): string {
  return hashParts([className, name]);
}
