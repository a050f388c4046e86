/** A fault to put into a copy of the sources: the text occurs exactly once in the file. */
export interface DeliberateFault {
  readonly name: string;
  /** A file of `src`. */
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
}

/** One for each decision that the world must watch over. If the sources change, adapt `file` and `text`. */
export const DELIBERATE_FAULTS: readonly DeliberateFault[] = [
  {
    name: 'an older run closes the case of a newer one',
    file: 'cases/close.ts',
    text: 'openedBy.id <= run.id',
    replacement: 'openedBy.id <= Infinity',
  },
  {
    name: 'nobody looks for a twin after a create',
    file: 'cases/settle.ts',
    text: 'if (!isShared && isAccountedFor) return unsettled;',
    replacement: 'return unsettled;',
  },
  {
    name: 'a stale search is believed',
    file: 'cases/find-existing.ts',
    text: 'candidate.isOpen ? refresh(context, client, candidate) : candidate',
    replacement: 'candidate',
  },
  {
    name: 'the reference is read anywhere in a description',
    file: 'datadog/reference.ts',
    text: "const last = lines.at(-1) ?? '';",
    replacement: "const last = lines.findLast((line) => LAST_LINE.test(line)) ?? lines.at(-1) ?? '';",
  },
  {
    name: 'a twin is found and left open',
    file: 'cases/settle.ts',
    text: 'await Promise.all(extras.map(',
    replacement: 'await Promise.all(extras.slice(0, 0).map(',
  },
  {
    name: 'every create is repeated like a request that does no harm',
    file: 'datadog/cases.ts',
    text: "path: '/api/v2/cases', body, idempotent: false",
    replacement: "path: '/api/v2/cases', body, idempotent: true",
  },
  {
    name: 'only the oldest of several open cases is closed',
    file: 'cases/close.ts',
    text: 'const [oldest, ...duplicates] = open;',
    replacement: 'const [oldest, ...duplicates] = open.slice(0, 1);',
  },
  {
    name: 'a failed search costs the case',
    file: 'cases/find-existing.ts',
    text: 'context.warn(`${explain(error).text} A new case is opened; it may be a duplicate.`);\n    return NO_CASES;',
    replacement: 'throw error;',
  },
  {
    name: 'a failed search leads to a second case in silence',
    file: 'cases/find-existing.ts',
    text: 'context.warn(`${explain(error).text} A new case is opened; it may be a duplicate.`);',
    replacement: 'void explain(error);',
  },
  {
    name: 'reopen_within does not end',
    file: 'cases/reopen.ts',
    text: 'return findClosedWithin(inputs.reopenWithinMs, datadog.clock.now(), closed);',
    replacement: 'return findClosedWithin(Number.POSITIVE_INFINITY, datadog.clock.now(), closed);',
  },
  {
    name: 'reopening drops what people wrote above',
    file: 'datadog/reference.ts',
    text: "return [...lines, '', renderReference(reference)].join('\\n').trimStart();",
    replacement: 'return renderReference(reference);',
  },
  {
    name: 'the keys are not known to be secrets',
    file: 'run.ts',
    text: '...collectSecrets(values, env), ',
    replacement: '',
  },
  {
    name: 'a dry run closes',
    file: 'cases/close.ts',
    text: "if (inputs.isDryRun) return { outcome: 'planned', operation: 'close', case: oldest };",
    replacement: '',
  },
  {
    name: 'requests have no time limit',
    file: 'http/attempt.ts',
    text: 'const deadline = clock.timeoutSignal(remainingMs);',
    replacement: 'const deadline = clock.timeoutSignal(remainingMs * 4);',
  },
  {
    name: 'all branches of a job share a case',
    file: 'github/watched-job.ts',
    text: '    job.ref,\n',
    replacement: '',
  },
  {
    name: 'a cancelled job closes its case',
    file: 'cases/watch.ts',
    text: "    case 'cancelled':\n      return onCancelled",
    replacement:
      "    case 'cancelled':\n      return { operation: 'close' };\n    case 'never':\n      return onCancelled",
  },
  {
    name: 'the outputs name no case',
    file: 'report/reporter.ts',
    text: "this.#setOutput('case_id', datadogCase.id);",
    replacement: "this.#setOutput('case_id', datadogCase.key);",
  },
];
