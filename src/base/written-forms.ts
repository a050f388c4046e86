import { stripControlCharacters } from './log-text.ts';

/**
 * The secret as plain text, in capitals or small letters, inside JSON (also twice), URLs, forms and HTML, without what a
 * log would hide, in hexadecimal, and in Base64, alone or as a part of a longer text. Forms shorter than `minChars` are
 * left out: they would be found in ordinary text.
 */
export function listWrittenForms(secret: string, minChars: number): string[] {
  const visible = stripControlCharacters(secret);
  const texts = visible.length >= minChars ? [secret, visible] : [secret];
  const forms = [
    ...texts.flatMap(listEscapedForms),
    secret.toUpperCase(),
    secret.toLowerCase(),
    ...listEncodedForms(secret),
    ...listEncodedForms(escapeJson(secret)),
  ];
  return [...new Set(forms)].filter(({ length }) => length >= minChars);
}

function listEscapedForms(text: string): string[] {
  const json = escapeJson(text);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const urls = listUrlForms(text);
  return [
    text,
    json,
    escapeJson(json),
    escapeSlashes(json),
    ...urls,
    ...urls.map((url) => url.replaceAll("'", '%27')),
    form,
    json.replace(/[<>&']/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
    ...listHtmlForms(text),
  ];
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeSlashes(text: string): string {
  return text.replaceAll('/', '\\/');
}

/** The text in a URL, with escapes in capitals or small letters. */
function listUrlForms(text: string): string[] {
  // encodeURIComponent throws on lone surrogates.
  const url = encodeURIComponent(text.toWellFormed());
  return [url, url.replace(/%../g, (code) => code.toLowerCase())];
}

/** The usual spellings of the text inside HTML. */
function listHtmlForms(text: string): string[] {
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = html.replaceAll('"', '&quot;');
  return [
    html,
    quoted,
    ...['&#39;', '&#039;', '&#x27;', '&apos;'].map((quote) => quoted.replaceAll("'", quote)),
    html.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
  ];
}

/** The text in hexadecimal, and in Base64 with either alphabet, inside JSON and URLs as well. */
function listEncodedForms(text: string): string[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].flatMap((offset) => listBase64Forms(bytes, offset));
  const urlBase64 = base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    hex,
    hex.toUpperCase(),
    ...base64,
    ...urlBase64,
    ...base64.map(escapeSlashes),
    ...base64.flatMap(listUrlForms),
  ];
}

/**
 * The bytes in Base64, with `offset` bytes in front of them: a character that is also made of other bytes is left out.
 * First as the end of what is encoded, then with more behind it.
 */
function listBase64Forms(bytes: Buffer, offset: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const end = encoded.slice(Math.ceil((offset * 8) / 6));
  return (offset + bytes.length) % 3 ? [end, end.slice(0, -1)] : [end];
}
