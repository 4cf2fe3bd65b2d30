import { FIELD_NAMES } from "#lib/domain/evidence/fields.ts";
import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { NormalRecord, RecordKind } from "#lib/domain/evidence/record.ts";
import { finish, newDraft, put, putSeverity, shown } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { ALIASES, ID_PATHS, TIME_PATHS, TITLE_PATHS } from "./generic-aliases.ts";
import { datedId } from "./dated-id.ts";
import { flatten } from "./generic-flat.ts";
import type { Flat } from "./generic-flat.ts";
import { fillVendor } from "./generic-vendors.ts";
import { firstTime, NO_MOMENT, readTime } from "./times.ts";
import type { Moment } from "./times.ts";
import { idText, isObj, isUnknown, text } from "./values.ts";
import type { Obj } from "./values.ts";

/**
 * Our own documented form, and every shape nobody taught us. Ours: `id`, `time`, `kind`
 * (`alert`, `event` or `incident`), `title`, `severity`, `incident`, `alerts` and any field name of
 * the normal form, dotted or nested. Others: whatever can be recognised by name; nothing is dropped.
 */
export function normaliseGeneric(o: Obj, now?: Date): NormalRecord {
  const flat: Flat = new Map();
  flatten(o, "", 0, flat);
  const own = KINDS.has(String(flat.get("kind"))) || text(flat.get("title")) !== undefined;
  const draft = newDraft("generic", kindOf(flat, own));
  draft.moment = momentOf(flat, now);
  draft.recordId = recordIdOf(flat, own, draft.moment);
  draft.sourceIncidentId = own ? idText(flat.get("incident") ?? flat.get("incident.id")) : null;
  const alerts = flat.get("alerts");
  if (draft.kind === "incident" && Array.isArray(alerts)) {
    draft.alertIds = alerts.map(idText).filter((id) => id !== null);
  }
  for (const name of FIELD_NAMES) fillOwn(draft, flat, name);
  fillVendor(draft, flat);
  for (const [name, paths] of ALIASES) fillAlias(draft, flat, name, paths);
  put(draft, "outcome", plainOutcome(flat));
  if (own || draft.kind !== "event") putSeverity(draft, flat.get("severity"), "words");
  if (draft.kind !== "event") put(draft, "alert.title", titleAt(flat));
  draft.title ??= titleOf(draft, flat, own);
  return finish(draft);
}

const KINDS = new Set(["alert", "event", "incident"]);

function kindOf(flat: Flat, own: boolean): RecordKind {
  const kind = text(flat.get("kind"))?.toLowerCase() ?? "";
  if (KINDS.has(kind)) return kind as RecordKind;
  return own && text(flat.get("severity")) !== undefined ? "alert" : "event";
}

function momentOf(flat: Flat, now?: Date): Moment {
  const moment = firstTime(
    TIME_PATHS.map((path) => flat.get(path)),
    now,
  );
  if (moment.iso !== null) return moment;
  // An unknown shape: any key that speaks of a time and holds one.
  for (const [path, value] of flat) {
    if (!/(?:time|date|timestamp|_at|created)$/.test(path) || path.includes("duration")) continue;
    const found = readTime(value, now);
    if (found.iso !== null) return found;
  }
  return moment.original === null ? NO_MOMENT : moment;
}

function recordIdOf(flat: Flat, own: boolean, moment: Moment): string | null {
  if (own && idText(flat.get("id")) !== null) return idText(flat.get("id"));
  for (const path of ID_PATHS) {
    const id = flat.get(path);
    if (typeof id === "string" && !isUnknown(id) && id.length >= 8) return datedId(id, moment);
  }
  return null;
}

/** `severity` is set from the vendor's word by the scale; techniques go by their original. */
const NOT_COPIED = new Set<FieldName>(["severity", "technique", "severity.original"]);

function fillOwn(draft: Draft, flat: Flat, name: FieldName): void {
  const value = flat.get(name);
  if (value === undefined) return;
  if (name === "technique") put(draft, "technique.original", value);
  if (!NOT_COPIED.has(name)) put(draft, name, value);
}

function fillAlias(draft: Draft, flat: Flat, name: FieldName, paths: string[]): void {
  if (draft.fields[name] !== undefined) return;
  for (const path of paths) {
    const value = flat.get(path);
    if (value === undefined || value === null || isObj(value)) continue;
    put(draft, name, Array.isArray(value) ? value.filter((one) => !isObj(one)) : value);
    if (draft.fields[name] !== undefined) return;
  }
}

const SUCCESS = /^(?:success|succeeded|successful|ok|allow|allowed|pass|passed|0)$/i;
const FAILURE = /^(?:fail|failed|failure|error|deny|denied|invalid|unsuccessful)$/i;

/** Words for how it ended; a challenge or an unknown word says nothing (formats.md 19). */
function plainOutcome(flat: Flat): string | undefined {
  const paths = [
    "outcome.result",
    "result",
    "resultstatus",
    "status",
    "resulttype",
    "event_outcome",
  ];
  for (const path of paths) {
    const word = text(flat.get(path));
    if (word === undefined) continue;
    if (FAILURE.test(word)) return "failure";
    if (SUCCESS.test(word)) return "success";
    if (/^block(?:ed)?$/i.test(word)) return "blocked";
  }
  return undefined;
}

function titleAt(flat: Flat): string | undefined {
  for (const path of TITLE_PATHS) {
    const value = text(flat.get(path));
    if (value !== undefined) return value;
  }
  return undefined;
}

function titleOf(draft: Draft, flat: Flat, own: boolean): string {
  const { fields } = draft;
  const named = own ? text(flat.get("title")) : undefined;
  if (named !== undefined) return named;
  if (draft.kind !== "event") return titleAt(flat) ?? "alert without a title";
  const action = shown(fields, "action");
  const what = action ?? titleAt(flat) ?? shown(fields, "message", "log") ?? "event";
  const detail = shown(fields, "process.command_line", "dns.question", "url.full", "file.path");
  const who = shown(fields, "user", "target.user");
  const from = shown(fields, "source.ip");
  const host = shown(fields, "host", "cloud.resource");
  const ended = shown(fields, "outcome");
  return [
    detail ? `${what}: ${detail.slice(0, 120)}` : what,
    who ? `by ${who}` : "",
    from ? `from ${from}` : "",
    host ? `on ${host}` : "",
    ended === "failure" || ended === "blocked" ? `(${ended})` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
