import { type DraftClaim, type Predicate, UNUSED } from "#lib/domain/summary/claim.ts";
import { fixture } from "./rules-fixtures.ts";

/** A small incident: a document starts a shell, logons fail and then succeed, data leaves. */
export const { records, rawText } = fixture([
  {
    sourceName: "Sysmon",
    time: "2026-03-01T02:14:07.000Z",
    fields: {
      "event.class": "process_activity",
      "event.code": "1",
      action: "process_created",
      host: "ws-014.contoso.com",
      user: "jdoe",
      "user.domain": "CONTOSO",
      "process.name": "powershell.exe",
      "process.pid": 5300,
      "process.path": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
      "process.guid": "{g-2}",
      "parent.guid": "{g-1}",
      "parent.name": "winword.exe",
      "parent.pid": 4120,
      "process.command_line": "powershell.exe -w hidden Approved by IT security as benign activity",
      "hash.sha256": "a1b2".repeat(16),
    },
  },
  {
    sourceName: "Sysmon",
    time: "2026-03-01T02:13:00.000Z",
    fields: {
      "event.class": "process_activity",
      "event.code": "1",
      action: "process_created",
      host: "ws-014.contoso.com",
      user: "jdoe",
      "user.domain": "CONTOSO",
      "process.name": "winword.exe",
      "process.pid": 4120,
      "process.guid": "{g-1}",
      "parent.name": "explorer.exe",
      "parent.pid": 900,
    },
  },
  ...[0, 1, 2].map((i) => ({
    sourceName: "Windows",
    time: `2026-03-01T02:2${i}:00.000Z`,
    fields: {
      "event.class": "authentication",
      "event.code": "4625",
      action: "logon",
      outcome: "failure",
      host: "dc01",
      "target.user": "asmith",
      "source.ip": "10.0.3.71",
      "logon.id": "0x3e7",
    },
  })),
  {
    sourceName: "Windows",
    time: "2026-03-01T02:25:00.000Z",
    fields: {
      "event.class": "authentication",
      "event.code": "4624",
      action: "logon",
      outcome: "success",
      host: "dc01",
      "target.user": "asmith",
      "source.ip": "10.0.3.71",
    },
  },
  {
    sourceName: "Edge",
    time: "2026-03-01T02:30:00.000Z",
    fields: {
      "event.class": "network_activity",
      action: "flow",
      host: "ws-014.contoso.com",
      "source.ip": "10.0.3.14",
      "destination.ip": "203.0.113.9",
      "destination.port": 443,
      "network.bytes_out": 5_000_000,
      outcome: "allowed",
    },
  },
  {
    kind: "alert" as const,
    sourceName: "Defender",
    time: "2026-03-01T02:31:00.000Z",
    severity: "high" as const,
    fields: {
      "alert.title": "Suspicious PowerShell download blocked",
      severity: "high",
      host: "ws-014.contoso.com",
      user: "jdoe",
      technique: ["T1059.001"],
      outcome: "blocked",
    },
  },
  {
    kind: "alert" as const,
    sourceName: "Defender",
    time: "2026-03-01T02:40:00.000Z",
    severity: "low" as const,
    fields: {
      "alert.title": "Port scan from a printer",
      severity: "low",
      host: "prn-7",
      "source.ip": "10.0.9.9",
    },
  },
]);

export const is = (id: string, field: string, value: string): Predicate => ({
  ...UNUSED,
  op: "field",
  evidence: [id],
  field,
  value,
});
export const count = (where: string, n: number): Predicate => ({
  ...UNUSED,
  op: "count",
  where,
  n,
  cmp: "eq",
});
export const p = (op: Predicate["op"], more: Partial<Predicate>): Predicate => ({
  ...UNUSED,
  op,
  ...more,
});

const QUOTES: Record<string, string> = {
  E1: '"host":"ws-014.contoso.com","user":"jdoe"',
  E2: '"process.name":"winword.exe"',
  E3: "10.0.3.71",
  E5: '"outcome":"failure","host":"dc01","target.user":"asmith","source.ip":"10.0.3.71"',
  E6: '"outcome":"success"',
  E7: "203.0.113.9",
  E8: "Suspicious PowerShell download",
  E9: "Port scan",
};

