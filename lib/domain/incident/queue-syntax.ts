/**
 * What a person types to narrow the queue: `severity:high,critical host:ws-014 -status:on_hold "rare domain"`.
 * A space is "and", a comma is "or", a minus before a term is "not". A value with a space, a comma or a quotation mark
 * stands in quotation marks; one inside is doubled. Positions count UTF-16 units of the text.
 */
import { isFieldName } from "#lib/domain/evidence/fields.ts";
import type { FieldName } from "#lib/domain/evidence/fields.ts";
import { OBSERVABLE_TYPES } from "#lib/domain/evidence/record.ts";
import type { ObservableType } from "#lib/domain/evidence/record.ts";
import { refang } from "#lib/domain/evidence/refang.ts";
import { INCIDENT_STATUSES, parseIncidentNumber, VERDICTS } from "./incident.ts";
import type { IncidentStatus, Verdict } from "./incident.ts";
import { readSpan } from "./queue-time.ts";
import type { Span } from "./queue-time.ts";
import { SEVERITIES } from "./severity.ts";
import type { Severity } from "./severity.ts";

export const QUEUE_TEXT_MAX = 400;
const TERMS_MAX = 12;
const VALUES_MAX = 20;

/** What is true of a row: its clock ran out or soon will, a response stands, somebody's signature is awaited. */
export const QUEUE_STATES = ["breached", "due_soon", "escalated", "contained", "waiting"] as const;
export type QueueState = (typeof QUEUE_STATES)[number];

/** A name of a record's field may stand before the colon too; see `isFieldName`. */
export const QUEUE_FIELDS = [
  "severity",
  "status",
  "verdict",
  "assignee",
  "source",
  "is",
  "watch",
  "age",
  "opened",
  "active",
  "rule",
  "technique",
  ...OBSERVABLE_TYPES,
] as const;

type Asked =
  | { kind: "severity"; values: Severity[] }
  | { kind: "status"; values: IncidentStatus[] }
  /** `none`: nobody judged it yet. */
  | { kind: "verdict"; values: (Verdict | "none")[] }
  /** `me`, `nobody`, or a part of a name or an address. */
  | { kind: "assignee"; values: string[] }
  | { kind: "source"; values: string[] }
  /** What the person watches; nobody else's watches can be asked for. */
  | { kind: "watch"; values: "me"[] }
  | { kind: "is"; values: QueueState[] }
  | { kind: "opened" | "active"; values: Span[] }
  /** Refanged; an asterisk at an end stands for anything there. */
  | { kind: "observable"; type: ObservableType; values: string[] }
  /** What a field of an alert says, to the letter. */
  | { kind: "record"; name: FieldName; values: string[] }
  | { kind: "number"; values: number[] }
  /** A part of the title, or of a value. */
  | { kind: "text"; values: string[] };

export type QueueTerm = Asked & { not: boolean; start: number; end: number };
export type QueueFault = { start: number; end: number; sentence: string };
export type ParsedQueue = { ok: true; terms: QueueTerm[] } | { ok: false; fault: QueueFault };

type Value = { text: string; quoted: boolean };
type Token = { not: boolean; name: string | null; values: Value[]; start: number; end: number };

/** Reads the whole text, or says what is wrong at which place. */
export function parseQueue(text: string): ParsedQueue {
  if (text.length > QUEUE_TEXT_MAX)
    return fault(QUEUE_TEXT_MAX, text.length, `A filter has at most ${QUEUE_TEXT_MAX} characters.`);
  if (text.includes("\u0000")) return fault(0, text.length, "Remove the null character.");
  // No database stores half of a pair.
  if (!text.isWellFormed()) return fault(0, text.length, "Remove the broken character.");
  const terms: QueueTerm[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at += 1;
    if (at >= text.length) break;
    const token = readToken(text, at);
    if ("sentence" in token) return { ok: false, fault: token };
    at = token.end;
    const asked = readTerm(token);
    if ("sentence" in asked) return fault(token.start, token.end, asked.sentence);
    terms.push({ ...asked, not: token.not, start: token.start, end: token.end });
    if (terms.length > TERMS_MAX)
      return fault(token.start, text.length, `A filter has at most ${TERMS_MAX} terms.`);
  }
  return { ok: true, terms: aloneAsNumber(terms, text) };
}

