/** The parts a constructed claim is put together from. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import {
  type ClaimKind,
  type Polarity,
  type Predicate,
  UNUSED,
} from "#lib/domain/summary/claim.ts";
import type { BenchIncident } from "./bench-claim.ts";
import { isAmbiguous, timeMs, valuesOf } from "./oracle.ts";
import type { Random } from "./random.ts";

export type Sentence = {
  relation: string;
  kind: ClaimKind;
  polarity?: Polarity;
  text: string;
  predicates: Predicate[];
  /** Records to cite, and the values to quote from each, the best first. */
  cites: { record: EvidenceRecord; values: string[] }[];
};

/** What writers look things up in. */
export type Scene = {
  incident: BenchIncident;
  records: EvidenceRecord[];
  random: Random;
  /** Told in the phrases that are kept for the side `held-out`. */
  reserved: boolean;
  /** Fields of which two spellings could be one thing: nothing is counted or denied by them. */
  ambiguous: (field: string) => boolean;
};

export function sceneOf(incident: BenchIncident, random: Random, reserved: boolean): Scene {
  const known = new Map<string, boolean>();
  const { records } = incident;
  const ambiguous = (field: string) => {
    const before = known.get(field);
    if (before !== undefined) return before;
    const now = isAmbiguous(records, field);
    known.set(field, now);
    return now;
  };
  return { incident, records, random, reserved, ambiguous };
}

export const id = (record: EvidenceRecord) => `E${record.position}`;

/** A predicate that one record's field has a value. */
export function is(record: EvidenceRecord, field: string, value: string): Predicate {
  return { ...UNUSED, op: "field", evidence: [id(record)], field, value };
}

export function over(op: Predicate["op"], more: Partial<Predicate>): Predicate {
  return { ...UNUSED, op, ...more };
}

export function where(...terms: [string, string][]): string {
  return terms
    .map(([field, value]) => {
      const plain = !/^["\s]|\s$| & |[\p{Cc}]/u.test(value) && value !== "*" && value !== "";
      return `${field}=${plain ? value : JSON.stringify(value)}`;
    })
    .join(" & ");
}

/** What a person would write out: no placeholder, no line break, nothing long or quoted. */
const CLEAN: Record<string, RegExp> = {
  host: /^(?!\d+$)[\w.-]{3,60}$/,
  user: /^[\p{L}\d][\p{L}\d_.@$ -]{1,40}$/u,
  ip: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]{6,39})$/i,
  name: /^[\p{L}\d][\w.+-]{1,60}\.[a-z]{2,4}$/iu,
  path: /^(?:[a-z]:\\|\/)[\w.\\/ ()~-]{3,110}$/i,
  domain: /^(?=.*[a-z])[\w-]+(?:\.[\w-]+)+$/i,
  number: /^\d{1,9}$/,
  port: /^[1-9]\d{0,4}$/,
  hash: /^[0-9a-f]{32,64}$/i,
  code: /^\d{1,5}$/,
  registry: /^(?:HK|\\REGISTRY)[\w\\ .{}()-]{6,140}$/i,
  technique: /^T\d{4}(?:\.\d{3})?$/,
  title: /^[\p{L}\d][\p{L}\d ,:()'_./-]{7,90}$/u,
  action: /^[a-z]+(?:_[a-z]+)+$|^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/,
  pipe: /^\\[\w.\\-]{3,60}$/,
};
const PLACEHOLDER =
  /^(?:-|n\/?a|null|none|unknown|0\.0\.0\.0|::1?|127\.0\.0\.1|localhost|false|true)$/i;
const FORM: Record<string, keyof typeof CLEAN> = {
  host: "host",
  "source.host": "host",
  "destination.host": "domain",
  user: "user",
  "target.user": "user",
  "source.ip": "ip",
  "destination.ip": "ip",
  "host.ip": "ip",
  "source.port": "port",
  "destination.port": "port",
  "process.name": "name",
  "parent.name": "name",
  "target.process": "path",
  "process.path": "path",
  "file.path": "path",
  "process.pid": "number",
  "parent.pid": "number",
  "event.code": "code",
  "registry.key": "registry",
  "dns.question": "domain",
  "url.domain": "domain",
  "hash.sha256": "hash",
  "hash.md5": "hash",
  "hash.sha1": "hash",
  technique: "technique",
  "alert.title": "title",
  action: "action",
  "pipe.name": "pipe",
  "user.email": "user",
  "cloud.region": "host",
};

/** The one value of a field, when a person would write it out as it is; else null. */
export function said(record: EvidenceRecord, field: string): string | null {
  const [value, second] = valuesOf(record, field);
  return value !== undefined && second === undefined && isTellable(field, value) ? value : null;
}

/** Whether a person would write this value of a field out as it is. */
export function isTellable(field: string, value: string): boolean {
  if (PLACEHOLDER.test(value) || value.length > 140 || value !== value.trim()) return false;
  return CLEAN[FORM[field] ?? ""]?.test(value) ?? true;
}

/** All of the fields, or null when one of them is not fit to be told. */
export function saidAll<F extends string>(
  record: EvidenceRecord,
  ...fields: F[]
): Record<F, string> | null {
  const found: Record<string, string> = {};
  for (const field of fields) {
    const value = said(record, field);
    if (value === null) return null;
    found[field] = value;
  }
  return found;
}

/** A time a person could quote: known to the second by an exact clock. */
export function clockOf(record: EvidenceRecord): number | null {
  return record.timeQuality === "exact" ? timeMs(record) : null;
}

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** The ways analysts write an instant, and the value a predicate gives it, to the same precision. */
export function spellTime(ms: number, random: Random): { text: string; value: string } {
  const iso = new Date(ms).toISOString();
  const [day, clock] = [iso.slice(0, 10), iso.slice(11, 19)];
  const named = `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`;
  const spellings = [
    { text: `${day} ${clock} UTC`, value: `${iso.slice(0, 19)}Z` },
    { text: `${day}T${clock}Z`, value: `${iso.slice(0, 19)}Z` },
    { text: `${day} ${clock.slice(0, 5)} UTC`, value: `${iso.slice(0, 16)}Z` },
    { text: `${clock} UTC on ${day}`, value: `${iso.slice(0, 19)}Z` },
    { text: `${named} at ${clock} UTC`, value: `${iso.slice(0, 19)}Z` },
  ];
  return spellings[random.below(spellings.length)]!;
}

const SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

/** "three" or "3" up to twelve, then digits, with a comma in some. */
export function spellCount(n: number, random: Random): string {
  if (n <= 12 && random.below(2) === 0) return SMALL[n] ?? String(n);
  return n >= 1000 && random.below(2) === 0 ? n.toLocaleString("en-US") : String(n);
}
