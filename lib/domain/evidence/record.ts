import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Fields } from "./fields.ts";

/** The formats a source may be set to; `auto` recognises each request's shape. */
export const FORMATS = [
  "auto",
  "ocsf",
  "graph-security",
  "sentinel",
  "windows-event",
  "suricata-eve",
  "elastic-ecs",
  "generic",
] as const;
export type SourceFormat = (typeof FORMATS)[number];
/** What sources send, recognised. */
export type SentFormat = Exclude<SourceFormat, "auto">;
/** What people add by hand; `hand-incident` is what somebody said of an incident when they opened it. */
export const HAND_FORMATS = ["hand-paste", "hand-file", "hand-email", "hand-incident"] as const;
export type HandFormat = (typeof HAND_FORMATS)[number];
/** What a record turned out to be: any format but `auto`. */
export type RecordFormat = SentFormat | HandFormat;

/**
 * `alert`: a finding brought by a source. `event`: one telemetry record.
 * `incident`: a source's own grouping of alerts (Sentinel SecurityIncident, Graph incident, OCSF 2005).
 */
export type RecordKind = "alert" | "event" | "incident";

/** How far the time can be trusted (formats.md 2). */
export type TimeQuality = "exact" | "assumed_utc" | "assumed_year" | "missing";

/**
 * One record of a request in normal form. Pure data; the raw bytes travel beside it.
 * `recordId` is the source's own id, or null when it has none (then the digest identifies it).
 */
export type NormalRecord = {
  recordId: string | null;
  format: RecordFormat;
  kind: RecordKind;
  /** When it happened, ISO 8601 UTC with milliseconds ("2026-03-01T02:14:07.120Z"), or null. */
  time: string | null;
  /** The source's own spelling of that time. */
  timeOriginal: string | null;
  timeQuality: TimeQuality;
  /** Only alerts and incidents carry a severity; telemetry has none (formats.md 4.3). */
  severity: Severity | null;
  /** One line for the thread: the alert's title, or "process created: powershell.exe on WS-014". */
  title: string;
  fields: Fields;
  /** The source's incident this record belongs to, when the record says so. */
  sourceIncidentId: string | null;
  /** For kind `incident`: the record ids of its alerts. */
  alertIds: string[];
  /** Values to correlate and search by, as `type:value` in canonical form, e.g. `host:ws-014`. */
  observables: Observable[];
};

export const OBSERVABLE_TYPES = [
  "host",
  "user",
  "ip",
  "domain",
  "url",
  "hash",
  "email",
  "file",
  "process",
  "registry",
  "cloud",
  "sid",
] as const;
export type ObservableType = (typeof OBSERVABLE_TYPES)[number];
export type Observable = { type: ObservableType; value: string };

export function observableKey(o: Observable): string {
  return `${o.type}:${o.value}`;
}

/**
 * A stored record as the verifier and the rules summary see it.
 * `position` is its number within the incident (1-based): the `E12` of a citation.
 */
export type EvidenceRecord = {
  id: string;
  position: number;
  kind: RecordKind;
  format: RecordFormat;
  sourceId: string;
  sourceName: string;
  time: string | null;
  timeQuality: TimeQuality;
  receivedAt: string;
  severity: Severity | null;
  title: string;
  fields: Fields;
  /** The source's own id, when it has one. */
  recordId?: string | null;
  /** For kind `incident`: the source's own ids of the alerts it lists. */
  alertIds?: string[];
};

export function evidenceLabel(position: number): string {
  return `E${position}`;
}
