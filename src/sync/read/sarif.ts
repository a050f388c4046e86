import type { Log, Notification, Result, Run } from 'sarif';
import { asArray, asRecord, asString, isRecord, type JsonObject } from '../../base/json.ts';
import { hashParts } from '../identity.ts';
import type { Entry, ReportCollector, ToolCollector } from './collector.ts';
import type { GroupBy } from './format.ts';
import { normalizePath } from './paths.ts';
import { addProblem } from './problems.ts';
import type { ReportFile } from './report.ts';
import { type Candidate, listCandidates } from './sarif-candidates.ts';
import { describeRule, type ResultRule, RuleFinder, titleOfRule } from './sarif-rules.ts';
import { parseSeverity, readSecuritySeverity, type Severity } from './severity.ts';

// Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. The types only name the properties: tools
// write anything, so that every value is checked.

/** A JSON object that should have the properties of `T`. */
type Unchecked<T> = { readonly [Key in keyof T]?: unknown };

/**
 * Reads a SARIF log. What makes it incomplete becomes a problem of its tool, or of the whole report. Returns whether it
 * has runs that could be read.
 */
export function readSarif(json: unknown, { file, workspace }: ReportFile, into: ReportCollector): boolean {
  const { runs, version }: Unchecked<Log> = asRecord(json);
  if (!Array.isArray(runs)) {
    into.problems.push({ kind: 'no-runs', file });
    return false;
  }
  if (isOld(version)) {
    into.problems.push({ kind: 'old-sarif', file, version: String(version).trim() });
    return false;
  }
  for (const raw of runs) {
    if (!isRecord(raw)) addProblem(into.problems, { kind: 'no-runs', file });
    else readRun(raw, { file, workspace }, into);
  }
  return true;
}

/** Whether a version is older than 2.1: suppressions, kinds and messages have other forms there. */
function isOld(version: unknown): boolean {
  const [, major, minor] = /^\s*(\d+)(?:\.(\d+))?/.exec(String(version)) ?? [];
  return Number(major) < 2 || (Number(major) === 2 && Number(minor) < 1);
}

function readRun(run: Unchecked<Run>, { file, workspace }: ReportFile, into: ReportCollector): void {
  const tool = asRecord(run.tool);
  const name = asString(asRecord(tool.driver).name);
  const category = readCategory(run);
  const collector = into.tool(file, { format: 'sarif', tool: name, category });
  for (const kind of findProblems(run)) addProblem(collector.problems, { kind, file, tool: name });
  if (!Array.isArray(run.results)) return;
  const rules = new RuleFinder(tool);
  const paths = new PathResolver(run, workspace);
  for (const [index, result] of run.results.entries()) {
    if (isRecord(result) && !isFinding(result)) continue;
    const finding = isRecord(result) ? readFinding(result, rules, paths) : undefined;
    if (finding && saysSomething(finding)) addFinding(file, finding, collector);
    else addProblem(collector.problems, { kind: 'malformed-entry', file, position: index + 1 });
  }
}

/** `automationDetails.id` without what follows its last slash, which names the run. */
function readCategory({ automationDetails }: Unchecked<Run>): string {
  return asString(asRecord(automationDetails).id).replace(/(^|\/)[^/]*$/, '');
}

/** Why the results of a run may not be all. What should say that the tool succeeded must say so. */
function findProblems(run: Unchecked<Run>) {
  const invocations = asArray(run.invocations).map(asRecord);
  const notifications = invocations
    .flatMap((invocation) => [
      ...asArray(invocation.toolExecutionNotifications),
      ...asArray(invocation.toolConfigurationNotifications),
    ])
    .map((notification): Unchecked<Notification> => asRecord(notification));
  const kinds = [
    !Array.isArray(run.results) && 'no-results',
    isRecord(asRecord(run.externalPropertyFileReferences).results) && 'external-results',
    asArray(asRecord(run.externalPropertyFileReferences).results).length > 0 && 'external-results',
    invocations.some(({ executionSuccessful = true }) => executionSuccessful !== true) && 'execution-failed',
    notifications.some(({ level }) => toWord(level) === 'error') && 'error-notification',
  ] as const;
  return kinds.filter((kind) => kind !== false);
}

/** The kinds of results that aren't findings. */
const OTHER_KINDS: readonly string[] = ['pass', 'open', 'informational', 'notapplicable', 'review'];

/** Whether a result is a finding now: not passed, not gone and not suppressed. Unknown words don't say so. */
function isFinding({ kind, baselineState, suppressions }: Unchecked<Result>): boolean {
  if (OTHER_KINDS.includes(toWord(kind))) return false;
  if (toWord(baselineState) === 'absent') return false;
  // All must be accepted: people disagree otherwise.
  const all = asArray(suppressions);
  return !all.length || !all.every(isAccepted);
}

/** Without a status, a suppression is accepted. */
function isAccepted(suppression: unknown): boolean {
  if (!isRecord(suppression)) return false;
  const { status } = suppression;
  return status === undefined || status === null || status === '' || toWord(status) === 'accepted';
}

/** A word of SARIF, however it is written: some tools write the names of their constants, such as `NOT_APPLICABLE`. */
function toWord(value: unknown): string {
  return asString(value)
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
}

