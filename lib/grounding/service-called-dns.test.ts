import { expect, test } from "vitest";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { verifyClaims } from "./verify-claim.ts";
import { attachQuotes } from "./quotes.ts";
import { writeRulesSummary } from "./rules-summary.ts";

function record(position: number, fields: EvidenceRecord["fields"]): EvidenceRecord {
  return {
    id: `id-${position}`,
    position,
    kind: "event",
    format: "windows-event",
    sourceId: "s",
    sourceName: "sysmon",
    time: `2026-03-01T02:00:0${position}.000Z`,
    timeQuality: "exact",
    receivedAt: "2026-03-01T03:00:00.000Z",
    severity: null,
    title: "event",
    fields,
  };
}

const RAW = new Map([
  ["id-1", '{"Hostname":"ns1.corp.example","ServiceName":"DNS","UtcTime":"2026-03-01 02:00:01"}'],
  ["id-2", '{"Hostname":"ns1.corp.example","QueryName":"ns1","UtcTime":"2026-03-01 02:00:02"}'],
]);

test("a service called DNS makes no entity of the word in a sentence about DNS queries", () => {
  const records = [
    record(1, { "service.name": "DNS", host: "ns1.corp.example" }),
    record(2, { "dns.question": "ns1", host: "ns1.corp.example" }),
  ];
  const draft = attachQuotes(
    writeRulesSummary(records, { sources: [], capped: false }),
    (id) => RAW.get(id) ?? "",
  );
  const verified = verifyClaims(draft, {
    records,
    capped: false,
    rawText: (id) => RAW.get(id) ?? null,
  });
  const query = verified.find(({ text }) => text.includes('the DNS query "ns1"'));
  expect(query?.checks.filter(({ effect }) => effect !== "supported")).toEqual([]);
  // the host's name holds the same word, and stands first
  expect(query?.citations).toEqual([{ id: "E2", quote: '"QueryName":"ns1"' }]);
});
