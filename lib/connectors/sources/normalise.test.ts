import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { observableKey } from "#lib/domain/evidence/record.ts";
import type { NormalRecord, SourceFormat } from "#lib/domain/evidence/record.ts";
import { normalise } from "./normalise.ts";

const NOW = new Date("2026-03-02T08:00:00Z");

function read(value: unknown, format: SourceFormat = "auto"): NormalRecord {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const result = normalise(new TextEncoder().encode(text), format, NOW);
  if (!result.ok) throw new Error(result.reason);
  return result.record;
}

const keys = (record: NormalRecord): string[] => record.observables.map(observableKey);

describe("Windows events", () => {
  const sysmon = {
    EventID: 1,
    Channel: "Microsoft-Windows-Sysmon/Operational",
    SourceName: "Microsoft-Windows-Sysmon",
    Hostname: "WS-014.corp.example",
    RecordNumber: 77,
    EventTime: "2026-03-01 03:14:07",
    UtcTime: "2026-03-01 02:14:06.951",
    Image: "C:\\Windows\\System32\\cmd.exe",
    CommandLine: "cmd /c whoami",
    ProcessId: "4120",
    ParentImage: "C:\\Program Files\\App\\app.exe",
    User: "CORP\\j.roe",
    Hashes: `MD5=${"A".repeat(32)},SHA256=${"B".repeat(64)},IMPHASH=${"C".repeat(32)}`,
  };

  it("reads a flat Sysmon record", () => {
    const record = read(sysmon);
    expect(record).toMatchObject({
      format: "windows-event",
      kind: "event",
      severity: null,
      recordId: "ws-014.corp.example/microsoft-windows-sysmon/operational/77",
      time: "2026-03-01T02:14:06.951Z",
      timeQuality: "exact",
      title: "process created: cmd.exe from app.exe on WS-014.corp.example",
    });
    expect(record.fields).toMatchObject({
      "event.code": "1",
      "event.class": "process_activity",
      "process.pid": 4120,
      "parent.name": "app.exe",
      user: "j.roe",
      "user.domain": "CORP",
      "hash.md5": "a".repeat(32),
      "hash.sha256": "b".repeat(64),
    });
    expect(keys(record)).toEqual(
      expect.arrayContaining(["host:ws-014", "user:j.roe", "process:cmd.exe"]),
    );
    expect(keys(record)).not.toContain(`hash:${"c".repeat(32)}`);
  });

  it("reads the evtx shape with attributes, an id with qualifiers and unnamed data", () => {
    const record = read({
      Event: {
        System: {
          Provider: { "#attributes": { Name: "Service Control Manager" } },
          EventID: { "#text": 7045, "#attributes": { Qualifiers: 16384 } },
          TimeCreated: { "#attributes": { SystemTime: "2026-03-01T02:14:07.7724491Z" } },
          EventRecordID: 9,
          Channel: "System",
          Computer: "DC01",
        },
        EventData: { ServiceName: "Updater", ImagePath: "%COMSPEC% /b /c start" },
      },
    });
    expect(record.recordId).toBe("dc01/system/9");
    expect(record.fields["service.command"]).toBe("%COMSPEC% /b /c start");
    expect(record.title).toBe("service installed: Updater runs %COMSPEC% /b /c start on DC01");
  });

  it("reads a Log Analytics row with event data in XML", () => {
    const record = read({
      Type: "SecurityEvent",
      TimeGenerated: "2026-03-01T02:14:07Z",
      Computer: "DC01",
      EventID: 4625,
      Channel: "Security",
      EventData:
        "<EventData><Data Name='TargetUserName'>o&apos;neil</Data><Data Name='IpAddress'>::ffff:203.0.113.9</Data><Data Name='SubjectUserName'>-</Data><Data Name='SubStatus'>0xc000006a</Data></EventData>",
    });
    expect(record.fields).toMatchObject({
      "target.user": "o'neil",
      "source.ip": "203.0.113.9",
      outcome: "failure",
    });
    expect(record.fields.user).toBeUndefined();
    expect(record.title).toBe("failed logon: o'neil from 203.0.113.9 (wrong password) on DC01");
  });

  it("turns a creator's hex process id into the parent's", () => {
    const { fields } = read({
      EventID: 4688,
      Channel: "Security",
      Computer: "WS1",
      NewProcessId: "0x1a4",
      ProcessId: "0x10",
      NewProcessName: "C:\\a\\b.exe",
    });
    expect(fields).toMatchObject({ "process.pid": 420, "parent.pid": 16, "process.name": "b.exe" });
  });
});