interface Finding {
  readonly rule: ResultRule;
  readonly path: string;
  readonly line: number | undefined;
  readonly message: string;
  readonly severity: Severity;
  readonly candidates: readonly Candidate[];
  readonly position: readonly number[];
}

/** What says where a region is. */
const POSITION = ['startLine', 'startColumn', 'endLine', 'endColumn', 'charOffset', 'byteOffset'] as const;

function readFinding(result: JsonObject, rules: RuleFinder, paths: PathResolver): Finding {
  const rule = rules.find(result);
  const message = rules.messageOf(result, rule);
  const physical = asRecord(asRecord(asArray(result.locations)[0]).physicalLocation);
  const region = asRecord(physical.region);
  const { startLine } = region;
  return {
    rule,
    path: paths.resolve(asRecord(physical.artifactLocation)),
    line: typeof startLine === 'number' && startLine > 0 ? startLine : undefined,
    message,
    severity: readSeverity(result, rule.definition),
    candidates: listCandidates(result, message),
    position: POSITION.map((name) => (typeof region[name] === 'number' ? region[name] : 0)),
  };
}

/** Whether there is anything that a case could be about. */
function saysSomething({ rule, path, message, candidates }: Finding): boolean {
  return rule.isNamed || path !== '' || message !== '' || candidates.length > 0;
}

function readSeverity(result: Unchecked<Result>, rule: JsonObject): Severity {
  const level = asString(result.level) || asString(asRecord(rule.defaultConfiguration).level);
  return (
    readSecuritySeverity(result) ??
    readSecuritySeverity(rule) ??
    parseSeverity(level || 'warning') ??
    'medium'
  );
}

function addFinding(file: string, finding: Finding, collector: ToolCollector): void {
  const { rule, path, candidates, position } = finding;
  collector.addFinding({
    file,
    identifiable: { rule: rule.id, path, candidates, position },
    toEntry: (identity) => toEntry(finding, identity, collector.groupBy),
  });
}

function toEntry(finding: Finding, identity: readonly string[], groupBy: GroupBy): Entry {
  const { rule, path, line, message, severity } = finding;
  const member = { id: hashParts(identity), name: groupBy === 'file' ? rule.id : '', path, line, message };
  const name = titleOfRule(rule.definition);
  const ruleTitle = name && name !== rule.id ? `${rule.id}: ${name}` : rule.id;
  const titles: Partial<Record<GroupBy, string>> = {
    rule: rule.isNamed ? ruleTitle : message,
    file: `Findings in ${path || 'unknown files'}`,
    finding: `${path ? `${path}: ` : ''}${message || ruleTitle}`,
  };
  const parts: Partial<Record<GroupBy, readonly string[]>> = { file: [path], finding: identity };
  return {
    parts: parts[groupBy] ?? [rule.id],
    title: titles[groupBy] ?? ruleTitle,
    severity,
    ...(groupBy !== 'file' && {
      details: describeRule(rule.definition),
      url: asString(rule.definition.helpUri),
    }),
    member,
  };
}

/** Resolves the locations of a run. */
class PathResolver {
  readonly #bases: JsonObject;
  readonly #artifacts: readonly unknown[];
  readonly #workspace: string;
  /** Where the tool ran, which is the workspace as a container sees it. */
  readonly #folder: string;

  constructor(run: Unchecked<Run>, workspace: string) {
    this.#bases = asRecord(run.originalUriBaseIds);
    this.#artifacts = asArray(run.artifacts);
    this.#workspace = workspace;
    const { workingDirectory } = asRecord(asArray(run.invocations)[0]);
    this.#folder = normalizePath(asString(asRecord(workingDirectory).uri), workspace);
  }

  /** The path of an artifact, relative to the workspace if it is inside; empty if unknown. */
  resolve(location: JsonObject): string {
    const { index } = location;
    const listed = typeof index === 'number' ? asRecord(asRecord(this.#artifacts[index]).location) : {};
    const { uri, uriBaseId } = asString(location.uri) ? location : listed;
    const own = asString(uri);
    if (!own) return '';
    const inWorkspace = normalizePath(this.#findBase(asString(uriBaseId)) + own, this.#workspace);
    const whole = isAbsolute(this.#folder) ? normalizePath(inWorkspace, this.#folder) : inWorkspace;
    // A base elsewhere is often a temporary folder, which has another name in the next run.
    return isAbsolute(whole) && !isAbsolute(own) ? normalizePath(own, this.#workspace) : whole;
  }

  /** The base's own URI, after those of the bases that it is relative to. */
  #findBase(id: string): string {
    const seen = new Set<string>();
    let base = '';
    for (let next = id; next && !seen.has(next); ) {
      seen.add(next);
      const { uri, uriBaseId } = asRecord(this.#bases[next]);
      const folder = asString(uri);
      base = (folder && !folder.endsWith('/') ? `${folder}/` : folder) + base;
      next = asString(uriBaseId);
    }
    return base;
  }
}

function isAbsolute(path: string): boolean {
  return /^(?:\/|\\|[a-z][a-z0-9+.-]*:)/i.test(path);
}
