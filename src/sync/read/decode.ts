export type Decoder = InstanceType<typeof TextDecoder>;

const BYTE_ORDER_MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/**
 * A decoder for a text that starts with these bytes: by its byte order mark, else by its first character, which is ASCII
 * in every report, else by its XML declaration, else UTF-8.
 * A declaration that can be read as ASCII isn't in UTF-16, whatever it says: .NET writes that into files in UTF-8.
 */
export function createDecoder(start: Uint8Array): Decoder {
  const mark = BYTE_ORDER_MARKS.find(({ bytes }) => bytes.every((byte, index) => start[index] === byte));
  if (mark) return new TextDecoder(mark.encoding);
  const [first, second] = start;
  if (first && second === 0) return new TextDecoder('utf-16le');
  if (first === 0 && second) return new TextDecoder('utf-16be');
  const declaration = Buffer.from(start.subarray(0, 200)).toString('latin1');
  const encoding = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/i.exec(declaration)?.[1];
  try {
    const decoder = new TextDecoder(encoding ?? 'utf-8');
    return decoder.encoding.startsWith('utf-16') ? new TextDecoder('utf-8') : decoder;
  } catch {
    return new TextDecoder('utf-8');
  }
}