describe("Microsoft Graph", () => {
  it("reads an alert and its evidence by type", () => {
    const record = read({
      "@odata.type": "#microsoft.graph.security.alert",
      id: "al1",
      incidentId: "284",
      severity: "high",
      title: "Suspicious LSASS access",
      firstActivityDateTime: "2026-03-01T02:14:07.12Z",
      mitreTechniques: ["T1086"],
      evidence: [
        { "@odata.type": "#microsoft.graph.security.deviceEvidence", deviceDnsName: "ws-014.corp.example" },
        {
          "@odata.type": "#microsoft.graph.security.processEvidence",
          processId: 12,
          processCommandLine: "rundll32 comsvcs.dll MiniDump",
          imageFile: { fileName: "rundll32.exe", filePath: "C:\\Windows\\System32", sha256: "d".repeat(64) },
          userAccount: { accountName: "j.roe", domainName: "CORP", userSid: "S-1-5-21-1-2-3-1104" },
          remediationStatus: "none",
          detectionStatus: "prevented",
        },
      ],
    });
    expect(record).toMatchObject({
      format: "graph-security",
      kind: "alert",
      severity: "high",
      sourceIncidentId: "284",
      time: "2026-03-01T02:14:07.120Z",
    });
    expect(record.fields).toMatchObject({
      technique: ["T1059.001"],
      "technique.original": ["T1086"],
      "process.path": "C:\\Windows\\System32\\rundll32.exe",
      outcome: "blocked",
    });
    expect(keys(record)).toContain("sid:S-1-5-21-1-2-3-1104");
  });

  it("reads an incident and the ids of its alerts", () => {
    const record = read({
      "@odata.type": "#microsoft.graph.security.incident",
      id: "284",
      displayName: "Multi-stage incident",
      severity: "medium",
      status: "active",
      createdDateTime: "2026-03-01T02:20:00Z",
      alerts: [{ id: "al1" }, { id: "al2" }],
    });
    expect(record).toMatchObject({
      kind: "incident",
      alertIds: ["al1", "al2"],
      sourceIncidentId: "284",
      title: "Multi-stage incident",
    });
  });
});

describe("Sentinel", () => {
  const entities = [
    { $id: "2", Type: "host", HostName: "ws1", DnsDomain: "corp.example" },
    {
      $id: "3",
      Type: "process",
      ProcessId: "44",
      CommandLine: "mal.exe -x",
      ImageFile: { $ref: "5" },
      ParentProcess: { $id: "6", ProcessId: "7", ImageFile: { Name: "explorer.exe" } },
    },
    { $ref: "6" },
    { $id: "5", Type: "file", Directory: "C:\\t", Name: "mal.exe", FileHashes: [{ $ref: "8" }] },
    { $id: "8", Type: "filehash", Algorithm: "MD5", Value: "E".repeat(32) },
    { $ref: "404" },
  ];
  const row = {
    SystemAlertId: "sa-1",
    DisplayName: "Malware",
    AlertSeverity: "Medium",
    StartTime: "2024-07-04 22:35:00.746663+00:00",
    TimeGenerated: "2024-07-20 22:35:00+00:00",
    VendorName: "Microsoft",
    Tactics: "Unknown",
    Techniques: '["T1003"]',
    SubTechniques: '["T1003.001"]',
    ExtendedProperties: '{"IncidentId":"356"}',
    Entities: JSON.stringify(entities),
    Type: "SecurityAlert",
  };

  it("resolves references inside the string of entities", () => {
    const record = read(row);
    expect(record).toMatchObject({
      recordId: "sa-1",
      sourceIncidentId: "356",
      severity: "medium",
      time: "2024-07-04T22:35:00.746Z",
    });
    expect(record.fields).toMatchObject({
      host: "ws1.corp.example",
      "process.path": "C:\\t\\mal.exe",
      "parent.name": "explorer.exe",
      "hash.md5": "e".repeat(32),
      technique: ["T1003", "T1003.001"],
    });
    expect(record.fields.tactic).toBeUndefined();
  });

  it("reads an incident row with its alert ids", () => {
    const record = read({
      IncidentNumber: "38",
      ProviderIncidentId: "356",
      IncidentName: "guid",
      Title: "Multi-stage",
      Severity: "High",
      AlertIds: '["sa-1","sa-2"]',
      Owner: '{"assignedTo":"x@corp.example"}',
      FirstActivityTime: "2024-06-26 15:49:16+00:00",
      Type: "SecurityIncident",
    });
    expect(record).toMatchObject({
      kind: "incident",
      sourceIncidentId: "356",
      alertIds: ["sa-1", "sa-2"],
    });
    expect(record.fields["ticket.owner"]).toBe("x@corp.example");
  });
});

