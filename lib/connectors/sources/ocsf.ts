import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { ObservableType } from "#lib/domain/evidence/record.ts";
import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { add, finish, newDraft, put, putHash, putSeverity, shown } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { OCSF_CLASSES } from "./ocsf-classes.ts";
import { firstTime } from "./times.ts";
import { at, firstAt, idText, isObj, objAt, objsAt, text } from "./values.ts";
import type { Obj } from "./values.ts";

export function isOcsf(o: Obj): boolean {
  const uid = Number(o.class_uid);
  if (!Number.isInteger(uid) || uid < 1000 || uid > 99_999_999) return false;
  return ["metadata", "category_uid", "type_uid", "severity_id", "activity_id"].some((k) => k in o);
}

/** Any OCSF event, 1.0 to 1.9: findings are alerts, 2005 is an incident, the rest telemetry. */
export function normaliseOcsf(o: Obj, now?: Date): NormalRecord {
  const uid = Number(o.class_uid);
  const finding = Math.floor(uid / 1000) === 2;
  const draft = newDraft("ocsf", uid === 2005 ? "incident" : finding ? "alert" : "event");
  draft.moment = firstTime(
    [o.time, o.time_dt, o.start_time, at(o, "finding_info.first_seen_time")],
    now,
  );
  put(draft, "event.class", OCSF_CLASSES[uid] ?? snake(text(o.class_name)));
  put(draft, "event.code", text(o.type_uid) ?? text(o.class_uid));
  put(draft, "vendor", at(o, "metadata.product.vendor_name"));
  put(draft, "product", at(o, "metadata.product.name"));
  put(draft, "log", at(o, "metadata.log_name"));
  put(draft, "event.end", firstAt(o, "end_time_dt", "end_time"));
  put(draft, "event.created", firstAt(o, "metadata.logged_time_dt", "metadata.logged_time"));
  put(draft, "action", firstAt(o, "api.operation", "activity_name"));
  if (finding) fillFinding(draft, o, uid);
  else draft.recordId = idText(at(o, "metadata.uid"));
  fillSubject(draft, o, uid);
  for (const evidence of objsAt(o, "evidences")) fillSubject(draft, evidence, uid);
  fillCloud(draft, o);
  put(draft, "outcome", outcomeOf(o, finding));
  put(draft, "message", o.message);
  for (const observable of objsAt(o, "observables")) see(draft, observable);
  draft.title = titleOf(draft, o, finding);
  return finish(draft);
}

function snake(name: string | undefined): string | undefined {
  return name?.toLowerCase().replace(/[^a-z0-9]+/g, "_");
}

function fillFinding(draft: Draft, o: Obj, uid: number): void {
  const info = isObj(o.finding_info) ? o.finding_info : objAt(o, "finding");
  const incident = uid === 2005;
  draft.recordId = idText(info.uid) ?? idText(at(o, "metadata.uid"));
  if (incident) {
    const id = idText(firstAt(o, "finding_info.uid", "incident.uid", "metadata.uid"));
    draft.recordId = id === null ? null : `incident/${id}`;
    draft.sourceIncidentId = id;
    draft.alertIds = objsAt(o, "finding_info_list")
      .map((f) => idText(f.uid))
      .filter((a) => a !== null);
    put(draft, "ticket.id", firstAt(o, "ticket.uid", "src_url"));
    put(draft, "ticket.owner", at(o, "assignee.name"));
  } else draft.sourceIncidentId = idText(firstAt(o, "incident.uid", "finding_info.incident_uid"));
  const title = firstAt(info, "title") ?? firstAt(o, "finding_info_list.title", "desc", "message");
  put(draft, "alert.title", title);
  put(draft, "alert.description", firstAt(info, "desc") ?? o.desc ?? o.status_detail);
  put(draft, "alert.category", firstAt(info, "types") ?? o.category_name);
  put(draft, "alert.status", o.status);
  put(draft, "rule.id", firstAt(info, "analytic.uid") ?? at(o, "metadata.event_code"));
  put(draft, "rule.name", firstAt(info, "analytic.name") ?? title);
  putSeverity(
    draft,
    text(o.severity_id) === "99" ? o.severity : (o.severity_id ?? o.severity),
    "ocsf",
  );
  for (const attack of [...objsAt(info, "attacks"), ...objsAt(o, "attacks")]) {
    put(draft, "technique.original", firstAt(attack, "sub_technique.uid", "technique.uid"));
    for (const tactic of [...objsAt(attack, "tactic"), ...objsAt(attack, "tactics")]) {
      put(draft, "tactic", tactic.name ?? tactic.uid);
    }
  }
}

const PATHS: [FieldName, ...string[]][] = [
  ["host", "device.hostname", "device.name"],
  ["host.ip", "device.ip"],
  ["host.id", "device.uid"],
  ["user", "actor.user.name", "actor.user.email_addr", "actor.user.uid_alt"],
  ["user.domain", "actor.user.domain"],
  ["user.email", "actor.user.email_addr"],
  ["logon.type", "logon_type"],
  ["source.ip", "src_endpoint.ip"],
  ["source.port", "src_endpoint.port"],
  ["source.host", "src_endpoint.hostname"],
  ["destination.ip", "dst_endpoint.ip"],
  ["destination.port", "dst_endpoint.port"],
  ["destination.host", "dst_endpoint.hostname", "dst_endpoint.svc_name"],
  ["network.protocol", "connection_info.protocol_name", "app_name"],
  ["network.bytes_out", "traffic.bytes_out"],
  ["network.bytes_in", "traffic.bytes_in"],
  ["dns.question", "query.hostname"],
  ["url.full", "http_request.url.url_string", "url.url_string"],
  ["url.domain", "http_request.url.hostname", "url.hostname"],
  ["user_agent", "http_request.user_agent"],
  ["http.status", "http_response.code"],
  ["tls.subject", "tls.certificate.subject"],
  ["file.path", "file.path", "file.name"],
  ["registry.key", "reg_key.path", "win.reg_key.path"],
  ["registry.value", "reg_value.data", "win.reg_value.data"],
  ["service.name", "service.name", "api.service.name", "win.win_service.name"],
  ["task.name", "job.name"],
  ["script", "script.script_content.value", "script.script_content"],
  ["group.name", "group.name"],
  ["email.from", "email.from"],
  ["email.to", "email.to"],
  ["email.subject", "email.subject"],
];

