/** Cuts of a long text for showing it: whole lines together, so that what is out of view need not be laid out. */

export type TextPage = { text: string; start: number; end: number };

/**
 * `text` in stretches of about `size` UTF-16 units that end after a line feed; the joined texts are exactly `text`.
 * A line longer than twice that is cut, never between the halves of a surrogate pair.
 */
export function pagesOf(text: string, size = 8_000): TextPage[] {
  const pages: TextPage[] = [];
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf("\n", start + size - 1);
    const line = feed === -1 ? text.length : feed + 1;
    const end = line - start > size * 2 ? wholeAt(text, start + size) : line;
    pages.push({ text: text.slice(start, end), start, end });
    start = end;
  }
  return pages;
}

function wholeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
