import { DELIBERATE_SYNC_FAULTS } from './deliberate-sync-faults.ts';
import type { WorldKind } from './search.ts';

/** A fault to put into a copy of the sources: the text occurs exactly once in the file. */
export interface DeliberateFault {
  readonly name: string;
  /** A file of `src`. */
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
  /** Which world must find it. Default: that of jobs. */
  readonly world?: WorldKind;
}

/** One for each decision that the world must watch over. If the sources change, adapt `file` and `text`. */
export const DELIBERATE_FAULTS: readonly DeliberateFault[] = [
  {
    name: 'an older run closes the case of a newer one',
    file: 'cases/decide.ts',
    text: 'if (order < 0) {',
    replacement: 'if (order !== 0) {',
  },
  {
    name: 'a job closes the case of another job of its attempt',
    file: 'cases/decide.ts',
    text: "return respectsOwnAttempt ? { kind: 'same-attempt', case: datadogCase } : undefined;",
    replacement: 'return undefined;',
  },
  {
    name: 'mode auto closes the case of another job of its attempt',
    file: 'stages/auto.ts',
    text: 'isByResult: true,',
    replacement: 'isByResult: false,',
  },
  {
    name: 'nobody looks for a twin after a create',
    file: 'cases/create/settle.ts',
    text: 'if (!isShared && isAccountedFor) return unsettled;',
    replacement: 'return unsettled;',
  },
  {
    name: 'a twin is found and left open',
    file: 'cases/create/settle.ts',
    text: 'await Promise.all(extras.map(',
    replacement: 'await Promise.all(extras.slice(0, 0).map(',
  },
  {
    name: 'a stale search is believed',
    file: 'cases/keyed-cases.ts',
    text: 'candidate.isOpen ? refresh(candidate) : candidate',
    replacement: 'candidate',
  },
  {
    name: 'the reference is read anywhere in a description',
    file: 'datadog/reference.ts',
    text: 'const atEnd = readLine(lines, findTextAbove(lines, lines.length));',
    replacement: 'const atEnd = lines.flatMap((_, index) => readLine(lines, index) ?? []).at(0);',
  },
  {
    name: 'reopening drops what people wrote above',
    file: 'datadog/reference.ts',
    text: 'return [...texts, renderReference(reference)]',
    replacement: 'return [renderReference(reference)]',
  },
  {
    name: 'a failure is not recorded in a case that is open',
    file: 'cases/comment.ts',
    text: 'isChecked ? recordRun(limited, existing, { run, others: duplicates }) : undefined,',
    replacement: 'undefined,',
  },
  {
    name: 'a failure leaves duplicates open',
    file: 'cases/comment.ts',
    text: "if (state?.state === 'open') await closeOtherCases(",
    replacement: "if (state?.state === 'closed') await closeOtherCases(",
  },
  {
    name: 'only the oldest of several open cases is closed',
    file: 'cases/close.ts',
    text: 'duplicates: decision.duplicates }',
    replacement: 'duplicates: [] }',
  },
  {
    name: 'every create is repeated like a request that does no harm',
    file: 'datadog/cases.ts',
    text: 'body,\n    idempotent: false,\n    about: {\n      project',
    replacement: 'body,\n    idempotent: true,\n    about: {\n      project',
  },
  {
    name: 'a create is repeated without a search',
    file: 'cases/create/create-once.ts',
    text: 'const candidates = await pollForOwnCase(datadog, request);',
    replacement: 'const candidates: Case[] = [];',
  },
  {
    name: 'a server that fails has certainly done nothing',
    file: 'http/fate.ts',
    text: "error.status >= 500 || error.status === 408 ? 'unknown' : 'refused'",
    replacement: "'refused'",
  },
  {
    name: 'a short page is the last one',
    file: 'datadog/search.ts',
    text: "typeof total === 'number' ? page < total : data.length > 0",
    replacement: "typeof total !== 'string' && data.length === PAGE_SIZE",
  },
  {
    name: 'a failed search costs the case',
    file: 'cases/gather.ts',
    text: 'warn(`${explain(error).text} A new case is opened; it may be a duplicate.`, doubt);\n    return NO_CASES;',
    replacement: 'throw error;',
  },
  {
    // Two warnings of the same doubt stand in for each other, so both go.
    name: 'what is in doubt is not reported',
    file: 'report/reporter.ts',
    text: 'if (doubt) this.doubts.push(doubt);',
    replacement: '',
  },
  {
    name: 'a case is looked for under the spelling of its project',
    file: 'cases/gather.ts',
    text: 'projectId: found.id,',
    replacement: 'projectId: inputs.project,',
  },
  {
    name: 'the same repository on two servers has one key',
    file: 'github/watched-job.ts',
    text: "    'watch',\n    job.server,\n",
    replacement: "    'watch',\n",
  },
  {
    name: 'all branches of a job share a case',
    file: 'github/watched-job.ts',
    text: '    job.refType,\n    job.ref,\n',
    replacement: '    job.refType,\n',
  },
  {
    name: 'the results of other jobs and of a job itself share a case',
    file: 'stages/auto.ts',
    text: "derivedKey: JSON.stringify(['results', deriveSubjectKey(subject), deriveDedupKey(job)]),",
    replacement: 'derivedKey: deriveSubjectKey(subject),',
  },
  {
    name: 'only closed_at says when a case was closed',
    file: 'datadog/case.ts',
    text: "Date.parse(text('closed_at') || text('modified_at'))",
    replacement: "Date.parse(text('closed_at'))",
  },
  {
    name: 'reopen_within does not end',
    file: 'cases/decide.ts',
    text: 'Math.max(0, nowMs - closedAtMs) < periodMs',
    replacement: 'Math.max(0, nowMs - closedAtMs) >= 0',
  },
  {
    name: 'the inputs of the end of a job are believed',
    file: 'stages/saved-environment.ts',
    text: 'return LATE_SECRETS.includes(name) && !start.trim() ? end : start;',
    replacement: 'return end;',
  },
  {
    name: 'a cancelled job closes its case',
    file: 'stages/decide.ts',
    text: "if (decision.cause === 'cancelled') return none({ kind: 'cancelled-ignored' });",
    replacement: "if (decision.cause === 'cancelled') return { operation: 'close' };",
  },
  {
    name: 'the keys are not known to be secrets',
    file: 'run.ts',
    text: '...collectSecrets(givenValues, givenEnv), ',
    replacement: '',
  },
  {
    name: 'a text is cut before its secrets are replaced',
    file: 'inputs/parse-inputs.ts',
    text: 'context.redactor.redact(raw.dedup_key)',
    replacement: 'context.redactor.redact(raw.dedup_key.reveal().slice(0, 80))',
  },
  {
    name: 'a dry run closes',
    file: 'cases/close.ts',
    text: "if (inputs.isDryRun) return { outcome: 'planned', operation: 'close', case: decision.case };",
    replacement: '',
  },
  {
    name: 'requests have no time limit',
    file: 'http/attempt.ts',
    text: 'const deadline = clock.timeoutSignal(remainingMs);',
    replacement: 'const deadline = clock.timeoutSignal(remainingMs * 4);',
  },
  {
    name: 'the outputs name no case',
    file: 'report/reporter.ts',
    text: "this.#setOutput('case_id', datadogCase.id);",
    replacement: "this.#setOutput('case_id', datadogCase.key);",
  },
  ...DELIBERATE_SYNC_FAULTS.map((fault) => ({ ...fault, world: 'sync' as const })),
];
