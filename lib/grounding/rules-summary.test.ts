import { describe, expect, test } from "vitest";
import type { Family } from "./generators/draft.ts";
import { attachQuotes, type QuotedClaim } from "./quotes.ts";
import { type Fixture, fixture, type FixtureRecord } from "./rules-fixtures.ts";
import { MAX_FRONT, writeRulesSummary } from "./rules-summary.ts";
import { verifyClaims } from "./verify-claim.ts";

const at = (clock: string) => `2026-03-01T${clock}.000Z`;

const failedLogon = (clock: string, ip = "203.0.113.9"): FixtureRecord => ({
  format: "windows-event",
  time: at(clock),
  fields: {
    "event.code": "4625",
    "event.class": "authentication",
    action: "logon",
    outcome: "failure",
    "target.user": "asmith",
    "source.ip": ip,
    host: "DC01",
  },
});

const logon = (clock: string): FixtureRecord => {
  const record = failedLogon(clock);
  return { ...record, fields: { ...record.fields, "event.code": "4624", outcome: "success" } };
};

const start = (clock: string, fields: FixtureRecord["fields"]): FixtureRecord => ({
  format: "windows-event",
  time: at(clock),
  fields: { "event.code": "1", "event.class": "process_activity", host: "WS-014", ...fields },
});

const word = start("02:14:07", {
  "process.name": "WINWORD.EXE",
  "process.pid": 4120,
  "process.guid": "{a-1}",
  "parent.name": "explorer.exe",
  "parent.pid": 900,
});

const shell = start("02:14:09", {
  "process.name": "powershell.exe",
  "process.pid": 5300,
  "process.guid": "{a-2}",
  "parent.name": "WINWORD.EXE",
  "parent.pid": 4120,
  "parent.guid": "{a-1}",
  "process.command_line": "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBi",
});

const flow = (clock: string, bytes: number): FixtureRecord => ({
  sourceName: "sensor",
  time: at(clock),
  fields: {
    "source.ip": "10.0.3.17",
    "destination.ip": "198.51.100.7",
    "destination.port": 443,
    "network.bytes_out": bytes,
  },
});

const alert = (clock: string, more: FixtureRecord["fields"] = {}): FixtureRecord => ({
  kind: "alert",
  sourceName: "edr",
  severity: "high",
  time: at(clock),
  fields: { "alert.title": "Credential dumping", severity: "high", host: "WS-014", ...more },
});

/** The sentences of one family, after all claims were found supported. */
function told(family: Family, given: FixtureRecord[]): string[] {
  return summarise(fixture(given))
    .filter((c) => c.family === family)
    .map((c) => c.text);
}

function summarise({ records, rawText }: Fixture, capped = false): QuotedClaim[] {
  const draft = writeRulesSummary(records, { sources: [], capped });
  const claims = attachQuotes(draft, rawText);
  expect(claims.map((c) => c.text)).toEqual(draft.claims.map((c) => c.text));
  const judged = verifyClaims(claims, { records, rawText, capped });
  const doubts = judged
    .filter((c) => c.standing !== "supported")
    .map((c) => ({ text: c.text, checks: c.checks.filter((k) => k.effect !== "supported") }));
  expect(doubts).toEqual([]);
  return claims;
}

