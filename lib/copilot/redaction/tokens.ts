/**
 * How replaced values look in a request. A pseudonym names its class and the entity's number; a letter behind it
 * tells a further spelling of the same entity. A secret's mark says only what kind it was.
 */
export const PSEUDONYM_KINDS = [
  "user",
  "host",
  "ip",
  "public_ip",
  "mail",
  "domain",
  "sid",
  "account",
] as const;
export type PseudonymKind = (typeof PSEUDONYM_KINDS)[number];

/** Blanks and case aside, so that `host_2` in an answer is read as well. */
const PSEUDONYM =
  /(?<![\p{L}\p{N}])(?:PUBLIC_IP|IP|USER|HOST|MAIL|DOMAIN|SID|ACCOUNT)_\d{1,7}[A-Z]{0,3}(?![\p{L}\p{N}])/giu;
export const MARK = /\[secret:[a-z_]{1,40}-\d{1,7}\]/g;

/** `USER_3`; the spelling 1 of it is `USER_3B`, 26 is `USER_3AA`. */
export function pseudonym(kind: PseudonymKind, entity: number, spelling: number): string {
  return `${kind.toUpperCase()}_${entity}${spelling === 0 ? "" : letters(spelling)}`;
}

export function secretMark(kind: string, number: number): string {
  return `[secret:${kind}-${number}]`;
}

/** `user` of `USER_3B`, `secret.jwt` of `[secret:jwt-1]`. */
export function kindOf(standIn: string): string {
  const [, secret] = /^\[secret:([a-z_]+)-/.exec(standIn) ?? [];
  return secret === undefined
    ? standIn.slice(0, standIn.lastIndexOf("_")).toLowerCase()
    : `secret.${secret}`;
}

/** Where a text holds what reads like a pseudonym: ours, or words that would be taken for one. */
export function pseudonymsIn(text: string): { start: number; end: number }[] {
  if (!text.includes("_")) return [];
  return Array.from(text.matchAll(PSEUDONYM), ({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
}

export function replacePseudonyms(text: string, originals: ReadonlyMap<string, string>): string {
  if (originals.size === 0 || !text.includes("_")) return text;
  return text.replace(PSEUDONYM, (token) => originals.get(token.toUpperCase()) ?? token);
}

/** The longest piece of a text between the marks of secrets. */
export function longestWithoutMarks(text: string): string {
  if (!text.includes("[secret:")) return text;
  const pieces = text.split(MARK).map((piece) => piece.trim());
  return pieces.reduce((best, piece) => (piece.length > best.length ? piece : best), "");
}

function letters(spelling: number): string {
  const rest = Math.floor(spelling / 26) - 1;
  return (rest >= 0 ? letters(rest) : "") + String.fromCharCode(65 + (spelling % 26));
}
