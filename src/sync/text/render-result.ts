import { codeSpan, tableRow, textLink } from '../../base/markdown.ts';
import type { Row, RowAction, ShownOnly, SyncResult } from '../result.ts';
import { describeProblems } from './problems.ts';
import { countMembers } from './words.ts';

/** What a step shows and sets at its end. */
interface SyncRendering {
  readonly outputs: Readonly<Record<string, string>>;
  readonly message: { readonly level: 'notice' | 'warning'; readonly text: string };
  /** Markdown for the step summary. */
  readonly summary: string;
}

/** The most rows of the table, and entries of the output `cases`. */
const MAX_ROWS = 100;
const MAX_TITLE_CHARS = 120;
const MAX_REASONS_IN_LOG = 3;
const COUNTED = ['opened', 'changed', 'reopened', 'closed', 'unchanged', 'deferred'] as const;

const ORDER: readonly RowAction[] = [
  'failed',
  'unknown',
  'opened',
  'reopened',
  'changed',
  'closed',
  'merged',
  'deferred',
  'kept',
  'unchanged',
];

const DONE: Readonly<Record<RowAction, string>> = {
  opened: 'opened',
  reopened: 'reopened',
  changed: 'changed',
  closed: 'closed',
  merged: 'closed as a duplicate',
  unchanged: 'unchanged',
  kept: 'left as it is',
  deferred: 'waits',
  failed: 'failed',
  unknown: 'maybe opened',
};

/** Renders a run that only shows what would happen. */
const PLANNED: Readonly<Record<RowAction, string>> = {
  ...DONE,
  opened: 'would be opened',
  reopened: 'would be reopened',
  changed: 'would be changed',
  closed: 'would be closed',
  merged: 'would be closed as a duplicate',
  deferred: 'would wait',
};

const REASONS: Readonly<Record<NonNullable<Row['reason']>, string>> = {
  unchanged: '',
  'closed-by-person': 'a person closed it',
  'newer-run': 'a newer run changed it',
  'close-off': 'gone, but nothing is closed',
  'duplicate-kept': 'a duplicate, but nothing is closed',
  incomplete: 'gone, but the report is incomplete',
  'not-run': 'the test did not run, or not everywhere',
  'other-grouping': 'opened with another `group_by`',
  'too-many-closed': 'gone, but more than `max_closed` are',
  'left-to-people': 'gone, but it was reopened twice',
  ambiguous: 'several references in its description',
  'max-new': '`max_new`',
  'out-of-time': 'no time',
};

/** Renders the result of a step. */
export function renderSyncResult(result: SyncResult): SyncRendering {
  const { outcome, rows, problems, shownOnly } = result;
  const counts = countRows(rows);
  const words = outcome === 'planned' ? PLANNED : DONE;
  const sentence = describeCounts(result, counts, words);
  const isComplete = problems.every(({ kind }) => kind === 'tool-missing');
  const heading = HEADINGS[outcome === 'synced' && !isComplete ? 'partial' : outcome];
  const reasons = describeProblems(problems);
  const hiddenCount = reasons.length - MAX_REASONS_IN_LOG;
  const sorted = [...rows].sort((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action));
  const shown = shownOnly ? describeShownOnly(shownOnly) : '';
  return {
    outputs: {
      ...Object.fromEntries(COUNTED.map((action) => [action, String(counts[action])])),
      open: String(result.openCount),
      complete: String(isComplete),
      cases: renderCases(sorted),
    },
    message: {
      level: heading === HEADINGS.partial ? 'warning' : 'notice',
      text: [
        [`${heading}: ${sentence}.`, shown].filter((text) => text).join(' '),
        ...reasons.slice(0, MAX_REASONS_IN_LOG),
        ...(hiddenCount > 0 ? [`The summary lists ${hiddenCount} more reasons.`] : []),
      ].join('\n'),
    },
    summary: [
      `### ${heading}`,
      `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.${shown && ` ${shown}`}`,
      renderTable(sorted, words),
      reasons.length
        ? [
            '**Why cases that are not in the report may still be open**',
            '',
            ...reasons.map((reason) => `- ${reason}`),
          ].join('\n')
        : '',
    ]
      .filter((part) => part)
      .join('\n\n'),
  };
}

const HEADINGS: Readonly<Record<SyncResult['outcome'], string>> = {
  synced: 'Datadog cases are in sync with the report',
  partial: 'Datadog cases are only partly in sync with the report',
  planned: 'What would happen to Datadog cases',
};

function countRows(rows: readonly Row[]): Record<RowAction, number> {
  const counts = Object.fromEntries(ORDER.map((action) => [action, 0])) as Record<RowAction, number>;
  for (const { action } of rows) counts[action] += 1;
  return counts;
}

function describeCounts(
  { openCount, belowCount, outcome }: SyncResult,
  counts: Readonly<Record<RowAction, number>>,
  words: Readonly<Record<RowAction, string>>,
): string {
  const ofMany: Partial<Record<RowAction, string>> = {
    deferred: outcome === 'planned' ? 'would be left to the next run' : 'left to the next run',
    kept: 'left as they are',
  };
  const parts = ORDER.filter((action) => counts[action]).map(
    (action) => `${counts[action]} ${ofMany[action] ?? words[action]}`,
  );
  if (belowCount) parts.push(`${belowCount} below \`min_severity\``);
  const open = `${openCount === 1 ? '1 case is' : `${openCount} cases are`} open${outcome === 'planned' ? ' now' : ''}`;
  return `${parts.join(', ') || 'nothing to do'}; ${open}`;
}

function renderTable(rows: readonly Row[], words: Readonly<Record<RowAction, string>>): string {
  const notable = rows.filter(({ action }) => action !== 'unchanged');
  if (!notable.length) return '';
  const lines = notable.slice(0, MAX_ROWS).map((row) => tableRow(renderCells(row, words)));
  const hidden = notable.length - lines.length;
  return [
    tableRow(['Action', 'Case', 'Severity', 'Title', 'Contains']),
    tableRow(['---', '---', '---', '---', '---']),
    ...lines,
    ...(hidden > 0 ? ['', `and ${hidden} more`] : []),
  ].join('\n');
}

function renderCells(row: Row, words: Readonly<Record<RowAction, string>>): string[] {
  const { action, case: found, severity, title, kind, memberCount, reason } = row;
  const why = reason && REASONS[reason];
  return [
    words[action] + (why ? ` (${why})` : ''),
    found ? textLink(found.label, found.url) : '',
    severity,
    codeSpan(title, MAX_TITLE_CHARS),
    countMembers(kind, memberCount),
  ];
}

function renderCases(rows: readonly Row[]): string {
  const listed = rows.flatMap(({ case: found, title, action }) =>
    found
      ? [{ key: found.key, url: found.url, title: title.slice(0, MAX_TITLE_CHARS).toWellFormed(), action }]
      : [],
  );
  return JSON.stringify(listed.slice(0, MAX_ROWS));
}

function describeShownOnly(reason: ShownOnly): string {
  switch (reason.kind) {
    case 'dry-run':
      return 'This is a dry run: nothing was changed.';
    case 'pull-request':
      return 'Nothing was changed, because this run is about a pull request.';
    case 'tag':
      return 'Nothing was changed, because this run is about a tag.';
    case 'other-branch':
      return `Nothing was changed, because ${codeSpan(reason.branch)} is not one of \`branches\`.`;
    case 'unknown-default-branch':
      return 'Nothing was changed, because the default branch is unknown (`branches`).';
    default:
      return reason satisfies never;
  }
}
