import { readWorkspaceFile } from '../../src/inputs/description-file.ts';

/** What `readWorkspaceFile` returns, with the text as it was read. */
export async function readText(...args: Parameters<typeof readWorkspaceFile>) {
  const { text, problems } = await readWorkspaceFile(...args);
  return { text: text.reveal(), problems };
}
