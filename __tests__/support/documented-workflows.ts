import { readdir, readFile } from 'node:fs/promises';

/** A workflow that users copy: an example, or a block of YAML in the README or a page under docs/. */
export interface DocumentedWorkflow {
  /** The file, and the line where the block begins. */
  readonly name: string;
  readonly text: string;
}

/** Every workflow in examples/. */
export async function readExamples(): Promise<DocumentedWorkflow[]> {
  const names = await readdir('examples');
  return Promise.all(
    names.map(async (name) => ({
      name: `examples/${name}`,
      text: await readFile(`examples/${name}`, 'utf8'),
    })),
  );
}

/** Every block of YAML in the README and docs/, completed to a workflow. */
export async function readSnippets(): Promise<DocumentedWorkflow[]> {
  const pages = (await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  const blocks = await Promise.all(['README.md', ...pages].map(readBlocks));
  return blocks.flat();
}

async function readBlocks(path: string): Promise<DocumentedWorkflow[]> {
  const text = await readFile(path, 'utf8');
  return [...text.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map((match) => {
    const [, indent = '', block = ''] = match;
    const line = text.slice(0, match.index).split('\n').length;
    return {
      name: `${path}:${line}`,
      text: completeWorkflow(block.replaceAll(`\n${indent}`, '\n').trimStart()),
    };
  });
}

/** Completes a block that holds only jobs, steps, or settings of a workflow. */
function completeWorkflow(block: string): string {
  if (/^on:/m.test(block)) return block;
  if (/^jobs:/m.test(block)) return `on: push\n${block}`;
  if (block.startsWith('- ')) {
    const steps = block.replace(/^(?=.)/gm, ' '.repeat(6));
    return `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
  }
  return `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n      - run: "true"\n${block}`;
}
