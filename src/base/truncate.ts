const MAX_QUOTED_CHARS = 80;

/** The beginning of the text, at most `maxChars` characters, ending with `…` if something was cut off. */
export function truncate(text: string, maxChars: number): string {
  return text.length > maxChars ? `${text.slice(0, maxChars - 1).trimEnd()}…`.toWellFormed() : text;
}

/** The text in double quotes and on one line, at most 80 characters of it, for a message. */
export function quoteShort(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}…` : text);
}
