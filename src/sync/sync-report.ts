import { InputError } from '../base/errors.ts';
import type { DatadogClient } from '../datadog/client.ts';
import type { LookupResult } from '../datadog/entities.ts';
import { fetchProject } from '../datadog/projects.ts';
import { type ResolvedNames, resolveNames } from '../datadog/resolve-names.ts';
import { verifyNames } from '../datadog/verify-names.ts';
import type { RunContext } from '../github/run-context.ts';
import { timeFor } from '../http/time-plan.ts';
import type { SyncInputs } from '../inputs/parse-sync-inputs.ts';
import { decide, type Plan, type Rules, type ToolCases } from './decide.ts';
import { carryOut, type Execution, toRow } from './engine/carry-out.ts';
import { pauseTogether } from './engine/concurrency.ts';
import type { SyncContext } from './engine/context.ts';
import { fetchReportCases } from './engine/search.ts';
import { settleOpenings } from './engine/settle.ts';
import { itemReference, reportReference } from './identity.ts';
import { GROUPINGS } from './read/format.ts';
import type { Report, ToolReport } from './read/report.ts';
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
  const datadog = pauseTogether(tools.datadog);
  const project = await fetchProject(datadog, inputs.project);
  const context = createContext(tools, datadog, project);
  if (inputs.isDryRun) await checkNames(context);
  const identify = ({ tool, category }: ToolReport) => ({ projectId: project.id, source, tool, category });
  const reportOf = (tool: ToolReport) => reportReference(identify(tool));
  const found: ToolCases[] = [];
  for (const tool of report.tools) {
    const { cases, isComplete } = await fetchReportCases(datadog, project.id, reportOf(tool));
    const referenceOf = (itemId: string) => itemReference(identify(tool), itemId);
    found.push({ tool, cases, isSearchComplete: isComplete, referenceOf });
  }
  const rules = toRules(tools, datadog);
  const plan = decide(report, found, rules);
  const openBefore = countOpen(found);
  if (shownOnly) return showPlan(plan, { inputs, shownOnly, openBefore });
  const deadlineMs = datadog.clock.now() + timeFor('syncChanges', datadog);
  const execution = await carryOut(context, { plan, report, tools: found, rules, reportOf, deadlineMs });
  if (!execution.doneCount && execution.error && !execution.openings.length) throw execution.error;
  const rows = await settleOpenings(context, execution, { reportOf, mayClose: !inputs.unclearNames.length });
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

function createContext(tools: SyncTools, datadog: DatadogClient, project: LookupResult): SyncContext {
  const { inputs, run, runWord, log } = tools;
  let names: Promise<ResolvedNames> | undefined;
  const warned = new Set<string>();
  return {
    datadog,
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

function countOpen(tools: readonly ToolCases[]): number {
  return tools.flatMap(({ cases }) => cases).filter((tracked) => tracked.case.isOpen).length;
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
  const { lateCount } = execution;
  return {
    outcome: lateCount || count('failed', 'unknown') ? 'partial' : 'synced',
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
