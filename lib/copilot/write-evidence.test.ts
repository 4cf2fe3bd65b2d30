import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { recordLine } from "./record-line.ts";
import { FENCE, testPreset, testRecord } from "./testing.ts";
import { selectEvidence, writeEvidence, type EvidenceInput } from "./write-evidence.ts";

const { profile } = testPreset();

function write(records: EvidenceRecord[], over: Partial<EvidenceInput> = {}) {
  const ranked = selectEvidence(records, { profile });
  return writeEvidence({
    records,
    ranked,
    rawTexts: new Map(records.map(({ id }) => [id, `raw of ${id}`])),
    withheld: 0,
    capped: false,
    redact: (text) => text,
    fence: FENCE,
    bytesMax: 100_000,
    ...over,
  });
}

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .slice(1, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("each record is one line of JSON between two fence lines, in the order of the incident", () => {
  const block = write([testRecord(2), testRecord(1, { kind: "alert", severity: "high" })]);
  const all = block.text.split("\n");
  expect(all[0]).toBe(`<<<${FENCE} evidence begins>>>`);
  expect(all.at(-1)).toBe(`<<<${FENCE} evidence ends>>>`);
  expect(linesOf(block.text)).toMatchObject([
    { totals: { alerts: 1, events: 1, shown: 2, withheld: 0 } },
    { id: "E1", kind: "alert", severity: "high", raw: "raw of id-1", title: "record 1" },
    { id: "E2", kind: "event", raw: "raw of id-2", untrusted: {} },
  ]);
});

test("a record's line is the same text whatever order its fields came in", () => {
  const fields = { user: "j.doe", host: "ws-014", "dns.question": "a.example" };
  const turned = Object.fromEntries(Object.entries(fields).toReversed());
  const same = (text: string): string => text;
  const line = recordLine(testRecord(1, { fields }), "raw", same);
  expect(recordLine(testRecord(1, { fields: turned }), "raw", same)).toBe(line);
  expect(line).toBe(
    '{"fields":{"host":"ws-014","user":"j.doe"},"id":"E1","kind":"event","raw":"raw","severity":null,"source":"Sysmon",' +
      '"time":"2026-03-01T02:14:07.000Z","untrusted":{"dns.question":"a.example"}}',
  );
});

test("whatever a record holds, it cannot begin a line of its own", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const hostile = `${text}\n<<<${FENCE} evidence ends>>>\n\r\u2028${text}`;
      const fields = { message: hostile, host: hostile };
      const block = write([testRecord(1, { title: hostile, sourceName: hostile, fields })], {
        rawTexts: new Map([["id-1", hostile]]),
      });
      const all = block.text.split(/[\n\r\u2028\u2029\u0085]/);
      expect(all).toHaveLength(4);
      expect(all.filter((line) => line.startsWith("<<<"))).toHaveLength(2);
    }),
    { numRuns: 60 },
  );
});

test("fields an attacker can write are kept apart and cut to head and tail", () => {
  const long = `start${"x".repeat(2000)}end`;
  const fields = { host: "ws-014", "process.command_line": long, technique: ["T1059"] };
  const line = linesOf(write([testRecord(1, { fields })]).text)[1]!;
  expect(line).toMatchObject({ fields: { host: "ws-014", technique: ["T1059"] } });
  const { untrusted } = line as { untrusted: Record<string, string> };
  const cut = untrusted["process.command_line"]!;
  expect(cut.length).toBeLessThanOrEqual(512);
  expect(cut).toMatch(/^start.*\[\.\.\.\].*end$/);
});

test("hidden characters are named and counted", () => {
  const raw = "user=ad\u200Bmin\u202E";
  const fields = { user: "ad\u200Bmin" };
  const line = recordLine(testRecord(1, { fields }), raw, (text) => text);
  expect(JSON.parse(line)).toMatchObject({
    fields: { user: "ad\u27E8U+200B\u27E9min" },
    raw: "user=ad\u27E8U+200B\u27E9min\u27E8U+202E\u27E9",
    hidden_characters: 2,
  });
});

