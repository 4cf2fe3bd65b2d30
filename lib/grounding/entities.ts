import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { Moment } from "./instants.ts";

export const ENTITY_TYPES = [
  "ip",
  "cidr",
  "domain",
  "url",
  "email",
  "user",
  "host",
  "path",
  "registry",
  "process",
  "hash",
  "sid",
  "guid",
  "pid",
  "port",
  "event_code",
  "logon_id",
  "cloud",
  "mac",
  "cve",
  "technique",
  "tactic_id",
  "time",
  "duration",
  "bytes",
  "count",
  "percent",
  "vague",
  "label",
  "name",
  "quote",
] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/**
 * Something checkable in a text. `start` and `end` are offsets into the text that was read, in
 * UTF-16 units; `n` is the amount of a quantity (seconds, bytes, a count, percent), `unit` the size
 * of its smallest stated unit: 30 minutes have n 1800 and unit 60.
 */
export type Entity = {
  type: EntityType;
  text: string;
  start: number;
  end: number;
  n?: number;
  unit?: number;
  /** Stood in quotation marks: may be a part of a longer value. */
  quoted?: boolean;
  /** Said with "about", "nearly", "~": the amount itself is not claimed. */
  approx?: boolean;
  /** What a time names, at its stated precision. */
  when?: Moment;
  /** One end of a stretch of time: a bound of events, not the time of one. */
  range?: "start" | "end";
  /** The time is told in a zone nobody can place, as in "local time": it matches no instant. */
  zone?: "unknown";
  /** ATT&CK ids a technique's name may stand for. */
  ids?: string[];
};

/** The fields in which an entity of a type would stand. */
const FIELDS: Partial<Record<EntityType, (FieldName | "id" | "source" | "time")[]>> = {
  ip: ["source.ip", "destination.ip", "host.ip", "host", "source.host", "destination.host"],
  host: [
    "host",
    "source.host",
    "destination.host",
    "dns.question",
    "url.domain",
    "user",
    "target.user",
  ],
  domain: ["dns.question", "url.domain", "destination.host", "source.host", "host", "tls.subject"],
  url: ["url.full"],
  email: ["user.email", "email.from", "email.to", "user", "target.user", "ticket.owner"],
  user: ["user", "target.user", "user.email", "ticket.owner", "group.name", "host"],
  process: ["process.name", "parent.name", "target.process", "file.name", "service.name"],
  mac: ["host.id"],
  path: [
    "process.path",
    "parent.path",
    "file.path",
    "target.process",
    "share.name",
    "task.name",
    "pipe.name",
  ],
  registry: ["registry.key"],
  hash: ["hash.sha256", "hash.sha1", "hash.md5"],
  sid: ["user.sid", "target.user.sid"],
  guid: ["process.guid", "parent.guid", "host.id", "rule.id", "id", "cloud.account"],
  pid: ["process.pid", "parent.pid"],
  port: ["destination.port", "source.port"],
  event_code: ["event.code"],
  logon_id: ["logon.id"],
  technique: ["technique", "technique.original"],
  tactic_id: ["tactic"],
  cloud: ["cloud.arn", "cloud.resource", "cloud.account", "user", "target.user"],
  label: ["id"],
};

export function fieldsOfEntity(type: EntityType): readonly string[] {
  return FIELDS[type] ?? [];
}

/** Quantities are compared by amount, not looked up in records. */
export function isQuantity(type: EntityType): boolean {
  return ["time", "duration", "bytes", "count", "percent", "vague"].includes(type);
}

/** One edit apart, or two for longer values: what a slip of the pen makes. */
export function isNearMiss(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 2) return false;
  const limit = Math.min(a.length, b.length) >= 6 ? 2 : 1;
  return editDistance(a, b, limit) <= limit;
}

/** Optimal string alignment distance (a swap of neighbours is one edit), given up above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (a.length > 128 || b.length > 128) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d = Math.min(d, (before[j - 2] ?? 0) + 1);
      }
      next.push(d);
      best = Math.min(best, d);
    }
    if (best > limit) return limit + 1;
    before = row;
    row = next;
  }
  return row[b.length] ?? limit + 1;
}
