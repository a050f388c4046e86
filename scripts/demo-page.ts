import { readFile } from 'node:fs/promises';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

export interface DemoSection {
  readonly title: string;
  readonly markdown: string;
}

/** A page that shows Markdown as GitHub renders it, in GitHub's own style. */
export async function renderDemoPage(sections: readonly DemoSection[]): Promise<string> {
  const style = await readFile('node_modules/github-markdown-css/github-markdown-light.css', 'utf8');
  const parts = sections.map(
    ({ title, markdown }) =>
      `<h6>${title}</h6>\n<section class="markdown-body">\n${renderMarkdown(markdown)}\n</section>`,
  );
  return `<!doctype html>
<meta charset="utf-8">
<title>What people see</title>
<style>
${style}
body { font-family: sans-serif; margin: 24px auto; max-width: 760px; }
section { border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px; }
h6 { color: #59636e; font-size: 12px; margin: 24px 0 6px; }
</style>
${parts.join('\n')}
`;
}

function renderMarkdown(markdown: string): string {
  // GitHub keeps <details> and drops comments. The action writes no other HTML.
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}
