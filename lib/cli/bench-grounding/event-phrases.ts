/** The phrases of sentences about single records; `{field}` stands for what the record says there. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { ClaimKind } from "#lib/domain/summary/claim.ts";
import { RESERVED } from "./reserved-phrases.ts";

/**
 * One relation: the records it fits, how it is told, and the outcome its words state. Pseudo fields
 * of a phrase: `time` is spelled in one of several ways, `record` is the record's label.
 */
export type Form = {
  relation: string;
  kind?: ClaimKind;
  fits: (record: EvidenceRecord) => boolean;
  outcome?: string;
  phrases: string[];
};

const code =
  (...codes: string[]) =>
  (r: EvidenceRecord) =>
    r.format === "windows-event" && codes.includes(String(r.fields["event.code"]));
const sysmon = (n: string) => (r: EvidenceRecord) =>
  code(n)(r) && /sysmon/i.test(String(r.fields.log ?? ""));
const isStart = (r: EvidenceRecord) =>
  (code("1", "4688")(r) || r.fields.action === "process_created") &&
  r.fields["event.class"] === "process_activity";
const isLogon = (outcome: string) => (r: EvidenceRecord) =>
  r.fields["event.class"] === "authentication" &&
  r.fields.outcome === outcome &&
  (code("4624", "4625")(r) || r.fields.action === "logon");
const isConnection = (r: EvidenceRecord) =>
  sysmon("3")(r) ||
  code("5156")(r) ||
  (r.format === "suricata-eve" && r.fields.action === "flow") ||
  r.fields.action === "connection_permitted";
const isAlert = (r: EvidenceRecord) => r.kind === "alert";

export const FORMS: Form[] = [
  {
    relation: "process start",
    fits: isStart,
    phrases: [
      "On {host}, {user} ran {process.name} at {time}.",
      "{process.name} (PID {process.pid}) was started on {host} at {time}.",
      "User {user} executed {process.path} on host {host}.",
      "At {time}, {user} launched {process.name} on {host}.",
      "{host}: {process.name} started with PID {process.pid}.",
      "The process {process.path} ran as {user} on {host}.",
    ],
  },
  {
    relation: "parent and child",
    fits: isStart,
    phrases: [
      "{parent.name} started {process.name} on {host}.",
      "On {host}, {process.name} was started by {parent.name} at {time}.",
      "{parent.name} spawned {process.name} (PID {process.pid}) on host {host}.",
      "The parent process of {process.name} on {host} was {parent.name}.",
      "{process.name} was launched by {parent.name} under the account {user}.",
      "{parent.name} with PID {parent.pid} launched {process.name} with PID {process.pid}.",
    ],
  },
  {
    relation: "process access",
    fits: sysmon("10"),
    phrases: [
      "{process.name} accessed {target.process} on {host} at {time}.",
      "On {host}, {process.path} opened the process {target.process}.",
      "{target.process} was accessed by {process.name} (PID {process.pid}) on {host}.",
    ],
  },
  {
    relation: "object written",
    fits: (r) => sysmon("11")(r) || sysmon("13")(r) || sysmon("12")(r),
    phrases: [
      "{process.name} created the file {file.path} on {host}.",
      "On {host}, {file.path} was written by {process.name} at {time}.",
      "{process.name} set the registry key {registry.key} on {host}.",
      "The registry key {registry.key} was modified on host {host} by {process.name}.",
      "At {time}, {process.path} changed {registry.key} on {host}.",
    ],
  },
  {
    relation: "direction",
    fits: isConnection,
    phrases: [
      "{source.ip} connected to {destination.ip} on port {destination.port}.",
      "A connection went from {source.ip} to {destination.ip} at {time}.",
      "{process.name} on {host} connected to {destination.ip}:{destination.port}.",
      "At {time}, {source.ip} contacted {destination.ip} over {network.protocol}.",
      "Traffic from {source.ip} (port {source.port}) to {destination.ip} (port {destination.port}) was recorded at {time}.",
      "The source of the connection is {source.ip} and its destination is {destination.ip}.",
    ],
  },
  {
    relation: "lookup",
    fits: (r) => code("22")(r) || (r.format === "suricata-eve" && r.fields.action === "dns"),
    phrases: [
      "{process.name} on {host} queried {dns.question} at {time}.",
      "{source.ip} looked up {dns.question} at {time}.",
      "A DNS query for {dns.question} came from {source.ip}.",
    ],
  },
  {
    relation: "outcome",
    kind: "identity",
    fits: isLogon("success"),
    outcome: "success",
    phrases: [
      "{target.user} logged on to {host} successfully at {time}.",
      "The logon of {target.user} on {host} succeeded at {time}.",
      "A successful logon of {target.user} on {host} came from {source.ip}.",
    ],
  },
  {
    relation: "outcome",
    kind: "identity",
    fits: isLogon("failure"),
    outcome: "failure",
    phrases: [
      "The logon of {target.user} to {host} failed at {time}.",
      "A failed logon of {target.user} on {host} came from {source.ip}.",
      "At {time}, a logon of user {target.user} from {source.ip} failed.",
    ],
  },
  {
    relation: "outcome",
    fits: (r) => isConnection(r) && r.fields.outcome === "allowed",
    outcome: "allowed",
    phrases: ["The connection from {source.ip} to {destination.ip} was allowed."],
  },
  {
    relation: "alert",
    fits: isAlert,
    phrases: [
      'The alert "{alert.title}" on {host} has severity {severity}.',
      '{source} raised "{alert.title}" at {time} with {severity} severity.',
      'The alert "{alert.title}" names the user {user}.',
      '"{alert.title}" is an alert about {host}, recorded at {time}.',
      'The alert "{alert.title}" is tagged with technique {technique}.',
      '{technique} is the technique of the alert "{alert.title}".',
      'The alert "{alert.title}" concerns traffic from {source.ip} to {destination.ip}.',
    ],
  },
  {
    relation: "field",
    fits: () => true,
    phrases: [
      "{record} names the host {host} and the user {user}.",
      "In {record}, the process is {process.path} and its PID is {process.pid}.",
      "{record} has event ID {event.code} on host {host}.",
      "The action {action} was recorded on {host} at {time}.",
      "{record} records the action {action} by user {user}.",
      "The action {action} came from {source.ip} at {time}.",
      "The event at {time} has event code {event.code} and names {process.name}.",
      "The SHA256 hash of {process.path} on {host} is {hash.sha256}.",
      "{record} lists the MD5 {hash.md5} for {process.name}.",
      "The destination in {record} is {destination.ip}, port {destination.port}.",
      "{record} is from {time} and was recorded on {host}.",
      "The source address in {record} is {source.ip}.",
    ],
  },
];

/** The same relations told in words that are kept for the side `held-out`. */
export const RESERVED_FORMS: Form[] = FORMS.flatMap((form) => {
  const phrases = RESERVED[`${form.relation}${form.outcome ? ` ${form.outcome}` : ""}`];
  return phrases ? [{ ...form, phrases }] : [];
});