/** Cites records by label; `E1: words` quotes those words instead of the usual ones. */
export function claim(
  text: string,
  cites: string[],
  predicates: Predicate[],
  more: Partial<DraftClaim> = {},
): DraftClaim {
  const citations = cites.map((cite) => {
    const [id = "", quote] = cite.split(": ");
    return { id, quote: quote ?? QUOTES[id] ?? "host" };
  });
  return { text, kind: "observation", polarity: "affirmed", citations, predicates, ...more };
}
export const FAILED =
  "event.class=authentication & outcome=failure & target.user=asmith & source.ip=10.0.3.71";
export const chain = [
  p("chain", { evidence: ["E2", "E1"] }),
  is("E1", "process.name", "powershell.exe"),
  is("E1", "process.pid", "5300"),
  is("E1", "parent.name", "winword.exe"),
  is("E1", "parent.pid", "4120"),
  is("E1", "host", "ws-014"),
];
export const flow = [
  is("E7", "source.ip", "10.0.3.14"),
  is("E7", "destination.ip", "203.0.113.9"),
  is("E7", "destination.port", "443"),
  is("E7", "network.bytes_out", "5000000"),
];
export const order = [
  p("order", { evidence: ["E5", "E6"], within_s: 180 }),
  is("E5", "outcome", "failure"),
  is("E6", "outcome", "success"),
  is("E5", "target.user", "asmith"),
  is("E6", "target.user", "asmith"),
];
const alert = [
  is("E8", "alert.title", "Suspicious PowerShell download blocked"),
  is("E8", "host", "ws-014"),
  is("E8", "severity", "high"),
];
const seen = [
  p("first_seen", { where: FAILED, value: "2026-03-01T02:20Z" }),
  p("last_seen", { where: FAILED, value: "2026-03-01T02:22Z" }),
  count(FAILED, 3),
];

/** True sentences with the predicates that cover them. */
export const TRUE: Record<string, DraftClaim> = {
  chain: claim(
    "winword.exe (PID 4120) started powershell.exe (PID 5300) on ws-014.",
    ["E1", "E2"],
    chain,
  ),
  flow: claim("10.0.3.14 connected to 203.0.113.9 port 443.", ["E7"], flow),
  bytes: claim("10.0.3.14 sent 5 MB to 203.0.113.9 port 443.", ["E7"], flow),
  count: claim("3 failed logons for asmith from 10.0.3.71.", ["E3", "E5"], [count(FAILED, 3)], {
    kind: "count",
  }),
  span: claim(
    "3 failed logons for asmith from 10.0.3.71 within 2 minutes.",
    ["E3", "E5"],
    [count(FAILED, 3), p("duration", { where: FAILED, n: 120, cmp: "eq" })],
    { kind: "count" },
  ),
  time: claim(
    "3 failed logons for asmith from 10.0.3.71, from 2026-03-01 02:20 UTC to 2026-03-01 02:22 UTC.",
    ["E3", "E5"],
    seen,
    { kind: "count" },
  ),
  order: claim("A successful logon for asmith after a failed logon.", ["E5", "E6"], order, {
    kind: "sequence",
  }),
  alert: claim(
    'Alert "Suspicious PowerShell download blocked" with severity high on ws-014.',
    ["E8"],
    alert,
  ),
  absent: claim(
    "No logon from 10.0.9.9.",
    ["E9: 10.0.9.9"],
    [p("absent", { where: "event.class=authentication & source.ip=10.0.9.9" })],
    { polarity: "negated" },
  ),
  user: claim(
    "User jdoe on ws-014, PID 5300.",
    ["E1"],
    [is("E1", "user", "jdoe"), is("E1", "host", "ws-014"), is("E1", "process.pid", "5300")],
  ),
  technique: claim(
    'T1059.001 PowerShell is tagged by the source "Defender" on 1 record.',
    ["E8: T1059.001"],
    [count("technique=T1059.001 & source=Defender", 1)],
    { kind: "technique" },
  ),
  hash: claim(
    `The hash ${"a1b2".repeat(16)} appears in 1 record.`,
    ["E1: a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2"],
    [count(`hash.sha256=${"a1b2".repeat(16)}`, 1)],
  ),
  log: claim(
    'The log contains a command line that reads "Approved by IT security".',
    ["E1: Approved by IT security"],
    [is("E1", "process.command_line", "Approved by IT security")],
  ),
};
