import { hashParts } from '../identity.ts';
import { type Format, GROUPINGS, type GroupBy } from './format.ts';
import { IdSet } from './id-set.ts';
import type { Problem } from './problems.ts';
import type { Item, Member, Report, ToolReport } from './report.ts';
import { type Identifiable, identifyResults } from './sarif-members.ts';
import { compareSeverity, maxSeverity, type Severity } from './severity.ts';

/** A finding, test or item as a reader adds it. */
export interface Entry {
  /** What identifies its case. */
  readonly parts: readonly string[];
  readonly title: string;
  readonly severity: Severity;
  readonly details?: string;
  readonly url?: string;
  readonly member: Member;
}

/** A finding that can be identified once all findings of its tool are known. */
export interface Finding {
  readonly file: string;
  readonly identifiable: Identifiable;
  readonly toEntry: (identity: readonly string[]) => Entry;
}

interface MutableItem extends Item {
  severity: Severity;
  title: string;
  details: string;
  url: string;
  readonly members: Map<string, Member>;
  readonly files: Set<string>;
}

/** Collects what files say about one tool. */
export class ToolCollector implements ToolReport {
  readonly items = new Map<string, MutableItem>();
  readonly passed: ToolReport['passed'];
  readonly suites = new Map<string, { ran: number; skipped: number }>();
  readonly files = new Set<string>();
  readonly problems: Problem[] = [];
  readonly format: Format;
  readonly tool: string;
  readonly category: string;
  readonly groupBy: GroupBy;

  readonly #findings: Finding[] = [];
  readonly #redact: (text: string) => string;
  readonly #passed = new IdSet();
  readonly #skipped = new IdSet();
  readonly #counted = new IdSet();

  constructor(
    about: Pick<ToolReport, 'format' | 'tool' | 'category' | 'groupBy'>,
    redact: (text: string) => string,
  ) {
    this.#redact = redact;
    this.format = about.format;
    this.tool = about.tool;
    this.category = about.category;
    this.groupBy = about.groupBy;
    const [passed, skipped] = [this.#passed, this.#skipped];
    this.passed = {
      get size() {
        return passed.size;
      },
      has: (id) => passed.has(id) && !skipped.has(id),
    };
  }

  /** Adds a finding whose identity depends on the others, in other files, too. */
  addFinding(finding: Finding): void {
    this.#findings.push(finding);
  }

  /** Adds all findings to the items that they belong to. */
  identifyFindings(): void {
    const findings = this.#findings.splice(0);
    const identities = identifyResults(findings.map(({ identifiable }) => identifiable));
    for (const [index, { file, toEntry }] of findings.entries())
      this.add(file, toEntry(identities[index] ?? []));
  }

  /** Adds a finding to the item that it belongs to. The order in which findings are added makes no difference. */
  add(file: string, entry: Entry): void {
    const { title, severity, details = '', url = '', member } = entry;
    const id = this.identify(entry.parts);
    let item = this.items.get(id);
    // The words of the most severe one: tools write the severity into them.
    if (!item || compareSeverity(severity, item.severity) < 0) {
      const redact = this.#redact;
      const texts = { title: redact(title), details: redact(details), url: redact(url) };
      item ??= {
        id,
        kind: this.groupBy,
        severity,
        ...texts,
        members: new Map(),
        files: new Set(),
        ...(this.groupBy === 'suite' && { counts: this.#countsOf(id) }),
      };
      Object.assign(item, texts);
      this.items.set(id, item);
    }
    item.severity = maxSeverity(item.severity, severity);
    item.files.add(file);
    const known = item.members.get(member.id);
    if (!known || (member.line ?? 0) < (known.line ?? 0))
      item.members.set(member.id, this.#redactMember(member));
  }

  /** Identities are hashes, and stay as they are. */
  #redactMember(member: Member): Member {
    const redact = this.#redact;
    const { name, suite, path, message } = member;
    const texts = { name: redact(name), path: redact(path), message: redact(message) };
    return { ...member, ...texts, ...(suite !== undefined && { suite: redact(suite) }) };
  }

  /** Records that what has this hash ran and passed. */
  addPassed(id: string): void {
    this.#passed.add(id);
  }

  /** Records that what has this hash was skipped, at least in one place: then it didn't certainly pass. */
  addSkipped(id: string): void {
    this.#skipped.add(id);
  }

  /** Counts a test of a suite, once for each way in which it ended. */
  countTest(suite: string, test: string, how: 'ran' | 'skipped'): void {
    const before = this.#counted.size;
    this.#counted.add(hashParts([suite, test, how]));
    if (this.#counted.size > before) this.#countsOf(suite)[how] += 1;
  }

  #countsOf(suite: string): { ran: number; skipped: number } {
    const key = suite.slice(0, 16);
    const counts = this.suites.get(key) ?? { ran: 0, skipped: 0 };
    this.suites.set(key, counts);
    return counts;
  }

  /** Removes secrets from what was added without redaction. */
  redactNames(): void {
    redactProblems(this.problems, this.#redact);
    redactSet(this.files, this.#redact);
    for (const { files } of this.items.values()) redactSet(files, this.#redact);
  }

  identify(parts: readonly string[]): string {
    return hashParts([this.groupBy, ...parts]);
  }
}

/** Collects what all files say. */
export class ReportCollector implements Report {
  readonly files = new Set<string>();
  readonly problems: Problem[] = [];
  readonly #tools = new Map<string, ToolCollector>();
  readonly #groupBy: GroupBy | undefined;

  /** Removes secrets from a text, which must come before it is shortened. */
  readonly redact: (text: string) => string;

  /** Without `groupBy`, each format has its default. `redact` removes secrets from every text. */
  constructor(groupBy?: GroupBy, redact: (text: string) => string = (text) => text) {
    this.#groupBy = groupBy;
    this.redact = redact;
  }

  get tools(): readonly ToolCollector[] {
    return [...this.#tools.values()];
  }

  /** What is known about a tool, to add to. Reports that `file` says something about it. */
  tool(file: string, given: Pick<ToolReport, 'format' | 'tool' | 'category'>): ToolCollector {
    const about = { ...given, tool: this.redact(given.tool), category: this.redact(given.category) };
    const key = hashParts([about.format, about.tool, about.category]);
    const groupBy = this.#groupBy ?? GROUPINGS[about.format][0];
    const collector = this.#tools.get(key) ?? new ToolCollector({ ...about, groupBy }, this.redact);
    this.#tools.set(key, collector);
    collector.files.add(file);
    return collector;
  }

  /**
   * Identifies all findings, once all files were read. Removes secrets from what was added without redaction: the names
   * of files, and problems.
   */
  finish(): void {
    redactProblems(this.problems, this.redact);
    redactSet(this.files, this.redact);
    for (const tool of this.tools) {
      tool.identifyFindings();
      tool.redactNames();
    }
  }
}

function redactProblems(problems: Problem[], redact: (text: string) => string): void {
  const redactValue = (value: unknown) => (typeof value === 'string' ? redact(value) : value);
  for (const [index, problem] of problems.entries())
    problems[index] = Object.fromEntries(
      Object.entries(problem).map(([name, value]) => [name, redactValue(value)]),
    ) as unknown as Problem;
}

function redactSet(texts: Set<string>, redact: (text: string) => string): void {
  const redacted = [...texts].map(redact);
  texts.clear();
  for (const text of redacted) texts.add(text);
}