describe("Suricata EVE", () => {
  const alert = {
    timestamp: "2026-03-01T02:14:07.459844+0100",
    event_type: "alert",
    flow_id: 1303033428771908,
    src_ip: "203.0.113.9",
    src_port: 61183,
    dest_ip: "10.0.0.7",
    dest_port: 22,
    proto: "TCP",
    alert: {
      action: "allowed",
      signature_id: 2001219,
      signature: "Potential SSH Scan",
      severity: 1,
      metadata: { mitre_technique_id: ["T1046"] },
    },
  };
  it("reads an alert; priority 1 is the worst", () => {
    const record = read(alert);
    expect(record).toMatchObject({ kind: "alert", severity: "high", time: "2026-03-01T01:14:07.459Z" });
    expect(record.fields).toMatchObject({ outcome: "allowed", "destination.port": 22, technique: ["T1046"] });
  });
  it("reads telemetry without severity, and one wrapped by a firewall", () => {
    const dns = { timestamp: "2026-03-01T02:14:07+0000", event_type: "dns", src_ip: "10.0.0.7", dns: { rrname: "c2.example" } };
    expect(read(dns)).toMatchObject({ kind: "event", severity: null });
    expect(read({ firewall_name: "fw", event: dns }).fields["dns.question"]).toBe("c2.example");
  });
});

describe("OCSF", () => {
  it.each([
    [1739539623, "2025-02-14T13:27:03.000Z"],
    [1739539623120, "2025-02-14T13:27:03.120Z"],
  ])("reads a detection finding with time %d", (time, iso) => {
    const record = read({
      class_uid: 2004,
      category_uid: 2,
      severity_id: 6,
      status_id: 1,
      status: "New",
      time,
      metadata: { version: "1.4.0", product: { name: "P", vendor_name: "V" } },
      finding_info: {
        uid: "f1",
        title: "Key used from a new place",
        attacks: [{ technique: { uid: "T1078" }, sub_technique: { uid: "T1078.004" }, tactics: [{ name: "Persistence" }] }],
      },
      evidences: [{ src_endpoint: { ip: "198.51.100.7" }, actor: { user: { name: "ci-deploy" } } }],
      observables: [{ type_id: 1, name: "x", value: "WS1.corp.example" }],
    });
    expect(record).toMatchObject({ format: "ocsf", kind: "alert", recordId: "f1", severity: "critical", time: iso });
    expect(record.fields).toMatchObject({ technique: ["T1078.004"], "source.ip": "198.51.100.7" });
    expect(record.fields.outcome).toBeUndefined();
    expect(keys(record)).toEqual(expect.arrayContaining(["host:ws1", "user:ci-deploy"]));
  });

  it.each([
    [1007, { process: { name: "a.exe", pid: 4, cmd_line: "a -b" }, actor: { process: { name: "p.exe" } } }, { "process.command_line": "a -b", "parent.name": "p.exe" }],
    [3002, { user: { name: "alice" }, status_id: 2, src_endpoint: { ip: "198.51.100.7" } }, { "target.user": "alice", outcome: "failure" }],
    [4003, { query: { hostname: "c2.example." }, device: { hostname: "ws1" } }, { "dns.question": "c2.example", host: "ws1" }],
    [6003, { api: { operation: "GetObject", service: { name: "s3" } }, actor: { user: { name: "ci" } }, status_id: 1 }, { action: "GetObject", user: "ci", outcome: "success" }],
    [4002, { http_request: { user_agent: "curl", url: { url_string: "http://x.example/a" } } }, { user_agent: "curl" }],
  ])("reads class %d as telemetry", (class_uid, body, fields) => {
    const record = read({ class_uid, category_uid: 1, severity_id: 4, time: 1739539623, metadata: {}, ...body });
    expect(record).toMatchObject({ kind: "event", severity: null });
    expect(record.fields).toMatchObject(fields);
  });
});

