/** What begins a section in which `&` is only text, and what ends it. */
const SECTIONS: Readonly<Record<string, string>> = { '<![CDATA[': ']]>', '<!--': '-->', '<?': '?>' };
/** The beginning of a section, or an `&` that begins no reference. */
const MARKS = /<!\[CDATA\[|<!--|<\?|&(?!#\d{1,9};|#x[\da-f]{1,8};|[a-z_:][\w:.-]{0,40};)/gi;
/** What may become a mark, a reference or the end of a section with the text that follows. */
const UNFINISHED = /(?:<(?:\?|!(?:-{1,2}|\[[CDAT]{0,5})?)?|\]{1,2}|-{1,2}|\?|&[#\w:.-]{0,42})$/i;
const MAX_UNFINISHED = 64;

/**
 * Escapes each `&` of an XML text that begins no reference. Some tools forget to, and a parser that takes the text after
 * it for a name loses everything up to the next semicolon.
 */
export class AmpersandEscaper {
  /** The end of the section that the text is in; empty outside of sections. */
  #end = '';
  #held = '';

  /**
   * The escaped text of a piece, and how many line breaks are before the first `&` that was escaped; `undefined` if none
   * was. Keeps the end of the piece back if it can't be judged yet, unless it is the last one.
   */
  escape(piece: string, isLast = false): { readonly text: string; readonly line: number | undefined } {
    const whole = this.#held + piece;
    const unfinished = isLast ? undefined : UNFINISHED.exec(whole.slice(-MAX_UNFINISHED))?.[0];
    this.#held = unfinished ?? '';
    const input = whole.slice(0, whole.length - this.#held.length);
    const found = this.#find(input);
    if (!found.length) return { text: input, line: undefined };
    const parts = found.map((index, number) => `${input.slice((found[number - 1] ?? -1) + 1, index)}&amp;`);
    return {
      text: parts.join('') + input.slice((found.at(-1) ?? 0) + 1),
      line: input.slice(0, found[0]).split('\n').length - 1,
    };
  }

  /** Where each `&` is that begins no reference. */
  #find(input: string): number[] {
    const found: number[] = [];
    for (let position = 0; ; ) {
      if (this.#end) {
        const index = input.indexOf(this.#end, position);
        if (index < 0) return found;
        position = index + this.#end.length;
        this.#end = '';
      }
      MARKS.lastIndex = position;
      const mark = MARKS.exec(input);
      if (!mark) return found;
      position = MARKS.lastIndex;
      this.#end = SECTIONS[mark[0].toUpperCase()] ?? '';
      if (mark[0] === '&') found.push(mark.index);
    }
  }
}