/** The things of an event, or of one piece of a finding's evidence. */
function fillSubject(draft: Draft, o: Obj, uid: number): void {
  for (const [name, ...paths] of PATHS) {
    const value = firstAt(o, ...paths);
    if (value !== undefined) put(draft, name, value);
  }
  for (const name of ["host", "source.ip", "destination.ip", "user", "file.path"] as const) {
    const paths = PATHS.find(([field]) => field === name)?.slice(1) ?? [];
    const value = firstAt(o, ...paths);
    if (value !== undefined) add(draft, name, value);
  }
  putSid(draft, "user.sid", at(o, "actor.user.uid"));
  const target = objAt(o, "user");
  const whom = uid === 3001 || uid === 3002 || uid === 3006 ? "target.user" : "user";
  put(draft, whom, firstAt(target, "name", "email_addr"));
  put(draft, `${whom}.domain`, target.domain);
  put(draft, "user.email", target.email_addr);
  putSid(draft, `${whom}.sid`, target.uid);
  const process = isObj(o.process) ? o.process : objAt(o, "actor.process");
  fillProcess(draft, process);
  const initiator = isObj(o.process) ? objAt(o, "actor.process") : {};
  fillParent(draft, isObj(process.parent_process) ? process.parent_process : initiator);
  for (const file of [objAt(o, "file"), objAt(process, "file")]) {
    for (const hash of [...objsAt(file, "hashes"), ...objsAt(file, "fingerprints")]) {
      putHash(draft, hash.value);
    }
  }
}

function putSid(draft: Draft, name: "user.sid" | "target.user.sid", value: unknown): void {
  const written = text(value);
  if (written?.startsWith("S-1-")) put(draft, name, written);
}

function fillProcess(draft: Draft, process: Obj): void {
  put(draft, "process.path", firstAt(process, "file.path", "path"));
  put(draft, "process.name", firstAt(process, "name", "file.name"));
  put(draft, "process.pid", process.pid);
  put(draft, "process.guid", process.uid);
  put(draft, "process.command_line", process.cmd_line);
  put(draft, "user", firstAt(process, "user.name"));
}

function fillParent(draft: Draft, parent: Obj): void {
  put(draft, "parent.path", firstAt(parent, "file.path", "path"));
  put(draft, "parent.name", firstAt(parent, "name", "file.name"));
  put(draft, "parent.pid", parent.pid);
  put(draft, "parent.guid", parent.uid);
  put(draft, "parent.command_line", parent.cmd_line);
}

function fillCloud(draft: Draft, o: Obj): void {
  put(draft, "cloud.account", firstAt(o, "cloud.account.uid", "cloud.account_uid"));
  put(draft, "cloud.region", at(o, "cloud.region"));
  put(draft, "cloud.arn", firstAt(o, "actor.user.uid_alt", "actor.session.issuer"));
  for (const resource of [...objsAt(o, "resources"), ...objsAt(o, "resource")]) {
    put(draft, "cloud.resource", firstAt(resource, "uid", "name"));
  }
  const key = firstAt(o, "actor.user.credential_uid", "actor.session.credential_uid");
  if (key !== undefined) draft.seen.see("cloud", key);
}

/** In a finding status_id is the state of the finding, not how the act ended. */
function outcomeOf(o: Obj, finding: boolean): string | undefined {
  const disposition = Number(o.disposition_id);
  if (disposition === 1) return "allowed";
  if ([2, 3, 4, 6, 8, 26].includes(disposition)) return "blocked";
  if (disposition === 15) return "detected";
  if (finding) return undefined;
  if (text(o.status_id) === "1") return "success";
  return text(o.status_id) === "2" ? "failure" : undefined;
}

const OBSERVABLE_TYPES: Record<number, ObservableType> = {
  1: "host",
  2: "ip",
  4: "user",
  5: "email",
  6: "url",
  8: "hash",
  9: "process",
  10: "cloud",
  28: "registry",
};

function see(draft: Draft, observable: Obj): void {
  const type = OBSERVABLE_TYPES[Number(observable.type_id)];
  if (type) draft.seen.see(type, observable.value);
}

function titleOf(draft: Draft, o: Obj, finding: boolean): string {
  const { fields } = draft;
  if (finding) return shown(fields, "alert.title") ?? text(o.message) ?? "finding without a title";
  const what = text(firstAt(o, "api.operation")) ?? text(o.type_name) ?? text(o.activity_name);
  const name = what ?? shown(fields, "event.class") ?? "event";
  const detail = shown(fields, "process.command_line", "dns.question", "url.full", "file.path");
  const who = shown(fields, "user", "target.user");
  const where = shown(fields, "host", "cloud.resource");
  const from = shown(fields, "source.ip");
  return [
    detail ? `${name}: ${detail.slice(0, 120)}` : name,
    who ? `by ${who}` : "",
    from ? `from ${from}` : "",
    where ? `on ${where}` : "",
    shown(fields, "outcome") === "failure" ? "(failed)" : "",
  ]
    .filter(Boolean)
    .join(" ");
}
