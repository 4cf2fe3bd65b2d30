import type { Span } from "./spans.ts";

const DIGITS = 32;
const PAIR = /(?<![0-9a-fA-F])[0-9a-fA-F]{32}:[0-9a-fA-F]{32}(?![0-9a-fA-F])/y;

/** `LM:NT`: two digests of 32 hexadecimal digits with a colon between. */
export function hashPairs(text: string): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1)) {
    if (at < DIGITS || !isHex(text.charCodeAt(at - DIGITS)) || !isHex(text.charCodeAt(at + DIGITS)))
      continue;
    PAIR.lastIndex = at - DIGITS;
    if (PAIR.test(text)) found.push({ start: at - DIGITS, end: PAIR.lastIndex, kind: "ntlm" });
  }
  return found;
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}
