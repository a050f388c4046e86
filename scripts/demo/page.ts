import { readFile } from 'node:fs/promises';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

export interface DemoSection {
  /** What happens in the run that the section is about. */
  readonly scene: string;
  readonly title: string;
  readonly markdown: string;
}

export type Theme = 'light' | 'dark';

/**
 * A page that shows Markdown as GitHub renders it, in GitHub's own style, under the title of its scene. It is light or
 * dark, as the browser prefers.
 */
export async function renderDemoPage(sections: readonly DemoSection[]): Promise<string> {
  const parts = sections.map((section, index) => {
    const isNewScene = section.scene !== sections[index - 1]?.scene;
    const heading = isNewScene ? `<h2>${escapeHtml(section.scene)}</h2>\n` : '';
    return `${heading}<h6>${escapeHtml(section.title)}</h6>\n${renderMarkdown(section.markdown)}`;
  });
  return renderPage(
    'github-markdown.css',
    `:root { background: ${lightOrDark('canvas')}; color-scheme: light dark; }
body { margin: 24px auto; max-width: 760px; }
h2 { font-size: 18px; margin: 48px 0 0; }
h6 { color: ${lightOrDark('text')}; font-size: 12px; margin: 24px 0 6px; }
section { border: 1px solid ${lightOrDark('border')}; border-radius: 6px; padding: 16px; }`,
    parts.join('\n'),
  );
}

/** A page that shows one section in a box with a heading, for a picture. Its title becomes its height in pixels. */
export function renderPicturePage({ title, markdown }: DemoSection, theme: Theme): Promise<string> {
  const { canvas, border, header, text } = COLORS[theme];
  return renderPage(
    `github-markdown-${theme}.css`,
    `html { background: ${canvas}; }
body { margin: 0; padding: 8px; }
div { border: 1px solid ${border}; border-radius: 6px; overflow: hidden; }
h6 { background: ${header}; border-bottom: 1px solid ${border}; color: ${text}; font-size: 13px; margin: 0; padding: 10px 16px; }
section { padding: 16px; }
.markdown-body h3 { margin-top: 0; }`,
    `<div><h6>${escapeHtml(title)}</h6>\n${renderMarkdown(markdown)}</div>
<script>document.title = document.body.getBoundingClientRect().height;</script>`,
  );
}

/** Colors of GitHub's themes. */
const COLORS = {
  light: { canvas: '#ffffff', border: '#d1d9e0', header: '#f6f8fa', text: '#59636e' },
  dark: { canvas: '#0d1117', border: '#3d444d', header: '#151b23', text: '#9198a1' },
};

/** A color in CSS that follows the theme that the browser prefers. */
function lightOrDark(name: keyof (typeof COLORS)[Theme]): string {
  return `light-dark(${COLORS.light[name]}, ${COLORS.dark[name]})`;
}

/** A page with one of GitHub's style sheets, and a style of its own. */
async function renderPage(styleSheet: string, style: string, body: string): Promise<string> {
  const github = await readFile(`node_modules/github-markdown-css/${styleSheet}`, 'utf8');
  return `<!doctype html>
<meta charset="utf-8">
<title>Datadog Case Action demo</title>
<style>
${github}
body, .markdown-body { font-family: "Noto Sans", "Liberation Sans", Arial, sans-serif; }
${style}
</style>
${body}
`;
}

function renderMarkdown(markdown: string): string {
  // GitHub keeps <details> and drops comments. The action writes no other HTML.
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return `<section class="markdown-body">\n${html}\n</section>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
