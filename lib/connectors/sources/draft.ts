import { FIELD_NAMES } from "#lib/domain/evidence/fields.ts";
import type { FieldName, Fields } from "#lib/domain/evidence/fields.ts";
import type { NormalRecord, RecordFormat, RecordKind } from "#lib/domain/evidence/record.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { Sightings } from "./observables.ts";
import { techniqueIds } from "./techniques.ts";
import { NO_MOMENT } from "./times.ts";
import type { Moment } from "./times.ts";
import { account, baseName, ipText, isObj, text, wholeNumber } from "./values.ts";
import { severityOf } from "./vendor-severity.ts";
import type { SeverityScale } from "./vendor-severity.ts";

/** A record in the making: each format fills one and hands it to `finish`. */
export type Draft = {
  format: RecordFormat;
  kind: RecordKind;
  recordId: string | null;
  moment: Moment;
  severity: Severity | null;
  title: string | undefined;
  fields: Fields;
  sourceIncidentId: string | null;
  alertIds: string[];
  /** Values seen in the record beside its fields: the other hosts, files, processes of an alert. */
  seen: Sightings;
};

export function newDraft(format: RecordFormat, kind: RecordKind): Draft {
  return {
    format,
    kind,
    recordId: null,
    moment: NO_MOMENT,
    severity: null,
    title: undefined,
    fields: {},
    sourceIncidentId: null,
    alertIds: [],
    seen: new Sightings(),
  };
}

type Shape =
  | "text"
  | "ip"
  | "number"
  | "hash"
  | "account"
  | "path"
  | "host"
  | "domain"
  | "technique"
  | "list"
  | "pid";

const SHAPES: Partial<Record<FieldName, Shape>> = {
  "source.ip": "ip",
  "destination.ip": "ip",
  "host.ip": "ip",
  "source.port": "number",
  "destination.port": "number",
  "network.bytes_in": "number",
  "network.bytes_out": "number",
  "http.status": "number",
  "process.pid": "pid",
  "parent.pid": "pid",
  "hash.md5": "hash",
  "hash.sha1": "hash",
  "hash.sha256": "hash",
  user: "account",
  "target.user": "account",
  "process.path": "path",
  "parent.path": "path",
  "file.path": "path",
  host: "host",
  "source.host": "host",
  "destination.host": "host",
  "dns.question": "domain",
  "url.domain": "domain",
  "technique.original": "technique",
  tactic: "list",
};
const SHAPE = new Map<FieldName, Shape>(FIELD_NAMES.map((name) => [name, SHAPES[name] ?? "text"]));

/** Sets a field from a foreign value unless it is already known; unknown values set nothing. */
export function put(draft: Draft, name: FieldName, value: unknown): void {
  if (value === undefined || value === null || value === "") return;
  if (Array.isArray(value)) {
    for (const one of value) add(draft, name, one);
    return;
  }
  if (draft.fields[name] !== undefined && !isListed(name)) return;
  set(draft, name, value);
}

/** Adds a value to a field: a second, different one turns it into a list. */
export function add(draft: Draft, name: FieldName, value: unknown): void {
  const before = draft.fields[name];
  if (before === undefined || isListed(name)) {
    set(draft, name, value);
    return;
  }
  const probe = newDraft(draft.format, draft.kind);
  set(probe, name, value);
  const next = probe.fields[name];
  if (next === undefined || Array.isArray(next)) return;
  const all = (Array.isArray(before) ? before : [before]).map(String);
  if (all.some((known) => known.toLowerCase() === String(next).toLowerCase())) return;
  draft.fields[name] = [...all, String(next)];
  for (const [other, found] of Object.entries(probe.fields) as [FieldName, string][]) {
    if (other !== name && draft.fields[other] === undefined) draft.fields[other] = found;
  }
}

function isListed(name: FieldName): boolean {
  return name === "technique.original" || name === "tactic";
}

function set(draft: Draft, name: FieldName, value: unknown): void {
  if (isObj(value)) return;
  const fields = draft.fields;
  switch (SHAPE.get(name)) {
    case "ip":
      return assign(fields, name, ipText(value));
    case "number":
    case "pid":
      return assign(fields, name, wholeNumber(value));
    case "hash":
      return assign(fields, name, hashText(value));
    case "account":
      return setAccount(fields, name as "user" | "target.user", value);
    case "path":
      return setPath(fields, name as "process.path", value);
    case "host":
      return setHost(fields, name, value);
    case "domain":
      return assign(fields, name, text(value)?.replace(/\.$/, ""));
    case "technique":
      return setTechniques(fields, value);
    case "list":
      return setList(fields, name, value);
    default:
      return assign(fields, name, text(value));
  }
}

