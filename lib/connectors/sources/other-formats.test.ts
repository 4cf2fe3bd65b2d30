import { describe, expect, it } from "vitest";
import { keys, read } from "./testing.ts";

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
    expect(record).toMatchObject({
      kind: "alert",
      severity: "high",
      time: "2026-03-01T01:14:07.459Z",
    });
    expect(record.fields).toMatchObject({
      outcome: "allowed",
      "destination.port": 22,
      technique: ["T1046"],
    });
  });
  it("reads telemetry without severity, and one wrapped by a firewall", () => {
    const dns = {
      timestamp: "2026-03-01T02:14:07+0000",
      event_type: "dns",
      src_ip: "10.0.0.7",
      dns: { rrname: "c2.example" },
    };
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
        attacks: [
          {
            technique: { uid: "T1078" },
            sub_technique: { uid: "T1078.004" },
            tactics: [{ name: "Persistence" }],
          },
        ],
      },
      evidences: [{ src_endpoint: { ip: "198.51.100.7" }, actor: { user: { name: "ci-deploy" } } }],
      observables: [{ type_id: 1, name: "x", value: "WS1.corp.example" }],
    });
    expect(record).toMatchObject({
      format: "ocsf",
      kind: "alert",
      recordId: "f1",
      severity: "critical",
      time: iso,
    });
    expect(record.fields).toMatchObject({ technique: ["T1078.004"], "source.ip": "198.51.100.7" });
    expect(record.fields.outcome).toBeUndefined();
    expect(keys(record)).toEqual(expect.arrayContaining(["host:ws1", "user:ci-deploy"]));
  });

  it.each([
    [
      1007,
      {
        process: { name: "a.exe", pid: 4, cmd_line: "a -b" },
        actor: { process: { name: "p.exe" } },
      },
      { "process.command_line": "a -b", "parent.name": "p.exe" },
    ],
    [
      3002,
      { user: { name: "alice" }, status_id: 2, src_endpoint: { ip: "198.51.100.7" } },
      { "target.user": "alice", outcome: "failure" },
    ],
    [
      4003,
      { query: { hostname: "c2.example." }, device: { hostname: "ws1" } },
      { "dns.question": "c2.example", host: "ws1" },
    ],
    [
      6003,
      {
        api: { operation: "GetObject", service: { name: "s3" } },
        actor: { user: { name: "ci" } },
        status_id: 1,
      },
      { action: "GetObject", user: "ci", outcome: "success" },
    ],
    [
      4002,
      { http_request: { user_agent: "curl", url: { url_string: "http://x.example/a" } } },
      { user_agent: "curl" },
    ],
  ])("reads class %d as telemetry", (class_uid, body, fields) => {
    const record = read({
      class_uid,
      category_uid: 1,
      severity_id: 4,
      time: 1739539623,
      metadata: {},
      ...body,
    });
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
    threat: [
      {
        tactic: { name: "Impact" },
        technique: [{ id: "T1490", subtechnique: [{ id: "T1490.001" }] }],
      },
    ],
  };
  const expected = {
    recordId: "k1",
    kind: "alert",
    severity: "high",
    time: "2026-03-01T02:14:07.120Z",
  };

  it("reads literal dotted keys beside nested objects", () => {
    expect(read(flat)).toMatchObject(expected);
    expect(read(flat).fields).toMatchObject({ technique: ["T1490", "T1490.001"], host: "ws1" });
  });
  it("reads a search hit, in _source and in fields with every value a list", () => {
    expect(read({ _id: "x", _index: "i", _source: flat })).toMatchObject(expected);
    const fields = {
      "@timestamp": ["2026-03-01T02:20:00Z"],
      "kibana.alert.uuid": ["k1"],
      "kibana.alert.rule.name": ["R"],
      "host.name": ["ws1"],
      "kibana.alert.risk_score": [73],
    };
    const record = read({ _id: "x", _index: "i", fields });
    expect(record).toMatchObject({ recordId: "k1", severity: "high", title: "R" });
    expect(record.fields.host).toBe("ws1");
  });
  it("reads the older signal names and a winlogbeat event", () => {
    expect(
      read({
        "@timestamp": "2026-03-01T02:20:00Z",
        signal: { rule: { name: "R", severity: "low" } },
      }),
    ).toMatchObject({ kind: "alert", severity: "low" });
    const beat = {
      "@timestamp": "2026-03-01T02:20:00Z",
      event: { kind: "event", code: 4625 },
      winlog: {
        channel: "Security",
        event_id: 4625,
        provider_name: "Microsoft-Windows-Security-Auditing",
        computer_name: "DC01",
        event_data: { TargetUserName: "bob", IpAddress: "203.0.113.9" },
      },
    };
    expect(read(beat).fields).toMatchObject({
      outcome: "failure",
      "target.user": "bob",
      "source.ip": "203.0.113.9",
    });
  });
});

describe("generic", () => {
  it("reads our documented form, dotted or nested", () => {
    const record = read({
      id: "x1",
      time: "2026-03-01T02:14:07Z",
      kind: "alert",
      title: "Odd logon",
      severity: "high",
      host: "ws1",
      user: "CORP\\bob",
      process: { command_line: "a -b" },
      "source.ip": "198.51.100.7",
      incident: "case-7",
      technique: ["T1078"],
    });
    expect(record).toMatchObject({
      format: "generic",
      kind: "alert",
      recordId: "x1",
      severity: "high",
      title: "Odd logon",
      sourceIncidentId: "case-7",
    });
    expect(record.fields).toMatchObject({
      user: "bob",
      "process.command_line": "a -b",
      "source.ip": "198.51.100.7",
      technique: ["T1078"],
    });
  });
  it("keeps a shape nobody taught it", () => {
    expect(read({ foo: 1, bar: { baz: true } })).toMatchObject({
      format: "generic",
      kind: "event",
      time: null,
      timeQuality: "missing",
    });
  });
  it("reads CloudTrail: an error is a failure, a service name is no address", () => {
    const record = read({
      eventID: "0f3c2a11-0000",
      eventTime: "2026-03-01T02:14:07Z",
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      awsRegion: "eu-west-1",
      sourceIPAddress: "cloudtrail.amazonaws.com",
      userIdentity: { userName: "ci" },
      errorCode: "AccessDenied",
    });
    expect(record.fields).toMatchObject({
      action: "StopLogging",
      outcome: "failure",
      user: "ci",
      "source.host": "cloudtrail.amazonaws.com",
    });
    expect(record.title).toBe("StopLogging by ci (failure)");
  });
  it("reads Okta: a challenge is neither success nor failure", () => {
    const okta = (result: string) =>
      read({
        uuid: "11111111-2",
        published: "2026-03-01T02:14:07Z",
        eventType: "user.session.start",
        severity: "INFO",
        actor: { alternateId: "a@corp.example" },
        client: { ipAddress: "198.51.100.7" },
        outcome: { result },
      });
    expect(okta("CHALLENGE").fields.outcome).toBeUndefined();
    expect(okta("FAILURE").fields).toMatchObject({
      outcome: "failure",
      user: "a",
      "source.ip": "198.51.100.7",
    });
    expect(okta("SUCCESS").severity).toBeNull();
  });
});
