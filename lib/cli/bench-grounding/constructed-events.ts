/** Sentences about single records: who did what, where, when, to what. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { ClaimKind, Predicate } from "#lib/domain/summary/claim.ts";
import { clockOf, id, is, said, saidAll, spellTime } from "./sentence.ts";
import type { Scene, Sentence } from "./sentence.ts";

type Written = { text: string; fields: string[] };
/** `v` gives a field's value for the text and notes that the sentence says it. */
type Phrase = (v: (field: string) => string) => string;
type Form = {
  relation: string;
  kind?: ClaimKind;
  fits: (record: EvidenceRecord) => boolean;
  phrases: Phrase[];
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

/** Shown to the sentence writer as words; the value of a predicate on `time` is found by `spellTime`. */
const TIME = "time";

const FORMS: Form[] = [
  {
    relation: "process start",
    fits: isStart,
    phrases: [
      (v) => `On ${v("host")}, ${v("user")} ran ${v("process.name")} at ${v(TIME)}.`,
      (v) =>
        `${v("process.name")} (PID ${v("process.pid")}) was started on ${v("host")} at ${v(TIME)}.`,
      (v) => `User ${v("user")} executed ${v("process.path")} on host ${v("host")}.`,
      (v) => `At ${v(TIME)}, ${v("user")} launched ${v("process.name")} on ${v("host")}.`,
      (v) => `${v("host")}: ${v("process.name")} started with PID ${v("process.pid")}.`,
      (v) => `The process ${v("process.path")} ran as ${v("user")} on ${v("host")}.`,
    ],
  },
  {
    relation: "parent and child",
    fits: isStart,
    phrases: [
      (v) => `${v("parent.name")} started ${v("process.name")} on ${v("host")}.`,
      (v) =>
        `On ${v("host")}, ${v("process.name")} was started by ${v("parent.name")} at ${v(TIME)}.`,
      (v) =>
        `${v("parent.name")} spawned ${v("process.name")} (PID ${v("process.pid")}) on host ${v("host")}.`,
      (v) => `The parent process of ${v("process.name")} on ${v("host")} was ${v("parent.name")}.`,
      (v) =>
        `${v("process.name")} was launched by ${v("parent.name")} under the account ${v("user")}.`,
      (v) =>
        `${v("parent.name")} with PID ${v("parent.pid")} launched ${v("process.name")} with PID ${v("process.pid")}.`,
    ],
  },
  {
    relation: "process access",
    fits: sysmon("10"),
    phrases: [
      (v) => `${v("process.name")} accessed ${v("target.process")} on ${v("host")} at ${v(TIME)}.`,
      (v) => `On ${v("host")}, ${v("process.path")} opened the process ${v("target.process")}.`,
      (v) =>
        `${v("target.process")} was accessed by ${v("process.name")} (PID ${v("process.pid")}) on ${v("host")}.`,
    ],
  },
  {
    relation: "object written",
    fits: (r) => sysmon("11")(r) || sysmon("13")(r) || sysmon("12")(r),
    phrases: [
      (v) => `${v("process.name")} created the file ${v("file.path")} on ${v("host")}.`,
      (v) =>
        `On ${v("host")}, ${v("file.path")} was written by ${v("process.name")} at ${v(TIME)}.`,
      (v) => `${v("process.name")} set the registry key ${v("registry.key")} on ${v("host")}.`,
      (v) =>
        `The registry key ${v("registry.key")} was modified on host ${v("host")} by ${v("process.name")}.`,
      (v) => `At ${v(TIME)}, ${v("process.path")} changed ${v("registry.key")} on ${v("host")}.`,
    ],
  },
  {
    relation: "direction",
    fits: isConnection,
    phrases: [
      (v) =>
        `${v("source.ip")} connected to ${v("destination.ip")} on port ${v("destination.port")}.`,
      (v) => `A connection went from ${v("source.ip")} to ${v("destination.ip")} at ${v(TIME)}.`,
      (v) =>
        `${v("process.name")} on ${v("host")} connected to ${v("destination.ip")}:${v("destination.port")}.`,
      (v) =>
        `At ${v(TIME)}, ${v("source.ip")} contacted ${v("destination.ip")} over ${v("network.protocol")}.`,
      (v) =>
        `Traffic from ${v("source.ip")} (port ${v("source.port")}) to ${v("destination.ip")} (port ${v("destination.port")}) was recorded at ${v(TIME)}.`,
      (v) =>
        `The source of the connection is ${v("source.ip")} and its destination is ${v("destination.ip")}.`,
    ],
  },
  {
    relation: "lookup",
    fits: (r) => code("22")(r) || (r.format === "suricata-eve" && r.fields.action === "dns"),
    phrases: [
      (v) => `${v("process.name")} on ${v("host")} queried ${v("dns.question")} at ${v(TIME)}.`,
      (v) => `${v("source.ip")} looked up ${v("dns.question")} at ${v(TIME)}.`,
      (v) => `A DNS query for ${v("dns.question")} came from ${v("source.ip")}.`,
    ],
  },
  {
    relation: "outcome",
    kind: "identity",
    fits: isLogon("success"),
    phrases: [
      (v) =>
        `${v("target.user")} logged on to ${v("host")} successfully at ${v(TIME)}.${o("success")}`,
      (v) =>
        `The logon of ${v("target.user")} on ${v("host")} succeeded at ${v(TIME)}.${o("success")}`,
      (v) =>
        `A successful logon of ${v("target.user")} on ${v("host")} came from ${v("source.ip")}.${o("success")}`,
    ],
  },
  {
    relation: "outcome",
    kind: "identity",
    fits: isLogon("failure"),
    phrases: [
      (v) =>
        `The logon of ${v("target.user")} to ${v("host")} failed at ${v(TIME)}.${o("failure")}`,
      (v) =>
        `A failed logon of ${v("target.user")} on ${v("host")} came from ${v("source.ip")}.${o("failure")}`,
      (v) =>
        `At ${v(TIME)}, a logon of user ${v("target.user")} from ${v("source.ip")} failed.${o("failure")}`,
    ],
  },
  {
    relation: "outcome",
    fits: (r) => isConnection(r) && r.fields.outcome === "allowed",
    phrases: [
      (v) =>
        `The connection from ${v("source.ip")} to ${v("destination.ip")} was allowed.${o("allowed")}`,
    ],
  },
  {
    relation: "alert",
    fits: isAlert,
    phrases: [
      (v) => `The alert "${v("alert.title")}" on ${v("host")} has severity ${v("severity")}.`,
      (v) =>
        `${v("source")} raised "${v("alert.title")}" at ${v(TIME)} with ${v("severity")} severity.`,
      (v) => `The alert "${v("alert.title")}" names the user ${v("user")}.`,
      (v) => `"${v("alert.title")}" is an alert about ${v("host")}, recorded at ${v(TIME)}.`,
      (v) => `The alert "${v("alert.title")}" is tagged with technique ${v("technique")}.`,
      (v) => `${v("technique")} is the technique of the alert "${v("alert.title")}".`,
      (v) =>
        `The alert "${v("alert.title")}" concerns traffic from ${v("source.ip")} to ${v("destination.ip")}.`,
    ],
  },
  {
    relation: "field",
    fits: () => true,
    phrases: [
      (v) => `${v("record")} names the host ${v("host")} and the user ${v("user")}.`,
      (v) =>
        `In ${v("record")}, the process is ${v("process.path")} and its PID is ${v("process.pid")}.`,
      (v) => `${v("record")} has event ID ${v("event.code")} on host ${v("host")}.`,
      (v) => `The action ${v("action")} was recorded on ${v("host")} at ${v(TIME)}.`,
      (v) => `${v("record")} records the action ${v("action")} by user ${v("user")}.`,
      (v) => `The action ${v("action")} came from ${v("source.ip")} at ${v(TIME)}.`,
      (v) =>
        `The event at ${v(TIME)} has event code ${v("event.code")} and names ${v("process.name")}.`,
      (v) => `The SHA256 hash of ${v("process.path")} on ${v("host")} is ${v("hash.sha256")}.`,
      (v) => `${v("record")} lists the MD5 ${v("hash.md5")} for ${v("process.name")}.`,
      (v) =>
        `The destination in ${v("record")} is ${v("destination.ip")}, port ${v("destination.port")}.`,
      (v) => `${v("record")} is from ${v(TIME)} and was recorded on ${v("host")}.`,
      (v) => `The source address in ${v("record")} is ${v("source.ip")}.`,
    ],
  },
];

/** An outcome word stands in the sentence itself; the mark adds its predicate and is taken out. */
function o(outcome: string): string {
  return `\u0000${outcome}`;
}

/** Up to `most` sentences of each relation, each about a record of its own. */
export function writeEvents(scene: Scene, most: number): Sentence[] {
  const out: Sentence[] = [];
  for (const form of FORMS) {
    const fitting = scene.records.filter((record) => form.fits(record));
    const chosen = scene.random.sample(fitting, most * 3);
    let left = most;
    for (const record of chosen) {
      const sentence = left > 0 ? write(form, record, scene) : null;
      if (!sentence) continue;
      out.push(sentence);
      left -= 1;
    }
  }
  return out;
}

function write(form: Form, record: EvidenceRecord, scene: Scene): Sentence | null {
  for (const phrase of scene.random.sample(form.phrases, form.phrases.length)) {
    const written = tell(phrase, record, scene);
    if (written) return { relation: form.relation, kind: form.kind ?? "observation", ...written };
  }
  return null;
}

function tell(
  phrase: Phrase,
  record: EvidenceRecord,
  scene: Scene,
): Pick<Sentence, "text" | "predicates" | "cites"> | null {
  const wanted: Written = { text: "", fields: [] };
  phrase((field) => {
    wanted.fields.push(field);
    return "";
  });
  const plain = wanted.fields.filter((field) => field !== TIME && field !== "record");
  const values = saidAll(record, ...plain);
  const ms = wanted.fields.includes(TIME) ? clockOf(record) : 0;
  if (!values || ms === null || new Set(Object.values(values)).size < plain.length) return null;
  const time = spellTime(ms, scene.random);
  const spoken: Record<string, string> = { ...values, [TIME]: time.text, record: id(record) };
  const [text = "", outcome] = phrase((field) => spoken[field] ?? "").split("\u0000");
  const predicates: Predicate[] = plain.map((field) => is(record, field, values[field] ?? ""));
  if (wanted.fields.includes(TIME)) predicates.push(is(record, TIME, time.value));
  if (outcome) predicates.push(is(record, "outcome", outcome));
  if (predicates.length === 0) return null;
  return {
    text,
    predicates,
    cites: [{ record, values: plain.map((field) => values[field] ?? "") }],
  };
}

/** A record's command line, told as what the log contains. */
export function writeCommandLines(scene: Scene, most: number): Sentence[] {
  const fitting = scene.records.filter((r) => {
    const line = said(r, "process.command_line");
    return line !== null && /^[\w\\/:. "-]{12,110}$/.test(line) && !line.includes('"');
  });
  return scene.random.sample(fitting, most).flatMap((record) => {
    const values = saidAll(record, "process.command_line", "host");
    if (!values) return [];
    const line = values["process.command_line"];
    const text = scene.random.pick([
      `The log contains the command line "${line}" on ${values.host}.`,
      `${id(record)} contains the command line "${line}".`,
    ])!;
    const predicates = [is(record, "process.command_line", line)];
    if (text.includes(` on ${values.host}.`)) predicates.push(is(record, "host", values.host));
    return [
      {
        relation: "log contains",
        kind: "observation" as const,
        text,
        predicates,
        cites: [{ record, values: [line] }],
      },
    ];
  });
}
