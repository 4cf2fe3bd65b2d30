/**
 * Looks for secrets in what left or was stored. It shares no code with redaction: it decodes whatever looks encoded, and
 * then compares pieces.
 */
import type { Secret } from "./kinds.ts";

/** So many characters in a row of a secret are a leak; a shorter secret counts as a whole. */
const PIECE = 10;
const DEPTH_MAX = 3;

export type Scanner = {
  /** The numbers of the secrets of which a piece stands in the text, in whatever form. */
  leaksIn: (text: string) => Set<number>;
};

export function scannerFor(secrets: readonly Secret[]): Scanner {
  const pieces = new Map<string, number>();
  secrets.forEach(({ parts }, number) => {
    for (const part of parts) {
      const length = Math.min(PIECE, part.length);
      for (let at = 0; at + length <= part.length; at++)
        pieces.set(part.slice(at, at + length), number);
    }
  });
  const lengths = [...new Set([...pieces.keys()].map(({ length }) => length))];
  return {
    leaksIn(text) {
      const found = new Set<number>();
      for (const reading of readingsOf(text)) {
        for (const length of lengths) {
          for (let at = 0; at + length <= reading.length; at++) {
            const number = pieces.get(reading.slice(at, at + length));
            if (number !== undefined) found.add(number);
          }
        }
      }
      return found;
    },
  };
}

/** The text, and what it says when its escapes, base64 and hexadecimal digits are read, again and again. */
function readingsOf(text: string): Set<string> {
  const all = new Set([text]);
  let last = [text];
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const next = last.flatMap((one) => [unescaped(one), ...decodedRuns(one)]);
    last = [...new Set(next)].filter((one) => one.length > 5 && !all.has(one));
    for (const one of last) all.add(one);
  }
  return all;
}

function unescaped(text: string): string {
  return text
    .replace(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\([\\"/])/g, "$1")
    .replace(/\\[rnt]/g, "\n");
}

function decodedRuns(text: string): string[] {
  return Array.from(text.matchAll(/[A-Za-z0-9+/_-]{12,}/g), ([run]) => run).flatMap((run) => {
    const read = (bytes: Buffer) => [bytes.toString("latin1"), bytes.toString("utf16le")];
    const base64 = [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), "base64"));
    return [...base64, Buffer.from(run, "hex")].flatMap(read).filter(isReadable);
  });
}

function isReadable(text: string): boolean {
  const start = text.slice(0, 64);
  return (start.match(/[\x20-\x7e\r\n]/g)?.length ?? 0) > start.length * 0.6;
}
