import type { Suite, TestCase } from './junit-elements.ts';

/** A class, module or suite that an entry is about although it is written as a test. */
export interface Broken {
  /** What must run so that it counts as repaired. */
  readonly kind: 'class' | 'suite';
  readonly name: string;
}

/** What Python's unittest writes for what prepares a class or module. */
const UNITTEST_FIXTURE = /^(?:setUp|tearDown)(?:Class|Module) \((.+)\)$/;
/** What go-junit-report writes for a package. */
const GO_PACKAGE = /^\[(?:build|setup) failed\]$/;
/** What JUnit 4 and Gradle write for a class. */
const JAVA_CLASS = /^(?:initializationError|executionError)$/;

/**
 * What a test is about that isn't one: its class, module or suite didn't run. After a repair it isn't in the report any
 * more, so it can't pass. `undefined` unless that is certain.
 */
export function findBroken(test: TestCase, suite: Suite | undefined): Broken | undefined {
  const { givenClass, name, failure } = test;
  const fixture = UNITTEST_FIXTURE.exec(name)?.[1];
  if (fixture !== undefined && !givenClass) return { kind: 'class', name: fixture };
  // pytest names the module that it could not collect.
  if (!givenClass && name && failure?.startsWith('collection failure')) return { kind: 'class', name };
  const isBroken =
    name === '' || GO_PACKAGE.test(name) || (givenClass && JAVA_CLASS.test(name)) || isWhole(test, suite);
  if (isBroken && givenClass) return { kind: 'class', name: givenClass };
  // gotestsum names neither the class nor the test.
  const isSuite = isBroken || (name === 'TestMain' && !givenClass);
  return isSuite && suite?.name ? { kind: 'suite', name: suite.name } : undefined;
}

/** Whether class and suite have the name of the test, which is that of a file or class: vitest writes this for a file. */
function isWhole({ givenClass, name }: TestCase, suite: Suite | undefined): boolean {
  return name === suite?.label && (givenClass || name) === name && /[./]/.test(name);
}
