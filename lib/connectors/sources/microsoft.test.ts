import { describe, expect, it } from "vitest";
import { keys, read } from "./testing.ts";

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
      recordId:
        "ws-014.corp.example/microsoft-windows-sysmon/operational/77/2026-03-01T02:14:06.951Z",
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
    expect(record.recordId).toBe("dc01/system/9/2026-03-01T02:14:07.772Z");
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
        {
          "@odata.type": "#microsoft.graph.security.deviceEvidence",
          deviceDnsName: "ws-014.corp.example",
        },
        {
          "@odata.type": "#microsoft.graph.security.processEvidence",
          processId: 12,
          processCommandLine: "rundll32 comsvcs.dll MiniDump",
          imageFile: {
            fileName: "rundll32.exe",
            filePath: "C:\\Windows\\System32",
            sha256: "d".repeat(64),
          },
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
