import {
  FIELD_NAMES,
  type FieldName,
  fieldValues,
  isFieldName,
} from "#lib/domain/evidence/fields.ts";
import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { CitationField, CitationRequest, RuleClaim } from "./generators/draft.ts";
import { textOf } from "./generators/facts.ts";
import { isKeyOf } from "./quote-keys.ts";
import { parseWhere } from "./query.ts";
import { type Found, findValue, type RawText, readRaw } from "./raw-search.ts";
import type { RulesDraft } from "./rules-summary.ts";
import { valueType } from "./values.ts";

/** A claim of the rules summary, ready to be verified and stored. */
export type QuotedClaim = DraftClaim & Pick<RuleClaim, "family" | "section" | "rank" | "front">;

const MIN_QUOTE = 4;
const MAX_QUOTE = 120;
const MAX_VALUE = 90;
const MAX_OPENING = 60;
/** Our own words, which no source wrote. */
const OURS = new Set<FieldName>(["outcome", "event.class", "severity"]);

/** The ids of the records whose raw text `attachQuotes` will ask for. */
export function evidenceToRead(draft: RulesDraft): string[] {
  return [...new Set(draft.claims.flatMap((c) => c.citations.map((r) => r.record.id)))];
}

/**
 * Gives every citation its quote: a verbatim part of the record's raw text that holds the value
 * (4 to 120 characters, as `"Key":"value"` where it fits). `rawText` answers the bytes decoded as
 * UTF-8. A record whose source spells nothing that the claim is about as the normal form does is
 * not cited where another one is. For what is said of records as such (counts and gaps) the
 * beginning of the record serves when it has no known value. A claim left without any citation
 * stays only if a query over the incident proves it.
 */
export function attachQuotes(
  draft: RulesDraft,
  rawText: (evidenceId: string) => string,
): QuotedClaim[] {
  const texts = new Map<string, RawText>();
  const textFor = (id: string): RawText => {
    const known = texts.get(id);
    if (known) return known;
    const made = readRaw(rawText(id));
    texts.set(id, made);
    return made;
  };
  return draft.claims.flatMap((claim) => {
    const own = fieldsOf(claim);
    const quote = (find: (source: RawText, request: CitationRequest) => string | null) =>
      claim.citations.flatMap((request) => {
        const found = find(textFor(request.record.id), request);
        return found === null ? [] : [{ id: evidenceLabel(request.record.position), quote: found }];
      });
    const apt = quote((source, request) => findQuote(source, request, own));
    const citations =
      apt.length > 0 ? apt : quote((source, request) => findAny(source, request, claim));
    if (citations.length === 0 && !provenByQuery(claim)) return [];
    const { family, section, rank, front, text, kind, polarity, predicates } = claim;
    return [{ family, section, rank, front, text, kind, polarity, predicates, citations }];
  });
}

function provenByQuery(claim: RuleClaim): boolean {
  if (claim.kind !== "gap" && claim.kind !== "count") return false;
  return claim.predicates.some(
    (p) => p.op === "count" || p.op === "absent" || p.op === "last_seen",
  );
}

/** The fields that a claim's predicates ask about. */
function fieldsOf({ predicates }: RuleClaim): CitationField[] {
  const names = predicates.flatMap(({ field, where }) => {
    const parsed = parseWhere(where);
    return [field, ...(parsed.ok ? parsed.terms.map((term) => term.field) : [])];
  });
  return [...new Set(names)].filter((name) => name === "time" || isFieldName(name));
}

/** The quote for one citation: the value, the wanted fields in turn, then others the claim is about. */
function findQuote(source: RawText, request: CitationRequest, own: CitationField[]): string | null {
  if (request.value !== undefined) {
    const quote = bestQuote(source, request.fields[0] ?? null, stretch(request.value));
    if (quote !== null) return quote;
  }
  for (const field of [...request.fields, ...own]) {
    for (const value of spellings(request.record, field)) {
      const quote = bestQuote(source, field, value);
      if (quote !== null) return quote;
    }
  }
  return null;
}

/** Where a source spells none of these as the normal form does: any field, or how the record begins. */
function findAny(source: RawText, { record }: CitationRequest, { kind }: RuleClaim): string | null {
  const quote = findQuote(source, { record, fields: ["time", ...FIELD_NAMES] }, []);
  return quote ?? (kind === "gap" || kind === "count" ? opening(source.raw) : null);
}

/** How a record begins: the quote for what is said of a record of which no field is known. */
function opening(raw: string): string | null {
  const line = /[^\s{}[\]][^\n\r]{3,}/.exec(raw)?.[0] ?? "";
  const quote = cut(line.slice(0, MAX_OPENING)).trimEnd();
  return quote.length < MIN_QUOTE ? null : quote;
}

