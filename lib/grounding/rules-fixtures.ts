import type { Fields } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";

/** What a test says about a record; the rest is filled in. `raw` is its text as the source sent it. */
export type FixtureRecord = Partial<EvidenceRecord> & { fields: Fields; raw?: string };

export type Fixture = { records: EvidenceRecord[]; rawText: (id: string) => string };

/** Records numbered from 1, and raw texts that hold their fields as one flat JSON object. */
export function fixture(given: FixtureRecord[]): Fixture {
  const raws = new Map<string, string>();
  const records = given.map(({ raw, ...record }, at): EvidenceRecord => {
    const position = at + 1;
    const full: EvidenceRecord = {
      id: `r${position}`,
      position,
      kind: "event",
      format: "generic",
      sourceId: record.sourceName ?? "edge",
      sourceName: "edge",
      time: null,
      timeQuality: record.time ? "exact" : "missing",
      receivedAt: "2026-03-01T12:00:00.000Z",
      severity: null,
      title: "",
      ...record,
    };
    raws.set(
      full.id,
      raw ?? JSON.stringify({ time: full.time, severity: full.severity, ...full.fields }),
    );
    return full;
  });
  return { records, rawText: (id) => raws.get(id) ?? "" };
}

/** A time of the night all these tests play in. */
export const at = (clock: string) => `2026-03-01T${clock}.000Z`;

export const failedLogon = (clock: string, ip = "203.0.113.9"): FixtureRecord => ({
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

export const logon = (clock: string): FixtureRecord => {
  const record = failedLogon(clock);
  return { ...record, fields: { ...record.fields, "event.code": "4624", outcome: "success" } };
};

const start = (clock: string, fields: FixtureRecord["fields"]): FixtureRecord => ({
  format: "windows-event",
  time: at(clock),
  fields: { "event.code": "1", "event.class": "process_activity", host: "WS-014", ...fields },
});

export const word = start("02:14:07", {
  "process.name": "WINWORD.EXE",
  "process.pid": 4120,
  "process.guid": "{a-1}",
  "parent.name": "explorer.exe",
  "parent.pid": 900,
});

export const shell = start("02:14:09", {
  "process.name": "powershell.exe",
  "process.pid": 5300,
  "process.guid": "{a-2}",
  "parent.name": "WINWORD.EXE",
  "parent.pid": 4120,
  "parent.guid": "{a-1}",
  "process.command_line": "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBi",
});

export const flow = (clock: string, bytes: number): FixtureRecord => ({
  sourceName: "sensor",
  time: at(clock),
  fields: {
    "source.ip": "10.0.3.17",
    "destination.ip": "198.51.100.7",
    "destination.port": 443,
    "network.bytes_out": bytes,
  },
});

export const alert = (clock: string, more: FixtureRecord["fields"] = {}): FixtureRecord => ({
  kind: "alert",
  sourceName: "edr",
  severity: "high",
  time: at(clock),
  fields: { "alert.title": "Credential dumping", severity: "high", host: "WS-014", ...more },
});