describe("each generator writes its sentence, and the verifier supports it", () => {
  test("1 scope", () => {
    expect(told("scope", [flow("02:00:00", 1), alert("02:30:00")])).toEqual([
      "1 event and 1 alert from 2 sources, from 2026-03-01 02:00:00 UTC to 2026-03-01 02:30:00 UTC.",
    ]);
  });

  test("2 severity", () => {
    const low: FixtureRecord = { ...alert("03:00:00"), severity: "low", fields: { severity: "low" } };
    expect(told("severity", [alert("02:00:00"), alert("02:01:00"), low])).toEqual([
      "The severity is high in 2 of 3 alerts.",
      "The severity is low in 1 of 3 alerts.",
    ]);
  });

  test("3 first alert", () => {
    expect(told("first_alert", [alert("02:30:00"), alert("02:10:00", { host: "DC01" })])).toEqual([
      'The first alert in this data is "Credential dumping" at 2026-03-01 02:10:00 UTC on DC01.',
    ]);
  });

  test("alerts alone, and alerts of one title together", () => {
    expect(told("alert", [alert("02:30:00", { user: "asmith" })])).toEqual([
      'Alert "Credential dumping" with severity high on WS-014 for user asmith at 2026-03-01 02:30:00 UTC.',
    ]);
    expect(told("alert", [alert("02:30:00"), alert("02:40:00")])).toEqual([
      '2 alerts with severity high and the title "Credential dumping" on WS-014, from 2026-03-01 02:30:00 UTC to 2026-03-01 02:40:00 UTC.',
    ]);
    expect(told("alert", [alert("02:30:00"), alert("02:40:00", { host: "DC01" })])).toEqual([
      '2 alerts with severity high and the title "Credential dumping" on 2 hosts, from 2026-03-01 02:30:00 UTC to 2026-03-01 02:40:00 UTC.',
    ]);
  });

  test("4 the address named most as source", () => {
    expect(told("top_source", [failedLogon("02:00:00"), failedLogon("02:00:01"), flow("02:00:02", 5)])).toEqual([
      "2 records name 203.0.113.9 as source address; 2 source addresses appear in this data.",
    ]);
  });

  test("5 logon burst and 6 the success after it", () => {
    const given = [
      failedLogon("02:00:00"),
      failedLogon("02:02:00"),
      failedLogon("02:04:10"),
      logon("02:05:00"),
    ];
    expect(told("logon_burst", given)).toEqual([
      "The log contains 3 failed logons for asmith from 203.0.113.9 within 4 min 10 s.",
    ]);
    expect(told("logon_success", given)).toEqual([
      "The log contains a successful logon for asmith from 203.0.113.9 at 2026-03-01 02:05:00 UTC, 50 s after the last failed logon.",
    ]);
  });

  test("a success before the failures, or from elsewhere, is not told as following them", () => {
    const failures = [failedLogon("02:01:00"), failedLogon("02:02:00"), failedLogon("02:03:00")];
    expect(told("logon_success", [logon("02:00:00"), ...failures])).toEqual([]);
    const elsewhere = logon("02:10:00");
    elsewhere.fields["source.ip"] = "198.51.100.200";
    expect(told("logon_success", [...failures, elsewhere])).toEqual([]);
  });

  test("7 process chain, over two records or one", () => {
    expect(told("process_chain", [word, shell])).toEqual([
      "WINWORD.EXE (PID 4120) started powershell.exe (PID 5300) on WS-014 at 2026-03-01 02:14:09 UTC.",
      "explorer.exe (PID 900) started WINWORD.EXE (PID 4120) on WS-014 at 2026-03-01 02:14:07 UTC.",
    ]);
    const [first] = summarise(fixture([word, shell])).filter((c) => c.family === "process_chain");
    expect(first?.predicates[0]).toMatchObject({ op: "chain", evidence: ["E1", "E2"] });
  });

  test("8 command lines that encode, hide or download", () => {
    expect(told("command", [word, shell])).toEqual([
      'The log contains powershell.exe on WS-014 with a command line that reads "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBi" at 2026-03-01 02:14:09 UTC.',
    ]);
  });

  test("9 connections with bytes and 10 regular ones", () => {
    const beacon = [0, 1, 2, 3, 4, 5, 6].map((n) => flow(`02:0${n}:00`, 100));
    expect(told("network", beacon)).toEqual([
      "7 connection records from 10.0.3.17 to 198.51.100.7 port 443, 700 bytes out in total.",
    ]);
    expect(told("beacon", beacon)).toEqual([
      "7 connection records from 10.0.3.17 to 198.51.100.7 port 443 over 6 min, from 2026-03-01 02:00:00 UTC to 2026-03-01 02:06:00 UTC.",
    ]);
    const irregular = ["02:00:00", "02:00:07", "02:09:00", "02:10:00", "02:40:00", "02:41:00"];
    expect(told("beacon", irregular.map((clock) => flow(clock, 100)))).toEqual([]);
  });

  test("11 a hash on several hosts", () => {
    const hash = "a".repeat(64);
    const given = ["WS-014", "WS-015", "WS-015"].map((host): FixtureRecord => ({
      time: at("02:00:00"),
      fields: { host, "hash.sha256": hash },
    }));
    expect(told("hash", given)).toEqual([`The hash ${hash} appears in 3 records on 2 hosts.`]);
  });

  test("12 persistence and 13 cleared logs", () => {
    const service: FixtureRecord = {
      time: at("02:20:00"),
      fields: {
        "event.code": "7045",
        action: "service_installed",
        host: "WS-014",
        user: "asmith",
        "service.name": "Updater",
        "service.command": "C:\\Windows\\Temp\\up.exe -k",
      },
    };
    const run: FixtureRecord = {
      time: at("02:21:00"),
      fields: {
        "event.code": "13",
        host: "WS-014",
        "registry.key": "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater",
        "registry.value": "C:\\Temp\\up.exe",
      },
    };
    expect(told("persistence", [service, run])).toEqual([
      'The log contains a service creation "Updater" (event code 7045) with the command "C:\\Windows\\Temp\\up.exe -k" on WS-014, by user asmith, at 2026-03-01 02:20:00 UTC.',
      'The log contains the registry key "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater" with the value "C:\\Temp\\up.exe" on WS-014 at 2026-03-01 02:21:00 UTC.',
    ]);
    const cleared: FixtureRecord = {
      time: at("02:22:00"),
      fields: { "event.code": "1102", log: "Security", action: "log_cleared", host: "WS-014" },
    };
    expect(told("defence", [cleared])).toEqual([
      "The log contains a cleared log (event code 1102) on WS-014, at 2026-03-01 02:22:00 UTC.",
    ]);
  });

  test("14 a user on a new host and 15 a user on several", () => {
    const seen = (clock: string, host: string): FixtureRecord => ({
      time: at(clock),
      fields: { user: "asmith", host },
    });
    const given = [seen("02:00:00", "WS-014"), seen("02:05:00", "DC01"), seen("02:06:00", "DC01")];
    expect(told("new_host", given)).toEqual([
      "In this data the user asmith first appears on DC01 at 2026-03-01 02:05:00 UTC.",
    ]);
    expect(told("host_spread", given)).toEqual(["The user asmith appears on 2 hosts in this data."]);
  });

  test("16 techniques: by whom they were tagged, sub-techniques counted with their parent", () => {
    const given = [
      alert("02:00:00", { technique: ["T1003.001"] }),
      alert("02:01:00", { technique: ["T1003"] }),
      alert("02:02:00", { technique: ["T9999"] }),
    ];
    expect(told("technique", given).sort()).toEqual([
      'T1003 OS Credential Dumping is tagged by the source "edr" on 2 records.',
      'T1003.001 LSASS Memory is tagged by the source "edr" on 1 record.',
    ]);
  });

  test("17 blocked and allowed", () => {
    const given = ["blocked", "allowed", "allowed"].map((outcome): FixtureRecord => ({
      time: at("02:00:00"),
      fields: { outcome, action: outcome, "source.ip": "10.0.3.17" },
    }));
    expect(told("outcome", given)).toEqual([
      "1 record with the outcome blocked and 2 records with the outcome allowed.",
    ]);
  });

  test("18 the source's own incident", () => {
    const ticket: FixtureRecord = {
      kind: "incident",
      time: at("02:00:00"),
      fields: {
        "ticket.id": "38",
        "ticket.status": "Active",
        "ticket.owner": "b.jones",
        "alert.title": "Multi-stage incident",
      },
    };
    expect(told("ticket", [ticket])).toEqual([
      'Source incident "38" with the title "Multi-stage incident" has the status Active, owner b.jones, at 2026-03-01 02:00:00 UTC.',
    ]);
  });

  test("19 indicators", () => {
    const lookup: FixtureRecord = {
      time: at("02:00:00"),
      fields: { "dns.question": "cdn.evil.example", "event.code": "22", host: "WS-014" },
    };
    expect(told("indicator", [lookup, flow("02:01:00", 3)])).toEqual([
      "The log contains the destination address 198.51.100.7 in 1 record, at 2026-03-01 02:01:00 UTC.",
      'The log contains the DNS query "cdn.evil.example" in 1 record, at 2026-03-01 02:00:00 UTC.',
    ]);
  });

  test("21 two sources that contradict each other", () => {
    const seen = (sourceName: string, user: string): FixtureRecord => ({
      sourceName,
      time: at("02:00:00"),
      fields: { host: "WS-014", "process.pid": 5300, "process.name": "cmd.exe", user },
    });
    expect(told("contradiction", [seen("edr", "asmith"), seen("sysmon", "svc_backup")])).toEqual([
      'From the source "edr" the log contains the user asmith for host WS-014, PID 5300, process cmd.exe; from the source "sysmon" the log contains the user svc_backup for the same.',
    ]);
    expect(told("contradiction", [seen("edr", "asmith"), seen("sysmon", "asmith")])).toEqual([]);
  });
});