/** What to look for, the best first. */
function spellings(record: EvidenceRecord, field: CitationField): string[] {
  if (field === "time") return record.time === null ? [] : timeSpellings(record.time);
  if (OURS.has(field)) return [];
  const short = textOf(record, field);
  const values = fieldValues(record.fields, field).map((v) => stretch(String(v)));
  const all = [...values, ...(short === null ? [] : [stretch(short)])];
  // sources give the folder and the name apart as often as in one
  const names = valueType(field) === "path" ? all.map((v) => v.slice(nameAt(v))) : [];
  const hex = /\.(pid|id)$/.test(field) ? all.flatMap((v) => hexSpelling(v)) : [];
  return [...new Set([...all, ...hex, ...names])].filter((v) => v !== "");
}

function nameAt(path: string): number {
  return Math.max(path.lastIndexOf("\\"), path.lastIndexOf("/")) + 1;
}

/** The part of a long value that is looked for: its start, up to anything ingest had to replace. */
function stretch(value: string): string {
  const kept = value.split(/[\u2400\uFFFD]/, 1)[0] ?? "";
  return kept.length <= MAX_VALUE ? kept : kept.slice(0, MAX_VALUE).replace(/[\uD800-\uDBFF]$/, "");
}

function hexSpelling(value: string): string[] {
  return /^\d{1,15}$/.test(value) ? [`0x${Number(value).toString(16)}`] : [];
}

/** UTC spellings first, then the same instant in other zones, then epoch numbers. */
function timeSpellings(iso: string): string[] {
  const ms = Date.parse(iso);
  const spelled = (at: number): string[] => {
    const text = new Date(at).toISOString().slice(0, 19);
    return [text, text.replace("T", " ")];
  };
  const zones: string[] = [];
  for (let minutes = -720; minutes <= 840; minutes += 30) {
    if (minutes !== 0) zones.push(...spelled(ms + minutes * 60_000));
  }
  const utc = spelled(ms);
  // a letter right behind the seconds would leave them no whole word
  const zulu = utc.map((text) => `${text}Z`);
  return [...zulu, ...utc, String(ms), String(Math.floor(ms / 1000)), ...zones];
}

/** The best place for a value: under a key of that field, the whole string, same case, first. */
function bestQuote(source: RawText, field: CitationField | null, value: string): string | null {
  const needsKey =
    field !== null && (value.length < MIN_QUOTE || /^(0x)?[0-9a-f]{1,8}$/i.test(value));
  let best: { quote: string; score: number } | null = null;
  for (const found of findValue(source, value, value.length >= MAX_VALUE - 1)) {
    const { quote, key, whole } = widen(source.raw, found);
    const named = field !== null && key !== null && isKeyOf(field, key);
    if ((needsKey && !named) || quote.length < MIN_QUOTE) continue;
    const score = (named ? 8 : 0) + (whole ? 4 : 0) + (key ? 2 : 0) + (found.sameCase ? 1 : 0);
    if (!best || score > best.score) best = { quote, score };
  }
  return best?.quote ?? null;
}

/** Widens a place to `"Key":"value"` as long as it stays short. */
function widen(raw: string, found: Found): { quote: string; key: string | null; whole: boolean } {
  const open = openingQuote(raw, found.start);
  const close = closingQuote(raw, found.end);
  const pair = keyBefore(raw, open ?? found.start);
  const start = pair?.start ?? open ?? found.start;
  const end = open === null ? found.end : (close ?? found.end);
  const whole = open !== null && raw.slice(open, found.start).replaceAll(/["\\]/g, "") === "";
  const key = pair?.key ?? null;
  for (const [from, to] of [
    [start, end],
    [start, found.end],
    [open ?? found.start, found.end],
  ] as const) {
    if (to - from <= MAX_QUOTE) return { quote: raw.slice(from, to), key, whole };
  }
  return { quote: cut(raw.slice(found.start, found.end)), key, whole };
}

/** The quotation mark that opens the string around `at`, if it is near. */
function openingQuote(raw: string, at: number): number | null {
  for (let i = at - 1; i >= 0 && at - i <= MAX_QUOTE; i--) {
    if (raw.charAt(i) === '"') return raw.charAt(i + 1) === ":" ? null : i;
    if (raw.charAt(i) === "\n" || raw.charAt(i) === "{") return null;
  }
  return null;
}

function closingQuote(raw: string, at: number): number | null {
  for (let i = at; i < raw.length && i - at <= MAX_QUOTE; i++) {
    if (raw.charAt(i) === '"') return i + 1;
    if (raw.charAt(i) === "\n") return null;
  }
  return null;
}

/** The key of `"Key" : ` that ends right before `at`. */
function keyBefore(raw: string, at: number): { key: string; start: number } | null {
  const before = raw.slice(Math.max(0, at - 100), at);
  const match = /"([^"\\{}[\],:]{1,80})\\*"\s*:\s*\\*$/.exec(before);
  if (!match?.[1]) return null;
  return { key: match[1], start: at - (before.length - match.index) };
}

/** Not in the middle of an escape. */
function cut(text: string): string {
  return text.slice(0, MAX_QUOTE).replace(/(?<!\\)\\+(u[0-9a-fA-F]{0,3})?$|[\uD800-\uDBFF]$/, "");
}