describe("Elastic", () => {
  const flat = {
    "@timestamp": "2026-03-01T02:20:00Z",
    "kibana.alert.uuid": "k1",
    "kibana.alert.rule.name": "Shadow copies deleted",
    "kibana.alert.severity": "high",
    "kibana.alert.original_time": "2026-03-01T02:14:07.120Z",
    "event.kind": "signal",
    host: { name: "ws1" },
    process: { name: "vssadmin.exe", command_line: "vssadmin delete shadows" },
    threat: [{ tactic: { name: "Impact" }, technique: [{ id: "T1490", subtechnique: [{ id: "T1490.001" }] }] }],
  };
  const expected = { recordId: "k1", kind: "alert", severity: "high", time: "2026-03-01T02:14:07.120Z" };

  it("reads literal dotted keys beside nested objects", () => {
    expect(read(flat)).toMatchObject(expected);
    expect(read(flat).fields).toMatchObject({ technique: ["T1490", "T1490.001"], host: "ws1" });
  });
  it("reads a search hit, in _source and in fields with every value a list", () => {
    expect(read({ _id: "x", _index: "i", _source: flat })).toMatchObject(expected);
    const fields = { "@timestamp": ["2026-03-01T02:20:00Z"], "kibana.alert.uuid": ["k1"], "kibana.alert.rule.name": ["R"], "host.name": ["ws1"], "kibana.alert.risk_score": [73] };
    const record = read({ _id: "x", _index: "i", fields });
    expect(record).toMatchObject({ recordId: "k1", severity: "high", title: "R" });
    expect(record.fields.host).toBe("ws1");
  });
  it("reads the older signal names and a winlogbeat event", () => {
    expect(read({ "@timestamp": "2026-03-01T02:20:00Z", signal: { rule: { name: "R", severity: "low" } } })).toMatchObject({ kind: "alert", severity: "low" });
    const beat = { "@timestamp": "2026-03-01T02:20:00Z", event: { kind: "event", code: 4625 }, winlog: { channel: "Security", event_id: 4625, provider_name: "Microsoft-Windows-Security-Auditing", computer_name: "DC01", event_data: { TargetUserName: "bob", IpAddress: "203.0.113.9" } } };
    expect(read(beat).fields).toMatchObject({ outcome: "failure", "target.user": "bob", "source.ip": "203.0.113.9" });
  });
});

