import { InputError } from '../base/errors.ts';
import type { DatadogClient } from '../datadog/client.ts';
import type { LookupResult } from '../datadog/entities.ts';
import { fetchProject } from '../datadog/projects.ts';
import { type ResolvedNames, resolveNames } from '../datadog/resolve-names.ts';
import { verifyNames } from '../datadog/verify-names.ts';
import type { RunContext } from '../github/run-context.ts';
import { timeFor } from '../http/time-plan.ts';
import type { SyncInputs } from '../inputs/parse-sync-inputs.ts';
import type { TrackedCase } from './case-state.ts';
import { decide, type Plan, type Rules, type ToolCases } from './decide.ts';
import { carryOut, type Execution, toRow } from './engine/carry-out.ts';
import { RateLimit } from './engine/concurrency.ts';
import type { SyncContext } from './engine/context.ts';
import { fetchReportCases } from './engine/search.ts';
import { settleOpenings } from './engine/settle.ts';
import { hashTool, itemReference, reportReference } from './identity.ts';
import { GROUPINGS } from './read/format.ts';
import type { Report } from './read/report.ts';
import type { Row, ShownOnly, SyncProblem, SyncResult } from './result.ts';

/** What syncing works with. */
interface SyncTools {
  readonly datadog: DatadogClient;
  readonly inputs: SyncInputs;
  readonly run: RunContext;
  /** What distinguishes this report from those of other jobs and repositories. */
  readonly source: string;
  readonly report: Report;
  /** Why nothing may be changed; `undefined` for a run that does. */
  readonly shownOnly: ShownOnly | undefined;
  readonly runWord: string;
  readonly log: (line: string) => void;
  readonly warn: (text: string) => void;
}

/**
 * Keeps one case for each item of a report: searches, decides, changes, and searches once more. Throws InputError,
 * LookupError, HttpError, NetworkError, TimeoutError and UnexpectedResponseError if nothing was changed.
 */
export async function syncReport(tools: SyncTools): Promise<SyncResult> {
  const { inputs, report, shownOnly, source } = tools;
  checkGrouping(tools);
  const rateLimit = new RateLimit(tools.datadog.clock);
  const datadog = rateLimit.apply(tools.datadog);
  const changing = rateLimit.applyToChanges(tools.datadog);
  const project = await fetchProject(datadog, inputs.project);
  const context = createContext(tools, { datadog, rateLimit, changing }, project);
  if (inputs.isDryRun) await checkNames(context);
  const identity = { projectId: project.id, source };
  const reference = reportReference(identity);
  const all = await fetchReportCases(datadog, project.id, reference);
  const found = report.tools.map((tool): ToolCases => {
    const hash = hashTool(tool);
    return {
      tool,
      cases: all.cases.filter(({ state }) => state.tool === hash),
      isSearchComplete: all.isComplete,
      referenceOf: (itemId) => itemReference(identity, tool, itemId),
    };
  });
  const rules = toRules(tools, datadog);
  const plan = addMissingTools(decide(report, found, rules), report, all.cases);
  const openBefore = countOpenBefore(report, all.cases);
  if (shownOnly) return showPlan(plan, { inputs, shownOnly, openBefore });
  const deadlineMs = datadog.clock.now() + timeFor('syncChanges', datadog);
  const execution = await carryOut(context, { plan, report, tools: found, rules, reference, deadlineMs });
  if (!execution.doneCount && execution.error && !execution.openings.length) throw execution.error;
  const rows = await settleOpenings(context, execution, {
    report: reference,
    mayClose: !inputs.unclearNames.length,
  });
  return toResult({ plan, inputs, execution, rows, openBefore });
}

/** `group_by` is about formats, which are only known once the files were read. Throws InputError. */
function checkGrouping({ inputs: { groupBy }, report }: SyncTools): void {
  if (!groupBy) return;
  for (const { format } of report.tools) {
    const allowed: readonly string[] = GROUPINGS[format];
    if (!allowed.includes(groupBy))
      throw new InputError([
        {
          input: 'group_by',
          text: `"${groupBy}" is not valid for a report in the format ${format}. Use one of: ${allowed.join(', ')}.`,
        },
      ]);
  }
}

