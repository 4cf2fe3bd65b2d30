import { eachNeedle, makeNeedles, type Needles } from "./needles.ts";
import type { Span } from "./spans.ts";

type Secret = { value: string; kind: string };

const BASE64_MIN = 8;
const KEY_LINE_MIN = 16;

/**
 * Searches for values that were recognised as secrets somewhere, wherever else they stand: bare, escaped for JSON,
 * XML or a URL, in base64 at any offset (also of UTF-16) or in hexadecimal digits.
 */
export function knownSecrets(secrets: Iterable<Secret>): (text: string) => Span[] {
  const needles = makeNeedles(
    [...secrets].flatMap(({ value, kind }) =>
      piecesOf(value, kind)
        .flatMap(formsOf)
        .map((form) => [form, kind] as const),
    ),
    { ignoresCase: false },
  );
  return (text) => spansOf(needles, text);
}

/** A value that may stand anywhere without being a word: a password "monday" elsewhere is a day. */
export function isTelling(value: string): boolean {
  if (value.length < 6) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((regex) => regex.test(value));
  if (/^\d+$/.test(value)) return value.length >= 10;
  if (/^[A-Za-z]+$/.test(value)) return value.length >= 12 || /[a-z][A-Z]/.test(value);
  return classes.length >= 2 && !/^[a-z]+[/.:_-][a-z]*$/i.test(value);
}

function spansOf(needles: Needles<string>, text: string): Span[] {
  const found: Span[] = [];
  eachNeedle(needles, text, (kind, start, end) => {
    found.push({ start, end, kind });
    return end;
  });
  return found;
}

/** A key's lines stand apart when a log splits a script over records; a needle has at most 256 characters. */
function piecesOf(value: string, kind: string): string[] {
  const lines = kind === "private_key" ? value.split(/\\[rn]?|\s/) : [value];
  return lines
    .filter((line) => lines.length === 1 || (line.length >= KEY_LINE_MIN && !line.includes("---")))
    .flatMap((line) => line.match(/[\s\S]{1,200}/g) ?? [])
    .filter(isTelling);
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
