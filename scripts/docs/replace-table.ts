import { readFile, writeFile } from 'node:fs/promises';

/** Replaces everything between the two comments that name a table. The first one names the command that does it. */
export async function replaceTable(
  file: string,
  name: string,
  command: string,
  table: string,
): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [start, end] = [`<!-- ${name}: ${command} -->\n`, `<!-- end of ${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} lacks the comments for ${name}.`);
  await writeFile(file, `${text.slice(0, from + start.length)}\n${table}\n${text.slice(to)}`);
}