describe("20 gaps", () => {
  test("fields, times, zones and years that the sources left out", () => {
    const given: FixtureRecord[] = [
      { ...flow("02:00:00", 1), timeQuality: "assumed_utc" },
      { ...flow("02:01:00", 1), timeQuality: "assumed_year" },
      { fields: { host: "WS-014", user: "asmith" } },
    ];
    const gaps = told("gap", given);
    expect(gaps).toContain("The host is unknown in 2 of 3 events.");
    expect(gaps).toContain("The user is unknown in 2 of 3 events.");
    expect(gaps).toContain("The time is unknown in 1 of 3 records.");
    expect(gaps).toContain("In 1 of 3 records the time zone is unknown and read as UTC.");
    expect(gaps).toContain(
      "In 1 of 3 records the year of the time is unknown and read from the date of receipt.",
    );
    expect(gaps).toContain("No alert is in this data.");
    expect(gaps).toContain("No command line is in this data.");
  });

  test("no telemetry from the host an alert names", () => {
    const gaps = told("gap", [alert("02:00:00"), { time: at("02:01:00"), fields: { host: "DC01" } }]);
    expect(gaps).toContain("No event from the host WS-014 is in this data.");
  });

  test("alerts that the source incident lists and that are not here", () => {
    const incident: FixtureRecord = {
      kind: "incident",
      recordId: "inc-1",
      alertIds: ["alert-0001", "alert-0002"],
      fields: { "ticket.id": "38" },
      raw: '{"AlertIds":"[\\"alert-0001\\",\\"alert-0002\\"]","IncidentNumber":"38"}',
    };
    expect(told("gap", [incident, { ...alert("02:00:00"), recordId: "alert-0001" }])).toContain(
      'No record here has the id "alert-0002", which the source incident lists.',
    );
  });

  test("a source that fell silent, paused, or keeps another time", () => {
    const minute = (n: number) => `02:${String(n).padStart(2, "0")}:00`;
    const early = Array.from({ length: 12 }, (_, n) => flow(minute(n), 1));
    const gaps = told("gap", [...early, alert("09:00:00"), flow("08:00:00", 1)]);
    expect(gaps).toContain(
      'No record from the source "sensor" is between 2026-03-01 02:11:01 UTC and 2026-03-01 07:59:59 UTC.',
    );
    const silent = told("gap", [...early, { ...alert("09:00:00"), fields: { "host.ip": "10.0.3.17" } }]);
    expect(silent).toContain(
      'The last record from the source "sensor" is at 2026-03-01 02:11:00 UTC; the last record in this data is at 2026-03-01 09:00:00 UTC.',
    );
    expect(silent).toContain(
      'Records from the source "sensor" are from 2026-03-01 02:00:00 UTC to 2026-03-01 02:11:00 UTC; records from the source "edr" are from 2026-03-01 09:00:00 UTC to 2026-03-01 09:00:00 UTC.',
    );
  });

  test("capped input leaves only lower bounds and single records", () => {
    const claims = summarise(fixture([alert("02:00:00"), alert("02:01:00"), word, shell]), true);
    const texts = claims.map((c) => c.text);
    expect(texts).toContain("At least 2 events and at least 2 alerts.");
    expect(texts).toContain("The severity is high in at least 2 alerts.");
    expect(texts).toContain('At least 2 alerts with severity high and the title "Credential dumping".');
    expect(texts).toContain("The input was capped: this summary read at least 4 records.");
    expect(texts.some((t) => /first|last|No /.test(t))).toBe(false);
  });
});

describe("the whole", () => {
  test("an empty incident has no claims", () => {
    expect(writeRulesSummary([], { sources: [], capped: false }).claims).toEqual([]);
  });

  test("every high alert is told although only twelve claims are in front", () => {
    const given = Array.from({ length: 40 }, (_, n) =>
      alert(`02:${String(n).padStart(2, "0")}:00`, { "alert.title": `Finding number ${n}` }),
    );
    const claims = summarise(fixture(given));
    expect(claims.filter((c) => c.front).length).toBeLessThanOrEqual(MAX_FRONT);
    const titles = claims.filter((c) => c.family === "alert").map((c) => c.text);
    expect(given.every((_, n) => titles.some((t) => t.includes(`"Finding number ${n}"`)))).toBe(true);
  });
});
