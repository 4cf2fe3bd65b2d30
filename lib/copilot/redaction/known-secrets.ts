import { eachNeedle, makeNeedles } from "./needles.ts";
import type { Span } from "./spans.ts";

type Secret = { value: string; kind: string };

const BASE64_MIN = 8;
/** So many characters in a row of a longer secret are a piece of it wherever they stand. */
const PIECE = 16;
/** Known by what stands before them: their values may hold words. */
const BY_NAME: ReadonlySet<string> = new Set([
  "password",
  "secret",
  "cookie",
  "authorization",
  "connection_string",
]);
/** What is random in a secret: no blanks, no quotation marks. */
const RUN = /(?:[\w+/=.~]|-(?!--)){16,}/g;
/** Characters of secrets whose pieces are searched, in all. */
const PIECES_MAX = 500_000;
/** A needle has at most 256 characters; longer secrets are known by their pieces. */
const WHOLE_MAX = 200;

/**
 * Searches for values that were recognised as secrets somewhere, wherever else they stand: bare, cut in two, escaped
 * for JSON, XML or a URL, in base64 at any offset (also of UTF-16) or in hexadecimal digits.
 */
export function knownSecrets(secrets: readonly Secret[]): (text: string) => Span[] {
  const telling = secrets.filter(({ value }) => isTelling(value));
  const whole = makeNeedles(
    telling
      .filter(({ value }) => value.length <= WHOLE_MAX)
      .flatMap(({ value, kind }) => formsOf(value).map((form) => [form, kind] as const)),
    { ignoresCase: false },
  );
  const pieces = makeNeedles(piecesOf(telling), { ignoresCase: false });
  return (text) => {
    const found: Span[] = [];
    eachNeedle(whole, text, (kind, start, end) => {
      found.push({ start, end, kind });
      return end;
    });
    eachNeedle(pieces, text, (kind, start, end) => {
      const last = found.at(-1);
      if (last && last.end >= start && last.start <= start) last.end = Math.max(last.end, end);
      else found.push({ start, end, kind });
      return start + 1;
    });
    return found;
  };
}

/** A value that may stand anywhere without being a word: a password "monday" elsewhere is a day. */
function isTelling(value: string): boolean {
  if (value.length < 6) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((regex) => regex.test(value));
  if (/^\d+$/.test(value)) return value.length >= 10;
  if (/^[A-Za-z]+$/.test(value)) return value.length >= 12 || /[a-z][A-Z]/.test(value);
  return classes.length >= 2 && !/^[a-z]{1,12}[/.:_-][a-z]{0,12}$/i.test(value);
}

/** What is random in longer secrets, at every offset; names, blanks and marks around it are not. */
function* piecesOf(secrets: readonly Secret[]): Generator<[string, string]> {
  let left = PIECES_MAX;
  for (const { value, kind } of secrets) {
    for (const [run] of value.matchAll(RUN)) {
      const isWords = BY_NAME.has(kind) && !/\d/.test(run);
      if (isWords) continue;
      for (let at = 0; at + PIECE <= run.length && left > 0; at++, left--) {
        const piece = run.slice(at, at + PIECE);
        if (!BY_NAME.has(kind) || isRandom(piece)) yield [piece, kind];
      }
    }
  }
}

/** Letters and digits, or letters that go up and down: no part of a word. */
function isRandom(piece: string): boolean {
  if (/\d/.test(piece)) return /[a-z]/i.test(piece);
  return (piece.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0) >= 4;
}

function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const percent = encodeURIComponent(value.toWellFormed());
  const forms = [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    value
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;"),
  ];
  if (/^[0-9a-f:]+$/i.test(value)) forms.push(value.toLowerCase(), value.toUpperCase());
  if (value.length >= BASE64_MIN) {
    for (const encoding of ["utf8", "utf16le"] as const) {
      const bytes = Buffer.from(value, encoding);
      forms.push(bytes.toString("hex"), bytes.toString("hex").toUpperCase(), ...base64Forms(bytes));
    }
  }
  return [...new Set(forms)];
}

/** The characters of base64 that depend on these bytes alone, for each of three offsets. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    return padded.toString("base64").slice(first, last);
  });
}