/** A value as it must be written to be read back as it is. */
export function writeValue(value: string): string {
  return /[\s,"]/.test(value) || value === "" ? `"${value.replaceAll('"', '""')}"` : value;
}

/**
 * The text with these values in the one term of that name that is not negated: put where it stood, added at the end, or
 * taken out when there are none. The rest stays as it was typed.
 */
export function withValues(text: string, name: string, values: readonly string[]): string {
  const parsed = parseQueue(text);
  const written = values.length > 0 ? `${name}:${values.map(writeValue).join(",")}` : "";
  const place = parsed.ok
    ? parsed.terms.find((term) => !term.not && nameOf(text, term) === name)
    : undefined;
  const [before, after] = place ? [text.slice(0, place.start), text.slice(place.end)] : [text, ""];
  return [before.trim(), written, after.trim()].filter(Boolean).join(" ");
}

/** The values that `withValues` would replace; none where the text cannot be read. */
export function valuesOf(text: string, name: string): string[] {
  const parsed = parseQueue(text);
  const term = parsed.ok
    ? parsed.terms.find((each) => !each.not && nameOf(text, each) === name)
    : undefined;
  return term ? term.values.filter((value) => typeof value === "string") : [];
}

/** The text without this term. */
export function withoutTerm(text: string, { start, end }: { start: number; end: number }): string {
  return [text.slice(0, start).trim(), text.slice(end).trim()].filter(Boolean).join(" ");
}

function nameOf(text: string, { start, end }: QueueTerm): string | null {
  return /^-?([a-z][\w.]*):/i.exec(text.slice(start, end))?.[1]?.toLowerCase() ?? null;
}

function fault(start: number, end: number, sentence: string): ParsedQueue {
  return { ok: false, fault: { start, end, sentence } };
}

function readToken(text: string, start: number): Token | QueueFault {
  let at = start;
  const not = text.charAt(at) === "-" && /\S/.test(text.charAt(at + 1));
  if (not) at += 1;
  const name = fieldName(/^\S*/.exec(text.slice(at))?.[0] ?? "");
  if (name !== null) at += name.length + 1;
  const values: Value[] = [];
  do {
    if (values.length > 0) at += 1;
    if (text.charAt(at) === '"') {
      const quoted = /^"((?:[^"]|"")*)"/.exec(text.slice(at));
      if (!quoted)
        return { start: at, end: text.length, sentence: "This quotation mark is not closed." };
      values.push({ text: (quoted[1] ?? "").replaceAll('""', '"'), quoted: true });
      at += quoted[0].length;
      if (at < text.length && !/[\s,]/.test(text.charAt(at)))
        return { start: at, end: at + 1, sentence: "Put a space after the quotation mark." };
    } else {
      const bare = (name === null ? /^[^\s"]*/ : /^[^\s,"]*/).exec(text.slice(at))?.[0] ?? "";
      values.push({ text: bare, quoted: false });
      at += bare.length;
      if (text.charAt(at) === '"')
        return { start: at, end: at + 1, sentence: "Put a space before the quotation mark." };
    }
  } while (name !== null && text.charAt(at) === ",");
  return { not, name: name?.toLowerCase() ?? null, values, start, end: at };
}

/** The name before a colon; null where the colon belongs to an address, a path or a link that was pasted. */
function fieldName(word: string): string | null {
  const name = /^([a-z][\w.]*):/i.exec(word)?.[1] ?? null;
  if (name === null || name.length === 1) return null;
  if (isKnown(name.toLowerCase())) return name;
  if (/^(?:https?|hxxps?|ftp|urn|mailto|arn)$/i.test(name)) return null;
  return /^[0-9a-f]{1,4}:[0-9a-f:]*$/i.test(word) ? null : name;
}

const HASHES = ["md5", "sha1", "sha256"];

function isKnown(name: string): boolean {
  return (
    (QUEUE_FIELDS as readonly string[]).includes(name) || HASHES.includes(name) || isFieldName(name)
  );
}

