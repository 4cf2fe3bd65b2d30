import type { Span } from "./spans.ts";

const PART = /[\w-]*/y;
/** `{"alg":`, `{"typ":`... in base64: what the first part of a token starts with. */
const HEADER = /eyJ(?:hbGciOi|0eXAiOi|raWQiOi|lbmMiOi|4NXQ|jdHkiOi|6aXAiOi)/;
const PARTS_MAX = 5;

/** JSON web tokens (RFC 7519), signed or encrypted, and ones that are cut off behind their header. */
export function webTokens(text: string): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf("eyJ"); at !== -1;) {
    const first = partEnd(text, at);
    let end = first;
    let parts = 1;
    while (parts < PARTS_MAX && text.charAt(end) === "." && end - at >= 8) {
      end = partEnd(text, end + 1);
      parts++;
    }
    const isToken = parts > 2 || (parts === 2 && end - first > 2);
    const header = isToken ? 0 : text.slice(at, first).search(HEADER);
    if (header >= 0) found.push({ start: at + header, end, kind: "jwt" });
    at = text.indexOf("eyJ", Math.max(first, at + 3));
  }
  return found;
}

function partEnd(text: string, at: number): number {
  PART.lastIndex = at;
  PART.test(text);
  return PART.lastIndex;
}
