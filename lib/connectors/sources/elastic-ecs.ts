import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { finish, newDraft, put, putHash, putSeverity, shown } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { firstTime } from "./times.ts";
import { at, firstAt, idText, isObj, objsAt, text } from "./values.ts";
import type { Obj } from "./values.ts";
import { fillWindowsFields } from "./windows-event.ts";
import { fromWinlog } from "./windows-shape.ts";

/** The document itself: a search hit holds it in `_source`, or in `fields` with every value a list. */
function documentOf(o: Obj): Obj {
  const source = at(o, "_source");
  if (isObj(source)) return source;
  return isObj(o.fields) && ("_id" in o || "_index" in o) ? o.fields : o;
}

export function isElasticEcs(o: Obj): boolean {
  if (isObj(at(o, "_source")) && ("_index" in o || "_id" in o)) return true;
  const d = documentOf(o);
  if (d !== o) return true;
  if (Object.keys(d).some((key) => key.startsWith("kibana.alert."))) return true;
  if (firstAt(d, "kibana.alert.uuid", "signal.rule.name", "ecs.version") !== undefined) return true;
  if (!("@timestamp" in d)) return false;
  return firstAt(d, "event.kind", "event.category", "event.dataset", "event.module") !== undefined;
}

const PATHS: [FieldName, ...string[]][] = [
  ["event.code", "event.code"],
  ["action", "event.action"],
  ["event.end", "event.end"],
  ["event.created", "event.created"],
  ["vendor", "observer.vendor"],
  ["product", "observer.product", "event.module", "agent.type"],
  ["log", "event.dataset", "data_stream.dataset"],
  ["host", "host.name", "host.hostname", "agent.hostname"],
  ["host.ip", "host.ip"],
  ["host.id", "host.id"],
  ["user", "user.name"],
  ["user.domain", "user.domain"],
  ["user.email", "user.email"],
  ["target.user", "user.target.name", "winlog.event_data.TargetUserName"],
  ["target.user.domain", "user.target.domain"],
  ["logon.id", "winlog.logon.id"],
  ["source.ip", "source.ip", "client.ip"],
  ["source.port", "source.port", "client.port"],
  ["source.host", "source.domain", "source.address"],
  ["destination.ip", "destination.ip", "server.ip"],
  ["destination.port", "destination.port", "server.port"],
  ["destination.host", "destination.domain"],
  ["network.protocol", "network.protocol", "network.transport"],
  ["network.bytes_out", "source.bytes"],
  ["network.bytes_in", "destination.bytes"],
  ["dns.question", "dns.question.name"],
  ["url.full", "url.full", "url.original"],
  ["url.domain", "url.domain"],
  ["user_agent", "user_agent.original"],
  ["http.status", "http.response.status_code"],
  ["tls.subject", "tls.server.subject", "tls.client.server_name"],
  ["process.path", "process.executable"],
  ["process.name", "process.name"],
  ["process.pid", "process.pid"],
  ["process.guid", "process.entity_id"],
  ["process.command_line", "process.command_line"],
  ["parent.path", "process.parent.executable"],
  ["parent.name", "process.parent.name"],
  ["parent.pid", "process.parent.pid"],
  ["parent.guid", "process.parent.entity_id"],
  ["parent.command_line", "process.parent.command_line"],
  ["target.process", "Target.process.name"],
  ["file.path", "file.path"],
  ["file.name", "file.name"],
  ["registry.key", "registry.path", "registry.key"],
  ["registry.value", "registry.data.strings", "registry.value"],
  ["service.name", "service.name"],
  ["group.name", "group.name"],
  ["script", "powershell.file.script_block_text"],
  ["email.from", "email.from.address"],
  ["email.to", "email.to.address"],
  ["email.subject", "email.subject"],
  ["cloud.account", "cloud.account.id"],
  ["cloud.region", "cloud.region"],
  ["cloud.resource", "cloud.instance.id"],
];