function assign(fields: Fields, name: FieldName, value: string | number | undefined): void {
  if (value !== undefined) fields[name] = value;
}

const HEX = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/;

function hashText(value: unknown): string | undefined {
  const hash = text(value)?.toLowerCase();
  return hash !== undefined && HEX.test(hash) && !/^0+$/.test(hash) ? hash : undefined;
}

function setAccount(fields: Fields, name: "user" | "target.user", value: unknown): void {
  const { name: user, domain, sid, email } = account(value);
  if (user !== undefined) fields[name] = user;
  if (domain !== undefined) fields[`${name}.domain`] ??= domain;
  if (sid !== undefined) fields[`${name}.sid`] ??= sid;
  if (email !== undefined && name === "user") fields["user.email"] ??= email;
}

const NAME_OF = {
  "process.path": "process.name",
  "parent.path": "parent.name",
  "file.path": "file.name",
} as const;

function setPath(fields: Fields, name: keyof typeof NAME_OF, value: unknown): void {
  const path = text(value);
  if (path === undefined) return;
  fields[name] = path;
  const base = baseName(path);
  if (base !== "") fields[NAME_OF[name]] ??= base;
}

function setHost(fields: Fields, name: FieldName, value: unknown): void {
  const host = text(isObj(value) ? value.name : value)
    ?.replace(/^\\\\/, "")
    .replace(/\.$/, "");
  if (host !== undefined && host !== "") fields[name] = host;
}

function setTechniques(fields: Fields, value: unknown): void {
  const written = text(value);
  if (written === undefined) return;
  const original = new Set([...((fields["technique.original"] as string[]) ?? []), written]);
  const ids = new Set([...((fields.technique as string[]) ?? []), ...techniqueIds([written])]);
  fields["technique.original"] = [...original];
  if (ids.size > 0) fields.technique = [...ids];
}

/** A comma string or one value; "Unknown" is no tactic. */
function setList(fields: Fields, name: FieldName, value: unknown): void {
  const parts = (text(value) ?? "").split(",").map((part) => text(part));
  const all = new Set([
    ...((fields[name] as string[]) ?? []),
    ...parts.filter((p) => p !== undefined),
  ]);
  if (all.size > 0) fields[name] = [...all];
}

/** "MD5=..,SHA256=..,IMPHASH=.." or a bare hash, each under its own field. */
export function putHashes(draft: Draft, value: unknown): void {
  for (const part of (text(value) ?? "").split(/[,;]/)) {
    putHash(draft, part.slice(part.indexOf("=") + 1));
  }
}

const HASH_FIELD: Record<number, FieldName> = {
  32: "hash.md5",
  40: "hash.sha1",
  64: "hash.sha256",
};

/** One hash, its kind told by its length; an import hash must not be passed here. */
export function putHash(draft: Draft, value: unknown): void {
  const hash = hashText(value);
  const field = hash === undefined ? undefined : HASH_FIELD[hash.length];
  if (field) add(draft, field, hash);
}

export function putSeverity(draft: Draft, value: unknown, scale: SeverityScale): void {
  const severity = severityOf(Array.isArray(value) ? value[0] : value, scale);
  if (draft.severity === null) draft.severity = severity;
  put(draft, "severity.original", value);
}

/** The finished record: title on one line, severity only where it belongs, observables canonical. */
export function finish(draft: Draft): NormalRecord {
  const { fields, moment } = draft;
  if (draft.kind === "event") {
    draft.severity = null;
    delete fields["severity.original"];
  } else if (draft.severity) fields.severity = draft.severity;
  draft.seen.seeFields(fields);
  return {
    recordId: draft.recordId === null ? null : draft.recordId.slice(0, 512),
    format: draft.format,
    kind: draft.kind,
    time: moment.iso,
    timeOriginal: moment.original === null ? null : storableText(moment.original),
    timeQuality: moment.iso === null ? "missing" : moment.quality,
    severity: draft.severity,
    title: oneLine(draft.title ?? "") || "record without a title",
    fields,
    sourceIncidentId: draft.sourceIncidentId,
    alertIds: [...new Set(draft.alertIds)],
    observables: draft.seen.list(),
  };
}

const TITLE_LENGTH = 240;

/** One line without control characters, cut at a length a thread can show. */
export function oneLine(value: string): string {
  const line = storableText(value.slice(0, 4_000))
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line.length <= TITLE_LENGTH
    ? line
    : `${line.slice(0, TITLE_LENGTH - 1).toWellFormed()}\u2026`;
}

/** A field as text for a title: the first of a list; undefined when unknown. */
export function shown(fields: Fields, ...names: FieldName[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (value !== undefined) return String(Array.isArray(value) ? value[0] : value);
  }
  return undefined;
}
