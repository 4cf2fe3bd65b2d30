import { describe, expect, test } from "vitest";
import {
  alert,
  at,
  failedLogon,
  fixture,
  type FixtureRecord,
  flow,
  logon,
  shell,
  word,
} from "./rules-fixtures.ts";
import { MAX_HIGH_GROUPS } from "./generators/alerts.ts";
import { MAX_FRONT, writeRulesSummary } from "./rules-summary.ts";
import { summarise, told } from "./rules-testing.ts";

describe("each generator writes its sentence, and the verifier supports it", () => {
  test("1 scope", () => {
    expect(told("scope", [flow("02:00:00", 1), alert("02:30:00")])).toEqual([
      "1 event and 1 alert from 2 sources, from 2026-03-01 02:00:00 UTC to 2026-03-01 02:30:00 UTC.",
    ]);
  });

  test("2 severity", () => {
    const low: FixtureRecord = {
      ...alert("03:00:00"),
      severity: "low",
      fields: { severity: "low" },
    };
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
    expect(
      told("top_source", [failedLogon("02:00:00"), failedLogon("02:00:01"), flow("02:00:02", 5)]),
    ).toEqual([
      "2 records name 203.0.113.9 as source address, 1 record names 10.0.3.17; 2 source addresses appear in this data.",
    ]);
    const ips = ["203.0.113.9", "203.0.113.8", "203.0.113.9", "192.0.2.1", "203.0.113.7"];
    expect(
      told(
        "top_source",
        ips.map((ip, n) => failedLogon(`02:00:0${n}`, ip)),
      ),
    ).toEqual([
      "2 records name 203.0.113.9 as source address, 1 record names 203.0.113.8 and 1 record names 192.0.2.1; 4 source addresses appear in this data.",
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
    const first = summarise(fixture([word, shell])).find((c) => c.family === "process_chain");
    expect(first?.predicates[0]).toMatchObject({ op: "chain", evidence: ["E1", "E2"] });
  });

  test("7 a parent found by its process id, unless another process had the id since", () => {
    const named = (
      clock: string,
      name: string,
      pid: number,
      parent: string,
      parentPid: number,
    ) => ({
      time: at(clock),
      fields: {
        host: "WS-014",
        "event.code": "4688",
        "process.name": name,
        "process.pid": pid,
        "parent.name": parent,
        "parent.pid": parentPid,
      },
    });
    const first = named("02:00:00", "cmd.exe", 40, "explorer.exe", 8);
    const child = named("02:05:00", "whoami.exe", 41, "cmd.exe", 40);
    const reused = named("02:03:00", "notepad.exe", 40, "explorer.exe", 8);
    const chains = (given: FixtureRecord[]) =>
      summarise(fixture(given)).filter((c) => c.predicates.some((p) => p.op === "chain"));
    expect(chains([first, child])).toHaveLength(1);
    expect(chains([first, reused, child])).toHaveLength(0);
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
    expect(
      told(
        "beacon",
        irregular.map((clock) => flow(clock, 100)),
      ),
    ).toEqual([]);
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
    expect(told("host_spread", given)).toEqual([
      "The user asmith appears on 2 hosts in this data.",
    ]);
  });

  test("16 techniques: by whom they were tagged, sub-techniques counted with their parent", () => {
    const given = [
      alert("02:00:00", { technique: ["T1003.001"] }),
      alert("02:01:00", { technique: ["T1003"] }),
      alert("02:02:00", { technique: ["T9999"] }),
    ];
    expect(told("technique", given).toSorted()).toEqual([
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
      "The log contains the host WS-014 in 1 record, at 2026-03-01 02:00:00 UTC.",
    ]);
  });

  test("21 two sources that contradict each other", () => {
    const seen = (sourceName: string, user: string): FixtureRecord => ({
      sourceName,
      time: at("02:00:00"),
      fields: { host: "WS-014", "process.pid": 5300, "process.name": "cmd.exe", user },
    });
    expect(told("contradiction", [seen("edr", "asmith"), seen("sysmon", "svc_backup")])).toEqual([
      'From the source "edr" the log contains the user asmith for host WS-014, PID 5300, process cmd.exe; from the source "sysmon" the log contains the user svc_backup for host WS-014, PID 5300, process cmd.exe.',
    ]);
    expect(told("contradiction", [seen("edr", "asmith"), seen("sysmon", "asmith")])).toEqual([]);
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
    expect(given.every((_, n) => titles.some((t) => t.includes(`"Finding number ${n}"`)))).toBe(
      true,
    );
  });

  test("of more high alerts than can be told, the worst are told and all are counted", () => {
    const given = Array.from({ length: MAX_HIGH_GROUPS + 30 }, (_, n) => ({
      ...alert("02:30:00", {
        "alert.title": `Finding number ${n}`,
        severity: n < 20 ? "high" : "critical",
      }),
      severity: n < 20 ? ("high" as const) : ("critical" as const),
    }));
    const texts = told("alert", given);
    expect(texts.filter((t) => t.startsWith("Alert"))).toHaveLength(MAX_HIGH_GROUPS);
    expect(texts.filter((t) => t.includes("severity high on"))).toEqual([]);
    expect(texts).toContain(
      `${MAX_HIGH_GROUPS + 10} alerts with severity critical, with ${MAX_HIGH_GROUPS + 10} titles.`,
    );
    expect(texts).toContain("20 alerts with severity high, with 20 titles.");
  });
});