/** An Elastic Security alert or an ECS event: flat dotted keys, nested objects, or both at once. */
export function normaliseElasticEcs(o: Obj, now?: Date): NormalRecord {
  const d = documentOf(o);
  const kind = text(at(d, "event.kind"));
  const rule = text(firstAt(d, "kibana.alert.rule.name", "signal.rule.name"));
  const alert = rule !== undefined || kind === "signal" || kind === "alert";
  const draft = newDraft("elastic-ecs", alert ? "alert" : "event");
  draft.recordId =
    idText(firstAt(d, "kibana.alert.uuid")) ?? idText(at(o, "_id")) ?? idText(at(d, "event.id"));
  // An alert's @timestamp is when the rule ran; what it found happened at original_time.
  draft.moment = firstTime(
    [firstAt(d, "kibana.alert.original_time", "signal.original_time"), at(d, "@timestamp")],
    now,
  );
  if (alert) fillAlert(draft, d, rule);
  for (const [name, ...paths] of PATHS) {
    const value = firstAt(d, ...paths);
    if (value !== undefined) put(draft, name, value);
  }
  putSid(draft, text(at(d, "user.id")));
  for (const prefix of ["process.hash", "file.hash", "dll.hash"]) {
    for (const kindOf of ["md5", "sha1", "sha256"])
      putHash(draft, text(at(d, `${prefix}.${kindOf}`)));
  }
  const winlog = fromWinlog(d);
  if (winlog) fillWindowsFields(draft, winlog);
  fillEvent(draft, d);
  put(draft, "message", at(d, "message"));
  draft.title = alert ? (rule ?? titleOf(draft, d)) : (draft.title ?? titleOf(draft, d));
  return finish(draft);
}

function putSid(draft: Draft, id: string | undefined): void {
  if (id?.startsWith("S-1-")) put(draft, "user.sid", id);
}

function fillAlert(draft: Draft, d: Obj, rule: string | undefined): void {
  put(draft, "event.class", "detection_finding");
  put(draft, "alert.title", rule ?? firstAt(d, "rule.name", "message"));
  put(draft, "rule.name", rule ?? at(d, "rule.name"));
  put(draft, "rule.id", firstAt(d, "kibana.alert.rule.uuid", "signal.rule.id", "rule.id"));
  put(
    draft,
    "alert.description",
    firstAt(
      d,
      "kibana.alert.reason",
      "kibana.alert.rule.description",
      "signal.rule.description",
      "rule.description",
    ),
  );
  put(draft, "alert.status", firstAt(d, "kibana.alert.workflow_status", "signal.status"));
  put(draft, "alert.category", firstAt(d, "event.category"));
  const word = firstAt(
    d,
    "kibana.alert.severity",
    "kibana.alert.rule.severity",
    "signal.rule.severity",
  );
  const risk = firstAt(
    d,
    "kibana.alert.risk_score",
    "signal.rule.risk_score",
    "event.risk_score",
    "event.severity",
  );
  putSeverity(draft, word ?? risk, "elastic-risk");
  const threats = [
    "threat",
    "kibana.alert.rule.threat",
    "kibana.alert.rule.parameters.threat",
    "signal.rule.threat",
  ];
  for (const path of threats) {
    for (const threat of objsAt(d, path)) readThreat(draft, threat);
  }
  put(draft, "technique.original", firstAt(d, "threat.technique.id"));
  put(draft, "technique.original", firstAt(d, "threat.technique.subtechnique.id"));
}

function readThreat(draft: Draft, threat: Obj): void {
  put(draft, "tactic", at(threat, "tactic.name"));
  for (const technique of objsAt(threat, "technique")) {
    put(draft, "technique.original", technique.id);
    for (const sub of objsAt(technique, "subtechnique")) put(draft, "technique.original", sub.id);
  }
}

const CLASSES: Record<string, string> = {
  process: "process_activity",
  file: "file_activity",
  authentication: "authentication",
  network: "network_activity",
  web: "http_activity",
  registry: "registry_key_activity",
  iam: "account_change",
  driver: "module_activity",
  library: "module_activity",
  email: "email_activity",
  malware: "malware_activity",
};

function fillEvent(draft: Draft, d: Obj): void {
  const categories = at(d, "event.category");
  for (const category of Array.isArray(categories) ? categories : [categories]) {
    put(draft, "event.class", CLASSES[String(category)]);
  }
  if (draft.fields["event.class"] === "authentication")
    put(draft, "target.user", draft.fields.user);
  const types = new Set([at(d, "event.type")].flat());
  const outcome = text(at(d, "event.outcome"));
  // An alert's outcome tells of the rule that ran, not of the act.
  if (types.has("denied")) put(draft, "outcome", "blocked");
  else if (draft.kind === "alert" && types.has("allowed")) put(draft, "outcome", "allowed");
  else if (draft.kind === "event" && (outcome === "success" || outcome === "failure")) {
    put(draft, "outcome", outcome);
  }
}

function titleOf(draft: Draft, d: Obj): string {
  const { fields } = draft;
  const what = shown(fields, "rule.name", "action") ?? text(at(d, "event.dataset")) ?? "event";
  const detail = shown(
    fields,
    "process.name",
    "file.name",
    "dns.question",
    "url.full",
    "registry.key",
  );
  const who = shown(fields, "target.user", "user");
  const host = shown(fields, "host");
  return [
    what,
    detail ? `: ${detail}` : "",
    who ? ` by ${who}` : "",
    host ? ` on ${host}` : "",
  ].join("");
}
