/**
 * What a note may look like: paragraphs, lists, quotes, headings, code, strong and stressed words. A link is no link: its
 * words and its address stand side by side. There is no HTML; whatever is not known stays as it was typed.
 */
export type NoteSpan = { text: string; look: "plain" | "strong" | "stress" | "code" };
export type NoteLine = {
  kind: "text" | "heading" | "bullet" | "number" | "quote" | "code";
  /** What stands before it: `•` or `3.`; else "". */
  mark: string;
  spans: NoteSpan[];
};

const SPAN =
  /`([^`]+)`|\*\*(\S(?:[^*]*\S)?)\*\*|(?<![\w*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\w*])|\[([^\]]+)\]\(([^()\s]+)\)/gu;

/** Line by line, in order; nothing that was typed is lost but the marks themselves. */
export function noteLines(text: string): NoteLine[] {
  const lines: NoteLine[] = [];
  let fenced = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*```/.test(line)) fenced = !fenced;
    else if (fenced) lines.push({ kind: "code", mark: "", spans: [{ text: line, look: "code" }] });
    else lines.push(readLine(line));
  }
  return lines;
}

function readLine(line: string): NoteLine {
  const heading = /^#{1,6}\s+(.*)$/.exec(line);
  if (heading) return { kind: "heading", mark: "", spans: spansOf(heading[1] ?? "") };
  const bullet = /^\s*[-*]\s+(.*)$/.exec(line);
  if (bullet) return { kind: "bullet", mark: "•", spans: spansOf(bullet[1] ?? "") };
  const number = /^\s*(\d{1,3})[.)]\s+(.*)$/.exec(line);
  if (number) return { kind: "number", mark: `${number[1]}.`, spans: spansOf(number[2] ?? "") };
  const quote = /^>\s?(.*)$/.exec(line);
  if (quote) return { kind: "quote", mark: "", spans: spansOf(quote[1] ?? "") };
  return { kind: "text", mark: "", spans: spansOf(line) };
}

function spansOf(text: string): NoteSpan[] {
  const spans: NoteSpan[] = [];
  let at = 0;
  for (const match of text.matchAll(SPAN)) {
    if (match.index > at) spans.push({ text: text.slice(at, match.index), look: "plain" });
    spans.push(spanOf(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) spans.push({ text: text.slice(at), look: "plain" });
  return spans;
}

function spanOf([, code, strong, stress, words, address]: RegExpExecArray): NoteSpan {
  if (code !== undefined) return { text: code, look: "code" };
  if (strong !== undefined) return { text: strong, look: "strong" };
  if (stress !== undefined) return { text: stress, look: "stress" };
  return { text: `${words} (${address})`, look: "plain" };
}