describe("generic", () => {
  it("reads our documented form, dotted or nested", () => {
    const record = read({ id: "x1", time: "2026-03-01T02:14:07Z", kind: "alert", title: "Odd logon", severity: "high", host: "ws1", user: "CORP\\bob", process: { command_line: "a -b" }, "source.ip": "198.51.100.7", incident: "case-7", technique: ["T1078"] });
    expect(record).toMatchObject({ format: "generic", kind: "alert", recordId: "x1", severity: "high", title: "Odd logon", sourceIncidentId: "case-7" });
    expect(record.fields).toMatchObject({ user: "bob", "process.command_line": "a -b", "source.ip": "198.51.100.7", technique: ["T1078"] });
  });
  it("keeps a shape nobody taught it", () => {
    expect(read({ foo: 1, bar: { baz: true } })).toMatchObject({ format: "generic", kind: "event", time: null, timeQuality: "missing" });
  });
  it("reads CloudTrail: an error is a failure, a service name is no address", () => {
    const record = read({ eventID: "0f3c2a11-0000", eventTime: "2026-03-01T02:14:07Z", eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging", awsRegion: "eu-west-1", sourceIPAddress: "cloudtrail.amazonaws.com", userIdentity: { userName: "ci" }, errorCode: "AccessDenied" });
    expect(record.fields).toMatchObject({ action: "StopLogging", outcome: "failure", user: "ci", "source.host": "cloudtrail.amazonaws.com" });
    expect(record.title).toBe("StopLogging by ci (failure)");
  });
  it("reads Okta: a challenge is neither success nor failure", () => {
    const okta = (result: string) => read({ uuid: "11111111-2", published: "2026-03-01T02:14:07Z", eventType: "user.session.start", severity: "INFO", actor: { alternateId: "a@corp.example" }, client: { ipAddress: "198.51.100.7" }, outcome: { result } });
    expect(okta("CHALLENGE").fields.outcome).toBeUndefined();
    expect(okta("FAILURE").fields).toMatchObject({ outcome: "failure", user: "a", "source.ip": "198.51.100.7" });
    expect(okta("SUCCESS").severity).toBeNull();
  });
});

describe("settings and limits", () => {
  it("recognises a record that does not look like its source's format", () => {
    expect(read({ event_type: "dns", timestamp: "x", src_ip: "10.0.0.1" }, "sentinel").format).toBe("suricata-eve");
    expect(read({ EventID: 1, Channel: "x" }, "generic").format).toBe("generic");
  });
  const refused = (text: string): string => {
    const result = normalise(new TextEncoder().encode(text), "auto");
    return result.ok ? "accepted" : result.reason;
  };
  it.each([
    ["[1]", "not a JSON object but an array"],
    ["null", "not a JSON object but null"],
    ['{"a":', "not valid JSON"],
    [`${'{"a":'.repeat(33)}1${"}".repeat(33)}`, "nested deeper than 32"],
    [`${'{"a":'.repeat(32)}1${"}".repeat(32)}`, "accepted"],
    ['{"a":{"__proto__":{"admin":true}}}', "__proto__"],
    ['{"\\u005f_proto__":1}', "__proto__"],
    [JSON.stringify({ a: "x".repeat(262_145) }), "longer than 262144"],
    [JSON.stringify({ a: "x".repeat(262_144) }), "accepted"],
    [JSON.stringify({ a: "\u00e9".repeat(131_073) }), "longer than 262144"],
  ])("%.40s", (text, reason) => {
    expect(refused(text)).toContain(reason);
  });

  it("never throws, whatever the record", () => {
    const names = ["EventID", "Channel", "Event", "System", "@odata.type", "evidence", "Entities", "SystemAlertId", "class_uid", "metadata", "event_type", "timestamp", "src_ip", "alert", "kibana.alert.uuid", "_source", "_id", "time", "kind", "EventData", "body", "winlog", "fields"];
    const key = fc.oneof(fc.constantFrom(...names), fc.string());
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.jsonValue({ maxDepth: 0 }), fc.constantFrom(2004, 1007, "#microsoft.graph.security.alert", "Microsoft-Windows-Sysmon", "alert", "[{}]", "2026-03-01")),
      tree: fc.oneof({ depthSize: "small" }, tie("leaf"), fc.dictionary(key, tie("tree"), { maxKeys: 6 }), fc.array(tie("tree"), { maxLength: 3 })),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 8 }), (record) => {
        const result = normalise(new TextEncoder().encode(JSON.stringify(record)), "auto");
        if (result.ok) expect(JSON.stringify(result.record)).not.toContain("\\u0000");
      }),
      { numRuns: 3_000 },
    );
  });
});
