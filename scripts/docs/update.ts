// Rewrites the tables in docs/ that are generated from real steps.
import { readFile, writeFile } from 'node:fs/promises';
import { renderFaultTable } from './fault-table.ts';
import { renderRequestTable } from './request-table.ts';

/** Replaces everything between the two comments that name a table. */
async function replaceTable(file: string, name: string, table: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [start, end] = [`<!-- ${name}: npm run docs:update -->\n`, `<!-- end of ${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} lacks the comments for ${name}.`);
  await writeFile(file, `${text.slice(0, from + start.length)}\n${table}\n${text.slice(to)}`);
}

await replaceTable('docs/faults.md', 'faults', await renderFaultTable());
await replaceTable('docs/performance.md', 'requests', await renderRequestTable());
