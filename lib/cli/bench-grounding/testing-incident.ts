/** A small incident written by hand, for the tests of the benchmark. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { type DraftClaim, type Predicate, UNUSED } from "#lib/domain/summary/claim.ts";
import type { BenchIncident } from "./bench-claim.ts";
import { variantsOf } from "./evidence-variants.ts";
import { contextOf, poolOf } from "./mutant-context.ts";
import type { Context } from "./mutant-context.ts";

type Given = Pick<EvidenceRecord, "fields"> & Partial<EvidenceRecord>;

const START = {
  "event.class": "process_activity",
  "event.code": "1",
  action: "process_created",
  host: "ws-014.contoso.example",
};
const LOGON = {
  "event.class": "authentication",
  action: "logon",
  host: "dc01",
  "target.user": "asmith",
  "source.ip": "10.0.3.71",
};

export const HOME = incidentOf("home", [
  {
    time: "2026-03-01T02:13:00.000Z",
    fields: {
      ...START,
      user: "jdoe",
      "process.name": "winword.exe",
      "process.pid": 4120,
      "process.guid": "{g-1}",
      "parent.name": "explorer.exe",
      "parent.pid": 900,
    },
  },
  {
    time: "2026-03-01T02:14:07.000Z",
    fields: {
      ...START,
      user: "jdoe",
      "process.name": "powershell.exe",
      "process.pid": 5300,
      "process.guid": "{g-2}",
      "parent.guid": "{g-1}",
      "parent.name": "winword.exe",
      "parent.pid": 4120,
      "process.command_line": "powershell.exe -w hidden -c Get-Process of the whole domain",
    },
  },
  {
    time: "2026-03-01T02:20:00.000Z",
    fields: { ...LOGON, "event.code": "4625", outcome: "failure" },
  },
  {
    time: "2026-03-01T02:21:00.000Z",
    fields: { ...LOGON, "event.code": "4625", outcome: "failure" },
  },
  {
    time: "2026-03-01T02:25:00.000Z",
    fields: { ...LOGON, "event.code": "4624", outcome: "success" },
  },
  {
    time: "2026-03-01T02:30:00.000Z",
    fields: {
      "event.class": "network_activity",
      action: "flow",
      "event.code": "flow",
      host: "fw-1",
      "source.ip": "10.0.3.14",
      "destination.ip": "203.0.113.9",
      "destination.port": 443,
      "network.bytes_out": 5_000_000,
      outcome: "allowed",
    },
  },
  {
    kind: "alert",
    time: "2026-03-01T02:31:00.000Z",
    severity: "high",
    fields: {
      "alert.title": "Hidden script host started",
      severity: "high",
      host: "ws-014.contoso.example",
      user: "jdoe",
      technique: ["T1059.001"],
    },
  },
]);

export const AWAY = incidentOf("away", [
  {
    time: "2026-04-01T02:13:00.000Z",
    fields: {
      ...START,
      host: "db-77",
      user: "mallory",
      "process.name": "sqlservr.exe",
      "parent.name": "services.exe",
      "source.ip": "198.51.100.7",
      technique: ["T1110"],
    },
  },
]);

export function incidentOf(id: string, given: Given[]): BenchIncident {
  const raws = new Map<string, string>();
  const records = given.map((record, at): EvidenceRecord => {
    const whole: EvidenceRecord = {
      id: `${id}#${at + 1}`,
      position: at + 1,
      kind: "event",
      format: "generic",
      sourceId: "edge",
      sourceName: "edge",
      time: null,
      timeQuality: record.time ? "exact" : "missing",
      receivedAt: "2026-03-01T12:00:00.000Z",
      severity: null,
      title: "",
      ...record,
    };
    raws.set(whole.id, JSON.stringify({ time: whole.time, ...whole.fields }));
    return whole;
  });
  return { id, side: "dev", records, raws, total: records.length };
}

export const says = (op: Predicate["op"], more: Partial<Predicate>): Predicate => ({
  ...UNUSED,
  op,
  ...more,
});
export const field = (id: string, name: string, value: string): Predicate =>
  says("field", { evidence: [id], field: name, value });

export function claimOf(
  text: string,
  predicates: Predicate[],
  more: Partial<DraftClaim> = {},
): DraftClaim {
  const ids = [...new Set(predicates.flatMap(({ evidence }) => evidence))];
  const citations = (ids.length > 0 ? ids : ["E1"]).map((id) => ({ id, quote: quoteIn(id) }));
  return { text, kind: "observation", polarity: "affirmed", predicates, citations, ...more };
}

function quoteIn(id: string): string {
  const record = HOME.records[Number(id.slice(1)) - 1];
  return String(record?.fields["process.name"] ?? record?.fields.host ?? "2026");
}

export function contextFor(claims: DraftClaim[], payloads: string[] = []): Context {
  return contextOf(HOME, claims, poolOf([HOME, AWAY]), variantsOf(HOME, AWAY, payloads));
}
