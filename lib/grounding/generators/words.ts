/** How the rules spell values in a sentence. Nothing here interprets them. */
import type { FieldName } from "#lib/domain/evidence/fields.ts";

const QUOTE_LIMIT = 120;
const PLAIN = /^[\x20\x22]*[\x21\x23-\x7e][\x20-\x7e]*$/;

/** "2026-03-01 02:14:07 UTC" from an ISO instant. */
export function timeWords(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** ", from … to …", or ", at …" when both are the same second. */
export function periodWords(first: string, last: string): string {
  const [from, to] = [timeWords(first), timeWords(last)];
  return from === to ? `, at ${from}` : `, from ${from} to ${to}`;
}

/** The same instant to the second, as predicates write it: "2026-03-01T02:14:07Z". */
export function timeValue(iso: string): string {
  return `${iso.slice(0, 19)}Z`;
}

/** "1 event", "12 events". */
export function amount(n: number, singular: string, plural = `${singular}s`): string {
  return `${n} ${n === 1 ? singular : plural}`;
}

/** "0 s", "45 s", "4 min 10 s", "2 h 0 min 5 s", "3 d 4 h": exact to the second. */
export function durationWords(seconds: number): string {
  const parts: string[] = [];
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  if (days > 0) parts.push(`${days} d`);
  if (hours > 0) parts.push(`${hours} h`);
  if (minutes > 0) parts.push(`${minutes} min`);
  if (rest > 0 || parts.length === 0) parts.push(`${rest} s`);
  return parts.join(" ");
}

/**
 * A value in quotation marks: at most 120 characters on one line, always a verbatim part of the
 * value. A value with quotation marks of its own gives its longest stretch between them, or the
 * one that holds `mark`.
 */
export function quoted(value: string, mark?: RegExp): string {
  const stretches = value.split('"').map(shown);
  const marked = mark && stretches.find((s) => mark.test(s));
  const longest = stretches.reduce((a, b) => (b.length > a.length ? b : a), "");
  return `"${marked ?? longest}"`;
}

/**
 * A value as a sentence may carry it: its first printable stretch, at most 120 characters and never
 * ending within a word; empty when that cannot be.
 */
export function shown(value: string): string {
  const line = /^[^\p{Cc}\p{Cf}\u2028\u2029]*/u.exec(value.trim())?.[0].trim() ?? "";
  if (line.length <= QUOTE_LIMIT) return line;
  for (const end of [/\s/, /[\\/?&=,;:|()]/]) {
    for (let at = QUOTE_LIMIT; at >= 12; at--) {
      if (end.test(line.charAt(at)) && !/\s/.test(line.charAt(at - 1))) return line.slice(0, at);
    }
  }
  return "";
}

/** Whether a value can stand in a sentence at all. */
export function isShowable(value: string): boolean {
  if (value.length <= QUOTE_LIMIT && PLAIN.test(value)) return true;
  return value.split('"').some((stretch) => shown(stretch) !== "");
}

/** What a sentence calls the value of a field. */
export const FIELD_NOUNS = {
  host: "the host",
  user: "the user",
  "user.email": "the account",
  "user.sid": "the SID",
  "source.ip": "the source address",
  "destination.ip": "the destination address",
  "process.name": "the process",
  "file.name": "the file",
  "file.path": "the file",
  "hash.sha256": "the hash",
  "url.full": "the URL",
  "url.domain": "the URL domain",
  "dns.question": "the DNS query",
  "email.from": "the sender",
  "email.to": "the recipient",
  "cloud.resource": "the resource",
} satisfies Partial<Record<FieldName, string>>;
