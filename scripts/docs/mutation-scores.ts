// Writes the scores of the last mutation test into docs/testing.md, and fails if a folder's score is too low.
import { readFile } from 'node:fs/promises';
import { replaceTable } from './replace-table.ts';

/** Stryker checks the score of all folders together (`thresholds` in stryker.config.mjs), but not that of each. */
const LOWEST_FOLDER_SCORE = 75;

interface Report {
  files: Record<string, { mutants: { status: string }[] }>;
}

interface Counts {
  noticed: number;
  missed: number;
}

const report = JSON.parse(await readFile('reports/mutation/report.json', 'utf8')) as Report;
const folders = countByFolder(report);
const total: Counts = { noticed: 0, missed: 0 };
for (const { noticed, missed } of folders.values()) {
  total.noticed += noticed;
  total.missed += missed;
}
const rows = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
const table = ['| folder | mutants | noticed | score |', '|---|---|---|---|'];
for (const [folder, counts] of [...rows, ['all', total] as const]) {
  table.push(
    `| ${folder} | ${counts.noticed + counts.missed} | ${counts.noticed} | ${score(counts).toFixed(1)}% |`,
  );
}
await replaceTable('docs/testing.md', 'scores', 'npm run mutate', `${table.join('\n')}\n`);

for (const [folder, counts] of rows) {
  if (score(counts) >= LOWEST_FOLDER_SCORE) continue;
  process.stderr.write(
    `${folder}: the score is ${score(counts).toFixed(1)}%, below ${LOWEST_FOLDER_SCORE}%.\n`,
  );
  process.exitCode = 1;
}

/** A mutant that makes a test run out of time is noticed, too. Ignored ones and those that don't run don't count. */
function countByFolder({ files }: Report): Map<string, Counts> {
  const folders = new Map<string, Counts>();
  for (const [file, { mutants }] of Object.entries(files)) {
    const folder =
      file.split('/').length > 2 ? file.split('/').slice(0, 2).join('/') : 'src, files at the root';
    const counts = folders.get(folder) ?? { noticed: 0, missed: 0 };
    for (const { status } of mutants) {
      if (status === 'Killed' || status === 'Timeout') counts.noticed += 1;
      if (status === 'Survived' || status === 'NoCoverage') counts.missed += 1;
    }
    folders.set(folder, counts);
  }
  return folders;
}

function score({ noticed, missed }: Counts): number {
  return (100 * noticed) / (noticed + missed);
}