function createContext(
  tools: SyncTools,
  { datadog, rateLimit, changing }: Pick<SyncContext, 'datadog' | 'rateLimit' | 'changing'>,
  project: LookupResult,
): SyncContext {
  const { inputs, run, runWord, log } = tools;
  let names: Promise<ResolvedNames> | undefined;
  const warned = new Set<string>();
  return {
    datadog,
    changing,
    rateLimit,
    inputs,
    run,
    projectId: project.id,
    runWord,
    log,
    warn: (text) => {
      if (!warned.has(text)) tools.warn(text);
      warned.add(text);
    },
    names: () => {
      names ??= resolveNames(datadog, Promise.resolve(project), inputs);
      return names;
    },
    omissions: inputs.omissions,
    form: { isComplete: true, isStandard: false, isShort: false },
  };
}

/** A dry run finds what a real run would only warn about. Throws InputError. */
async function checkNames({ datadog, inputs, names }: SyncContext): Promise<void> {
  const resolved = await names();
  const { issues } = await verifyNames(datadog, { ...inputs, statusName: '' }, resolved.type.id);
  const all = [...resolved.omissions, ...issues];
  if (all.length) throw new InputError(all);
}

function toRules({ inputs, run }: SyncTools, { clock }: DatadogClient): Rules {
  const { minSeverity, maxNew, maxClosed, onClosed } = inputs;
  return {
    minSeverity,
    maxNew,
    maxClosed,
    mayClose: inputs.shouldClose && !inputs.unclearNames.length,
    onClosed: ({ format }) => onClosed ?? (format === 'junit' ? 'reopen' : 'ignore'),
    run: run.run,
    nowMs: clock.now(),
  };
}

/** The open cases of tools that the report doesn't mention. */
function listOpenOfOthers({ tools }: Report, cases: readonly TrackedCase[]): TrackedCase[] {
  const known = new Set(tools.map(hashTool));
  return cases.filter(({ case: found, state }) => found.isOpen && !known.has(state.tool));
}

/** Says that there are cases of tools that the report doesn't mention: they stay open. */
function addMissingTools(plan: Plan, report: Report, cases: readonly TrackedCase[]): Plan {
  const count = listOpenOfOthers(report, cases).length;
  return count ? { ...plan, problems: [...plan.problems, { kind: 'tool-missing', count }] } : plan;
}

/**
 * How many cases of the report are open. Those of tools that it doesn't mention count if it may mention them in a file
 * that could not be read; otherwise another step of the job syncs them.
 */
function countOpenBefore(report: Report, cases: readonly TrackedCase[]): number {
  const openCount = cases.filter((tracked) => tracked.case.isOpen).length;
  const isUnclear = report.problems.length > 0 || !report.tools.length;
  return isUnclear ? openCount : openCount - listOpenOfOthers(report, cases).length;
}

function listProblems({ problems }: Plan, { unclearNames }: SyncInputs): SyncProblem[] {
  return [
    ...problems,
    ...(unclearNames.length ? [{ kind: 'unclear-inputs', names: unclearNames } as const] : []),
  ];
}

function showPlan(
  plan: Plan,
  {
    inputs,
    shownOnly,
    openBefore,
  }: { readonly inputs: SyncInputs; readonly shownOnly: ShownOnly; readonly openBefore: number },
): SyncResult {
  return {
    outcome: 'planned',
    rows: plan.actions.map((action) => toRow(action)),
    problems: listProblems(plan, inputs),
    openCount: openBefore,
    belowCount: plan.belowCount,
    shownOnly,
  };
}

interface Done {
  readonly plan: Plan;
  readonly inputs: SyncInputs;
  readonly execution: Execution;
  readonly rows: readonly Row[];
  readonly openBefore: number;
}

function toResult({ plan, inputs, execution, rows, openBefore }: Done): SyncResult {
  const count = (...actions: readonly Row['action'][]) =>
    rows.filter(({ action }) => actions.includes(action)).length;
  const { lateCount, incompleteCount } = execution;
  return {
    outcome: lateCount || incompleteCount || count('failed', 'unknown') ? 'partial' : 'synced',
    rows,
    problems: [
      ...listProblems(plan, inputs),
      ...(lateCount ? [{ kind: 'out-of-time', count: lateCount } as const] : []),
    ],
    // Each item that a case was opened for has one, even if that of another run stays.
    openCount:
      openBefore +
      execution.openings.length -
      count('unknown') +
      count('reopened') -
      count('closed', 'merged'),
    belowCount: plan.belowCount,
    shownOnly: undefined,
  };
}
