import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { finish, newDraft, put, putHash, putSeverity, shown } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { firstTime } from "./times.ts";
import { at, firstAt, isObj, objsAt, text } from "./values.ts";
import type { Obj } from "./values.ts";

export function isSuricataEve(o: Obj): boolean {
  if (isObj(o.event) && typeof o.event.event_type === "string") return isSuricataEve(o.event);
  if (typeof o.event_type !== "string") return false;
  return (
    "timestamp" in o && ["src_ip", "flow_id", "stats", "pcap_cnt", "in_iface"].some((k) => k in o)
  );
}

const CLASSES: Record<string, string> = {
  alert: "detection_finding",
  flow: "network_activity",
  netflow: "network_activity",
  http: "http_activity",
  dns: "dns_activity",
  tls: "network_activity",
  smb: "smb_activity",
  dcerpc: "dce_rpc_activity",
  krb5: "authentication",
  ftp: "ftp_activity",
  ssh: "ssh_activity",
  smtp: "email_activity",
  fileinfo: "network_file_activity",
  rdp: "rdp_activity",
  dhcp: "dhcp_activity",
};

const PATHS: [FieldName, ...string[]][] = [
  ["source.ip", "src_ip"],
  ["source.port", "src_port"],
  ["destination.ip", "dest_ip"],
  ["destination.port", "dest_port"],
  ["network.bytes_out", "flow.bytes_toserver"],
  ["network.bytes_in", "flow.bytes_toclient"],
  ["dns.question", "dns.rrname", "dns.queries.rrname", "dns.query.rrname"],
  ["user_agent", "http.http_user_agent"],
  ["http.status", "http.status"],
  ["destination.host", "http.hostname", "tls.sni"],
  ["tls.subject", "tls.subject"],
  ["file.path", "fileinfo.filename", "smb.filename"],
  ["share.name", "smb.share"],
  ["pipe.name", "smb.named_pipe"],
  ["email.subject", "email.subject"],
  ["email.from", "smtp.mail_from", "email.from"],
  ["event.end", "flow.end"],
];

/** A line of Suricata's EVE log; `event_type: alert` is the alert, everything else telemetry. */
export function normaliseSuricataEve(wrapped: Obj, now?: Date): NormalRecord {
  const o = isObj(wrapped.event) && !("event_type" in wrapped) ? wrapped.event : wrapped;
  const type = text(o.event_type) ?? "unknown";
  const draft = newDraft("suricata-eve", type === "alert" ? "alert" : "event");
  draft.moment = firstTime([o.timestamp], now);
  put(draft, "vendor", "OISF");
  put(draft, "product", "Suricata");
  put(draft, "log", "eve");
  put(draft, "event.code", type);
  put(draft, "event.class", CLASSES[type]);
  for (const [name, ...paths] of PATHS) put(draft, name, firstAt(o, ...paths));
  put(draft, "network.protocol", text(firstAt(o, "app_proto", "proto"))?.toLowerCase());
  putUrl(draft, o);
  putUsers(draft, o);
  for (const file of [...objsAt(o, "fileinfo"), ...objsAt(o, "files")]) {
    put(draft, "file.path", file.filename);
    for (const kind of ["md5", "sha1", "sha256"]) putHash(draft, file[kind]);
  }
  if (type === "alert") fillAlert(draft, o);
  else put(draft, "action", type);
  draft.title = titleOf(draft, o, type);
  return finish(draft);
}

function fillAlert(draft: Draft, o: Obj): void {
  put(draft, "alert.title", at(o, "alert.signature"));
  put(draft, "rule.name", at(o, "alert.signature"));
  put(draft, "rule.id", at(o, "alert.signature_id"));
  put(draft, "alert.category", at(o, "alert.category"));
  const action = text(at(o, "alert.action"));
  put(draft, "action", action);
  put(
    draft,
    "outcome",
    action === "blocked" ? "blocked" : action === "allowed" ? "allowed" : undefined,
  );
  putSeverity(draft, at(o, "alert.severity"), "suricata");
  const ids = at(o, "alert.metadata.mitre_technique_id");
  put(draft, "technique.original", ids);
  const tactics = at(o, "alert.metadata.mitre_tactic_name");
  for (const tactic of Array.isArray(tactics) ? tactics : [tactics]) {
    put(draft, "tactic", text(tactic)?.replaceAll("_", " "));
  }
}

/** EVE gives the path; the whole address needs the host and, when it is not the usual one, the port. */
function putUrl(draft: Draft, o: Obj): void {
  const host = text(at(o, "http.hostname"));
  const path = text(at(o, "http.url"));
  if (host !== undefined) put(draft, "url.domain", host);
  if (path === undefined) return;
  if (/^https?:\/\//i.test(path)) put(draft, "url.full", path);
  else if (host !== undefined) {
    const port = text(at(o, "http.http_port"));
    put(draft, "url.full", `http://${host}${port && port !== "80" ? `:${port}` : ""}${path}`);
  } else put(draft, "url.full", path);
}

function putUsers(draft: Draft, o: Obj): void {
  const account = firstAt(o, "krb5.cname", "ntlmssp.user", "smb.ntlmssp.user", "ftp.user");
  put(draft, "target.user", account);
  put(draft, "target.user.domain", firstAt(o, "krb5.realm", "smb.ntlmssp.domain"));
  put(draft, "service.name", at(o, "krb5.sname"));
  const failed = text(at(o, "krb5.error_code"));
  if (failed) put(draft, "outcome", "failure");
}

function titleOf(draft: Draft, o: Obj, type: string): string {
  const { fields } = draft;
  const from = shown(fields, "source.ip");
  const to = shown(fields, "destination.ip");
  const port = shown(fields, "destination.port");
  const path = from && to ? ` ${from} -> ${to}${port ? `:${port}` : ""}` : "";
  if (type === "alert") return text(at(o, "alert.signature")) ?? `alert${path}`;
  const detail = shown(fields, "dns.question", "url.full", "file.name", "destination.host");
  const more = text(firstAt(o, "smb.command", "dcerpc.request", "krb5.msg_type", "anomaly.event"));
  return `${type}${detail ? `: ${detail}` : more ? `: ${more}` : ""}${path}`;
}