type Wrong = { sentence: string };

function readTerm({ name, values }: Token): Asked | Wrong {
  if (values.length > VALUES_MAX) return { sentence: `A term has at most ${VALUES_MAX} values.` };
  const texts = values.map(({ text }) => text.trim());
  if (texts.includes(""))
    return {
      sentence:
        name === null
          ? "There is nothing between the quotation marks."
          : `Write what ${name}: is to be.`,
    };
  switch (name) {
    case null:
      return readText(texts[0] ?? "");
    case "severity":
      return oneOf("severity", SEVERITIES, texts);
    case "status":
      return oneOf("status", INCIDENT_STATUSES, texts);
    case "verdict":
      return oneOf("verdict", [...VERDICTS, "none"] as const, texts);
    case "is":
      return oneOf("is", QUEUE_STATES, texts);
    case "watch":
      return oneOf("watch", ["me"] as const, texts);
    case "assignee":
    case "source":
      return { kind: name, values: texts };
    case "age":
    case "opened":
    case "active":
      return readTimes(name, texts);
    case "rule":
      return { kind: "record", name: "rule.name", values: texts };
    case "technique":
      return readTechniques(texts);
    default:
      return readOther(name, texts);
  }
}

function readOther(name: string, texts: string[]): Asked | Wrong {
  const type = HASHES.includes(name) ? "hash" : OBSERVABLE_TYPES.find((each) => each === name);
  if (type) {
    const values = texts.map(refang);
    const bad = values.find((value) => /^\**$/.test(value) || value.slice(1, -1).includes("*"));
    return bad === undefined
      ? { kind: "observable", type, values }
      : {
          sentence:
            "An asterisk stands at the beginning or the end of a value, beside other characters.",
        };
  }
  if (isFieldName(name)) return { kind: "record", name, values: texts };
  return {
    sentence: `There is no filter called ${name}. There are ${QUEUE_FIELDS.join(", ")}, and the fields of a record, such as event.code.`,
  };
}

function oneOf<const K extends string, const T extends string>(
  kind: K,
  words: readonly T[],
  texts: readonly string[],
): { kind: K; values: T[] } | Wrong {
  const values = texts.map((text) => text.toLowerCase().replaceAll(/[\s-]/g, "_"));
  const odd = values.findIndex((value) => !(words as readonly string[]).includes(value));
  if (odd < 0) return { kind, values: values as T[] };
  return { sentence: `${kind}: is one of ${words.join(", ")}, not "${texts[odd]}".` };
}

function readTimes(name: "age" | "opened" | "active", texts: readonly string[]): Asked | Wrong {
  const values: Span[] = [];
  for (const text of texts) {
    const span = readSpan(text);
    if (!span)
      return {
        sentence: `${name}: is a time such as <24h, >7d, 2026-11-01 or 2026-11-01..2026-11-07, not "${text}".`,
      };
    values.push(span);
  }
  return { kind: name === "active" ? "active" : "opened", values };
}

function readTechniques(texts: readonly string[]): Asked | Wrong {
  const values = texts.map((text) => text.toUpperCase());
  const odd = values.findIndex((value) => !/^T\d{4}(?:\.\d{3})?$/.test(value));
  if (odd < 0) return { kind: "record", name: "technique", values };
  return {
    sentence: `technique: is an ATT&CK id such as T1110 or T1110.003, not "${texts[odd]}".`,
  };
}

const INT_MAX = 2_147_483_647;

function readText(text: string): Asked {
  const number = /^INC-/i.test(text) ? parseIncidentNumber(text) : null;
  return number !== null && number <= INT_MAX
    ? { kind: "number", values: [number] }
    : { kind: "text", values: [text] };
}

/** A bare number by itself is an incident's; beside other words it is one of them. */
function aloneAsNumber(terms: QueueTerm[], text: string): QueueTerm[] {
  const [only] = terms;
  if (terms.length !== 1 || only?.kind !== "text" || only.not) return terms;
  const number = parseIncidentNumber(text);
  if (number === null || number > INT_MAX) return terms;
  return [{ ...only, kind: "number", values: [number] }];
}
