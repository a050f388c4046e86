import type { Complaint } from './errors.ts';
import { isRecord } from './json.ts';

/** The API's own words out of any form of error body: both recorded ones, a gateway's text, a page, or nothing. */
export function complaints(text: string): Complaint[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return text.trim() ? [{ text: excerpt(text) }] : [];
  }
  const { errors, error, message } = isRecord(body) ? body : {};
  const list = Array.isArray(errors) ? errors : [errors ?? error ?? message ?? body];
  return list.slice(0, 10).flatMap((item) => complaint(item) ?? []);
}

function complaint(item: unknown): Complaint | undefined {
  if (!isRecord(item))
    return item === undefined || item === null || item === ''
      ? undefined
      : { text: excerpt(typeof item === 'string' ? item : JSON.stringify(item)) };
  const { title, detail, message, meta } = item;
  const words = [title, detail, message].filter((word) => typeof word === 'string' && word !== '');
  // These titles only repeat the status; the detail says what is the matter.
  const telling = words.filter(
    (word) => words.length === 1 || !/^(?:Generic Error|Bad Request)$/i.test(String(word)),
  );
  const text = excerpt(telling.join(': ') || JSON.stringify(item));
  return isRecord(meta) && typeof meta.key === 'string' ? { text, key: meta.key } : { text };
}

/** The beginning of a text, on one line; a web page only by its name. */
export function excerpt(text: string): string {
  if (/^\s*<(?:!doctype|html)/i.test(text))
    return 'a web page, which no API sends (a gateway or proxy may have answered)';
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
