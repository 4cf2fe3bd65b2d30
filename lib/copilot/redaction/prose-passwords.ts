import { isPlaceholder } from "./secret-values.ts";
import type { Span } from "./spans.ts";

const NAME =
  /(?<![\p{L}\p{N}_])(?:password|passwd|pwd|pw|passphrase|passwort|kennwort)(?![\p{L}\p{N}_-])/giu;
/** A name with its own value, which is read from that name on. */
const ASSIGNED = /^(?:password|passwd|pwd|pw|passphrase|passwort|kennwort)[:=]/i;
const SAID = /[ \t]{0,4}(?:(?:is|was|ist)(?=[ \t:=])|[:=])[ \t:=]{0,4}["'`\u201c\u201e]?/iy;
const BESIDE = /[ \t]{1,4}["'`\u201c\u201e]?/y;
const CHARACTERS_MIN = 6;
const TOKEN = /[^\s"'`\u201c\u201d\u201e]{1,200}/uy;
/** Punctuation of the sentence; an exclamation mark may as well be the password's. */
const TAIL = new Set(".,;:?)]}>");
/** An address, a date or a time. */
const NUMBERS = /^(?=[^.:/]{1,20}[.:/])[\d.:/-]{1,64}$/;
const STRANGE = /[\d!#$%&*+=^~@?<>|\\]/;
/** What is said of a password and is none. */
const STATES = new Set(
  `absent abgelaufen another bekannt broken certain common correct default different either exactly expired falsch
   forgotten frozen geheim gesperrt gestohlen hidden identical in-use incorrect indeed insecure invalid likely
   missing necessary needed neither nowhere obvious obsolete offline online password outdated overdue perhaps please plaintext
   possible present private probably public rather really recent richtig safely secret secure shown simple simply
   somewhere stolen strong subject sufficient temporary therefore trivial unbekannt unclear unique unknown unsafe
   usually visible vorhanden without written wrongly zurückgesetzt`.split(/\s+/),
);

/** Passwords that a person wrote into a sentence: "the password is hunter2secret", "admin pw Sommer2024!". */
export function prosePasswords(text: string): Span[] {
  return Array.from(text.matchAll(NAME)).flatMap(({ index, 0: name }) => {
    const at = index + name.length;
    const said = endOf(SAID, text, at);
    const start = said ?? endOf(BESIDE, text, at);
    const last = start === null ? null : endOf(TOKEN, text, start);
    if (start === null || last === null) return [];
    let end = last;
    while (end > start && TAIL.has(text.charAt(end - 1))) end -= 1;
    return isPassword(text.slice(start, end), said !== null)
      ? [{ start, end, kind: "password" }]
      : [];
  });
}

function isPassword(token: string, isSaid: boolean): boolean {
  const word = token.replaceAll("!", "").toLowerCase();
  if (
    token.length < CHARACTERS_MIN ||
    !/[\p{L}\p{N}]/u.test(token) ||
    token.startsWith("[secret:") ||
    ASSIGNED.test(token) ||
    isPlaceholder(token)
  ) {
    return false;
  }
  if (STRANGE.test(word)) return isSaid || !NUMBERS.test(word);
  return isSaid && !STATES.has(word) && !/(?:ed|ing|ly)$/.test(word);
}

function endOf(regex: RegExp, text: string, from: number): number | null {
  regex.lastIndex = from;
  return regex.test(text) ? regex.lastIndex : null;
}
