/**
 * The normal form of one record: a flat map from our field names to values.
 * A missing field is unknown, never false and never empty (words.md: null is unknown).
 * Names follow ECS where ECS has one; `OCSF_NAMES` in docs/api.md gives the other spelling.
 */

/** Every field of the normal form, with who could have written its value. */
export const FIELD_TRUST = {
  // what happened
  action: "sensor",
  outcome: "sensor", // success | failure | blocked | allowed | detected
  "event.code": "sensor", // Windows EventID, Entra resultType, Suricata event_type...
  "event.class": "sensor", // OCSF class in snake case, e.g. process_activity
  "event.end": "sensor",
  "event.created": "sensor",
  "alert.title": "sensor",
  "alert.description": "sensor",
  "alert.category": "sensor",
  "alert.status": "sensor",
  "rule.id": "sensor",
  "rule.name": "sensor",
  severity: "sensor", // our word
  "severity.original": "sensor", // the vendor's
  technique: "sensor", // string[]: ATT&CK ids as tagged, after following revoked_by
  "technique.original": "sensor", // string[]: as the source wrote them
  tactic: "sensor", // string[]
  // where
  vendor: "sensor",
  product: "sensor",
  log: "sensor",
  host: "sensor",
  "host.ip": "sensor",
  "host.id": "sensor",
  // who
  user: "sensor", // actor account name, without its domain
  "user.domain": "sensor",
  "user.sid": "sensor",
  "user.email": "sensor",
  "target.user": "attacker", // a failed logon name is whatever the client typed
  "target.user.domain": "attacker",
  "target.user.sid": "sensor",
  "logon.type": "sensor",
  "logon.id": "sensor",
  // network
  "source.ip": "sensor",
  "source.port": "sensor",
  "source.host": "attacker",
  "destination.ip": "sensor",
  "destination.port": "sensor",
  "destination.host": "attacker",
  "network.protocol": "sensor",
  "network.bytes_out": "sensor",
  "network.bytes_in": "sensor",
  "dns.question": "attacker",
  "url.full": "attacker",
  "url.domain": "attacker",
  user_agent: "attacker",
  "http.status": "sensor",
  "tls.subject": "attacker",
  // process
  "process.name": "sensor",
  "process.path": "sensor",
  "process.pid": "sensor",
  "process.guid": "sensor",
  "process.command_line": "attacker",
  "parent.name": "sensor",
  "parent.path": "sensor",
  "parent.pid": "sensor",
  "parent.guid": "sensor",
  "parent.command_line": "attacker",
  "target.process": "sensor",
  // objects
  "file.path": "attacker",
  "file.name": "attacker",
  "hash.md5": "sensor",
  "hash.sha1": "sensor",
  "hash.sha256": "sensor",
  "registry.key": "attacker",
  "registry.value": "attacker",
  "service.name": "attacker",
  "service.command": "attacker",
  "task.name": "attacker",
  "group.name": "sensor",
  "share.name": "attacker",
  "pipe.name": "attacker",
  script: "attacker",
  message: "attacker",
  "email.from": "attacker",
  "email.to": "sensor",
  "email.subject": "attacker",
  "email.cc": "attacker",
  "email.reply_to": "attacker",
  "email.message_id": "attacker",
  "email.date": "attacker",
  "email.received": "attacker", // string[]: the Received lines, the newest first
  "email.attachment": "attacker", // string[]: the sha256 of each, and its name
  "cloud.account": "sensor",
  "cloud.region": "sensor",
  "cloud.resource": "sensor",
  "cloud.arn": "sensor",
  "ticket.id": "sensor",
  "ticket.status": "sensor",
  "ticket.owner": "sensor",
} as const satisfies Record<string, FieldTrust>;

/** `sensor`: asserted by the machine that observed it. `attacker`: text an attacker could choose. */
export type FieldTrust = "sensor" | "attacker";
export type FieldName = keyof typeof FIELD_TRUST;
export type FieldValue = string | number | string[];
export type Fields = { [K in FieldName]?: FieldValue };

export const FIELD_NAMES = Object.keys(FIELD_TRUST) as FieldName[];

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELD_TRUST, name);
}

/** The values of one field as a list; empty when the field is unknown. */
export function fieldValues(fields: Fields, name: FieldName): (string | number)[] {
  const value = fields[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
