import { isRecord } from '../base/json.ts';
import type { Redactor } from '../base/redactor.ts';
import type { Unredacted } from '../base/unredacted.ts';
import type { ApiError } from './errors.ts';

const MAX_ERRORS = 10;
const MAX_SUMMARY_CHARS = 300;

/** Extracts messages from an error response: JSON:API errors, plain text, HTML or empty. */
export function parseErrorBody(body: Unredacted, redactor: Redactor): ApiError[] {
  let json: unknown;
  try {
    json = redactor.parseJson(body);
  } catch {
    const text = redactor.redact(body);
    return text.trim() ? [toApiError(text)] : [];
  }
  const { errors, error, message } = isRecord(json) ? json : {};
  const items = Array.isArray(errors) ? errors : [errors ?? error ?? message ?? json];
  return items.slice(0, MAX_ERRORS).flatMap((item) => parseErrorItem(item) ?? []);
}

/** The beginning of a body on one line, at most 300 characters of it. An HTML page is only mentioned. */
export function summarizeBody(body: string): string {
  return toApiError(body).text;
}

function toApiError(body: string): ApiError {
  if (/^\s*<(?:!doctype|html)/i.test(body))
    return { text: 'an HTML page (probably from a gateway or proxy)', isHtmlPage: true };
  const line = body.replace(/\s+/g, ' ').trim();
  return { text: line.length > MAX_SUMMARY_CHARS ? `${line.slice(0, MAX_SUMMARY_CHARS)}…` : line };
}

function parseErrorItem(item: unknown): ApiError | undefined {
  if (item === undefined || item === null || item === '') return undefined;
  if (!isRecord(item)) return toApiError(typeof item === 'string' ? item : JSON.stringify(item));
  const { title, detail, message, meta } = item;
  const texts = [title, detail, message].filter((text) => typeof text === 'string' && text !== '');
  // These titles only repeat the status, so leave them out if there is anything else.
  const parts = texts.filter(
    (text) => texts.length === 1 || !/^(?:Generic Error|Bad Request)$/i.test(String(text)),
  );
  const error = toApiError(parts.join(': ') || JSON.stringify(item));
  return isRecord(meta) && typeof meta.key === 'string' ? { ...error, key: meta.key } : error;
}
