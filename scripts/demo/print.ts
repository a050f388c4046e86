// Prints what people see of a run.

const MAX_JSON_LINE_CHARS = 200;

/** Prints a text under a title, with long JSON shortened. */
export function printSection(title: string, text: string): void {
  console.log(`  ── ${title}\n${shortenJson(text.trimEnd()).replace(/^/gm, '  │ ')}`);
}

/** Leaves out most lines of JSON that is spread over many lines, and the ends of its long lines. */
function shortenJson(text: string): string {
  return text
    .replace(/^\{\n(?: .*\n)+\}$/gm, (json) => {
      const lines = json.split('\n');
      return lines.length > 12 ? [...lines.slice(0, 6), '  …', '}'].join('\n') : json;
    })
    .replace(new RegExp(`^( *".{${MAX_JSON_LINE_CHARS}}).+$`, 'gm'), '$1…');
}

const MAX_OUTPUT_CHARS = 120;

/** Outputs, one per line. Long ones, which are JSON, are shortened. */
export function renderOutputs(outputs: Readonly<Record<string, string>>): string {
  const lines = Object.entries(outputs).map(([name, value]) => {
    const isLong = value.length > MAX_OUTPUT_CHARS;
    const shown = isLong ? `${value.slice(0, MAX_OUTPUT_CHARS)}… (${value.length} characters)` : value;
    return `${name}: ${shown}`;
  });
  return lines.join('\n');
}

/** Renders the log as GitHub shows it, with workflow commands as labels. */
export function renderLog(log: string): string {
  const decode = (text: string) => decodeURIComponent(text.replace(/%(?!0[AD]|25)/g, '%25'));
  return log
    .replaceAll('\r\n', '\n') // On Windows.
    .replace(/^::add-mask::.*\n/gm, '')
    .replace(/^::(\w)(\w+)(?: [^:]*)?::(.*)$/gm, (_, first: string, rest: string, message: string) => {
      return `${first.toUpperCase()}${rest}: ${decode(message)}`;
    });
}