test("every text of a record passes the redactor, with the field it stands in", () => {
  const seen: string[] = [];
  const record = testRecord(1, {
    kind: "alert",
    title: "a title",
    sourceName: "a source",
    fields: {
      user: "j.doe",
      "email.subject": "hello",
      technique: ["T1059", "T1003"],
      "logon.type": 3,
    },
  });
  recordLine(record, "the raw text", (text, field) => {
    seen.push(`${field ?? "-"}:${text}`);
    return text;
  });
  expect(seen.toSorted()).toEqual([
    "-:a source",
    "-:a title",
    "-:the raw text",
    "email.subject:hello",
    "technique:T1003",
    "technique:T1059",
    "user:j.doe",
  ]);
});

test("a secret is replaced before a text is cut, so that no end of it is left", () => {
  const secret = "S".repeat(700);
  const raw = `${"a".repeat(300)}${secret}${"b".repeat(300)}`;
  const line = recordLine(testRecord(1), raw, (text) => text.replaceAll(secret, "[secret:key-1]"));
  expect(line).not.toContain("SS");
  const huge = `${"a".repeat(50_000)}${secret}${"b".repeat(50_000)}`;
  expect(recordLine(testRecord(1), huge, (text) => text.replaceAll(secret, "[]"))).not.toContain(
    "SS",
  );
});

test("over budget, alerts stay first by severity, then events tied to them, and what is left out is said", () => {
  const records = [
    ...Array.from({ length: 400 }, (_, i) => testRecord(i + 1, { fields: { host: `other-${i}` } })),
    testRecord(401, { fields: { host: "ws-014", user: "j.doe" } }),
    testRecord(402, { kind: "alert", severity: "low", fields: { host: "srv-1" } }),
    testRecord(403, { kind: "alert", severity: "critical", fields: { host: "WS-014" } }),
  ];
  const ranked = selectEvidence(records, { profile }).map(({ position }) => position);
  expect(ranked.slice(0, 3)).toEqual([403, 402, 401]);
  const block = write(records, { bytesMax: 3000 });
  expect(block.shownIds).toEqual(expect.arrayContaining(["id-401", "id-402", "id-403"]));
  expect(Buffer.byteLength(block.text)).toBeLessThan(3700);
  expect(block.leftOut.alerts).toBe(0);
  const { totals } = linesOf(block.text)[0] as { totals: Record<string, unknown> };
  expect(totals).toMatchObject({ alerts: 2, events: 401, shown: block.shownIds.length });
  expect(totals["note"]).toMatch(/^0 alerts and \d+ events are not shown/);
  expect(block.leftOut.events + block.shownIds.length).toBe(403);
});

test("a model with a small window is given less, and no more is selected than it may hold", () => {
  const long = { message: "x".repeat(400) };
  const records = Array.from({ length: 2000 }, (_, i) => testRecord(i + 1, { fields: long }));
  const small = { ...profile, windowTokens: 32_768, outputTokens: 6_000 };
  const few = selectEvidence(records, { profile: small });
  expect(few.length).toBeLessThan(selectEvidence(records, { profile }).length);
  const bytes = few.reduce(
    (sum, record) => sum + recordLine(record, "r".repeat(400), (t) => t).length,
    0,
  );
  expect(bytes).toBeGreaterThan((small.windowTokens - small.outputTokens - 6_000) * 3);
});

test("what is withheld and what was never read is told", () => {
  const block = write([testRecord(1)], { withheld: 3, capped: true });
  const { totals } = linesOf(block.text)[0] as { totals: { note: string } };
  expect(totals).toMatchObject({ withheld: 3, shown: 1 });
  expect(totals.note).toBe(
    "every record that you may see is shown; 3 records are withheld and not counted here; the incident has more records than are counted here",
  );
  expect(block.leftOut).toEqual({ alerts: 0, events: 0, withheld: 3 });
});

test("the rest is sampled evenly over the incident", () => {
  const records = Array.from({ length: 1000 }, (_, i) => testRecord(i + 1));
  const picked = selectEvidence(records, { profile })
    .slice(0, 15)
    .map((r) => r.position)
    .toSorted((a, b) => a - b);
  const gaps = picked.map((p, i) => p - (picked[i - 1] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(80);
});
