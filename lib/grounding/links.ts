import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import { type EvidenceIndex, selectWhere } from "./evidence-index.ts";
import { whereAll, whereTerm } from "./query.ts";
import { parseTime } from "./stored-time.ts";
import { canonicalNumber, canonicalPath, canonicalValue } from "./values.ts";

type Link = { result: boolean | "unknown"; found: string; reason?: "no_time" | "no_value" };

/** Milliseconds since 1970 UTC, or null when the record has no usable time. */
export function timeOf(record: EvidenceRecord): number | null {
  if (record.timeQuality === "missing") return null;
  const at = parseTime(record.time);
  return Number.isNaN(at) ? null : at;
}

/** Whether the records stand in this order of time, the last at most `withinS` after the first. */
export function orderHolds(records: EvidenceRecord[], withinS: number): Link {
  const times = records.map(timeOf);
  for (let i = 1; i < records.length; i++) {
    const [a, b] = [times[i - 1], times[i]];
    const pair = [records[i - 1], records[i]] as const;
    if (a === null || a === undefined || b === null || b === undefined || !pair[0] || !pair[1]) {
      return { result: "unknown", reason: "no_time", found: "a record has no known time" };
    }
    const gap = `${(b - a) / 1000} s from ${label(pair[0])} to ${label(pair[1])}`;
    if (!clocksAgree(pair[0], pair[1], Math.abs(b - a))) {
      return {
        result: "unknown",
        reason: "no_time",
        found: `${gap}, by clocks not known to agree`,
      };
    }
    if (a === b) return { result: "unknown", reason: "no_time", found: "both have the same time" };
    if (a > b) return { result: false, found: gap };
  }
  const span = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  if (withinS > 0 && span > withinS) return { result: false, found: `${span} s` };
  return { result: true, found: `${span} s from first to last` };
}

/** Whether each record's process started the next one's: by guid, else by host and pid in time. */
export function chainHolds(records: EvidenceRecord[], index: EvidenceIndex): Link {
  const notes: string[] = [];
  for (let i = 1; i < records.length; i++) {
    const [parent, child] = [records[i - 1], records[i]];
    if (!parent || !child) return { result: "unknown", reason: "no_value", found: "no record" };
    const link = started(parent, child, index);
    if (link.result !== true) return link;
    notes.push(link.found);
  }
  return { result: true, found: notes.join("; ") };
}

function started(parent: EvidenceRecord, child: EvidenceRecord, index: EvidenceIndex): Link {
  const pair = `${label(parent)} and ${label(child)}`;
  const hosts = same("host", parent.fields.host, child.fields.host);
  if (hosts === false) return { result: false, found: `${pair} are on different hosts` };
  const names = sameText(parent.fields["process.name"], child.fields["parent.name"]);
  if (names === false) {
    return {
      result: false,
      found: `${label(child)} names ${String(child.fields["parent.name"])} as parent`,
    };
  }
  const guids = sameText(parent.fields["process.guid"], child.fields["parent.guid"]);
  if (guids === false) return { result: false, found: `${pair} have different process guids` };
  if (guids === true) return { result: true, found: `parent guid of ${label(child)}` };
  const pids = sameNumber(parent.fields["process.pid"], child.fields["parent.pid"]);
  if (pids === false) return { result: false, found: `${pair} have different process ids` };
  if (pids === "unknown" || hosts === "unknown") {
    return { result: "unknown", reason: "no_value", found: `${pair} do not say` };
  }
  const [from, to] = [timeOf(parent), timeOf(child)];
  if (from === null || to === null) {
    return { result: "unknown", reason: "no_time", found: "a record has no known time" };
  }
  if (from > to) return { result: false, found: `${label(child)} is earlier` };
  if (reused(parent, child, index, from, to)) {
    return {
      result: "unknown",
      reason: "no_value",
      found: "the process id was used again between",
    };
  }
  return { result: true, found: `parent pid of ${label(child)}` };
}

function reused(
  parent: EvidenceRecord,
  child: EvidenceRecord,
  index: EvidenceIndex,
  from: number,
  to: number,
): boolean {
  const where = whereAll(
    whereTerm("host", String(parent.fields.host)),
    whereTerm("process.pid", String(parent.fields["process.pid"])),
  );
  const selection = selectWhere(index, where);
  if (!selection.ok) return false;
  return selection.records.some((r) => {
    if (r.id === parent.id || r.id === child.id) return false;
    const at = timeOf(r);
    const other = sameText(r.fields["process.name"], parent.fields["process.name"]) === false;
    return at !== null && at > from && at < to && other;
  });
}

/** Exact clocks, or one and the same source; else the gap must exceed what a zone could explain. */
function clocksAgree(a: EvidenceRecord, b: EvidenceRecord, gapMs: number): boolean {
  if (a.sourceId === b.sourceId && a.timeQuality === b.timeQuality) return true;
  const worst = new Set([a.timeQuality, b.timeQuality]);
  if (worst.has("assumed_year")) return false;
  return !worst.has("assumed_utc") || gapMs > 26 * 3_600_000;
}

type Value = EvidenceRecord["fields"]["host"];

function same(type: "host", a: Value, b: Value): boolean | "unknown" {
  if (a === undefined || b === undefined) return "unknown";
  return canonicalValue(type, String(a)).key === canonicalValue(type, String(b)).key;
}

function sameText(a: Value, b: Value): boolean | "unknown" {
  if (a === undefined || b === undefined) return "unknown";
  return canonicalPath(String(a)).toLowerCase() === canonicalPath(String(b)).toLowerCase();
}

function sameNumber(a: Value, b: Value): boolean | "unknown" {
  if (a === undefined || b === undefined) return "unknown";
  return canonicalNumber(String(a)) === canonicalNumber(String(b));
}

function label(record: EvidenceRecord): string {
  return evidenceLabel(record.position);
}
