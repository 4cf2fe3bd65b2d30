import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, test } from "vitest";
import { createSource } from "#lib/commands/create-source.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { summarise } from "./summarise.ts";
import { loadEvidence, loadRawTexts } from "./load-evidence.ts";
import { writeRulesSummary } from "#lib/grounding/rules-summary.ts";
import { attachQuotes, evidenceToRead } from "#lib/grounding/quotes.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import { selectEvidence, writeEvidenceBlock } from "#lib/copilot/evidence-block.ts";
let db: TestDatabase;
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000; };
beforeAll(async () => { db = await testDatabase(); });
afterAll(() => db.close());
test("bench", async () => {
  const by = { kind: "system", id: "t" } as const;
  const s = await createSource(db.web, { name: "S", format: "generic" }, by);
  for (let round = 0; round < 2; round++) {
  const recs = Array.from({ length: 10000 }, (_, i) => i % 500 === 0 ? { id: randomUUID(), kind: "alert", time: new Date(1772331247000 + i * 1000).toISOString(), severity: ["high", "low", "critical"][i % 3], title: "Alert " + (i % 7), host: "ws-" + (i % 40), user: "u" + (i % 30) }
   : { id: randomUUID(), kind: "event", time: new Date(1772331247000 + i * 1000).toISOString(), title: "process", action: i % 3 ? "process_created" : "logon", outcome: i % 5 ? "success" : "failure", host: "ws-" + (i % 40), user: "u" + (i % 30), "source.ip": "10.0." + (i % 9) + "." + (i % 200), "process.name": "p" + (i % 50) + ".exe", "process.pid": String(i), "parent.pid": String(i - 40), "process.command_line": "p.exe -x " + i + " --some long command line that has things in it " + randomUUID(), "event.code": i % 3 ? "1" : "4624", "destination.ip": "198.51.100." + (i % 20), filler: "x".repeat(300) });
  const t0 = cpu();
  const r = await ingestRecords(db.web, { source: { id: s.id, name: "S" }, format: "generic", incidentKey: randomUUID(), records: recs.map((x, index) => ({ index, bytes: Buffer.from(JSON.stringify(x)) })), normalise });
  const id = r.incidents[0]!.id;
  const t1 = cpu();
  const out = await summarise(id, { db: db.worker, model: null });
  const t2 = cpu();
  console.log("ingest", Math.round(t1 - t0), "summarise total ms", Math.round(t2 - t1), JSON.stringify(out));
  const a = cpu();
  const e = (await loadEvidence(db.worker, id))!;
  const b = cpu();
  const d = writeRulesSummary(e.records, { sources: [], capped: false });
  const c = cpu();
  const texts = await loadRawTexts(db.worker, evidenceToRead(d));
  const c2 = cpu();
  const q = attachQuotes(d, (i) => texts.get(i) ?? "");
  const c3 = cpu();
  const v = verifyClaims(q, { records: e.records, capped: false, rawText: (i) => texts.get(i) ?? null });
  const c4 = cpu();
  const ranked = selectEvidence(e.records, 400);
  const raws = await loadRawTexts(db.worker, ranked.map((x) => x.id));
  const block = writeEvidenceBlock(e.records, ranked, { fence: "f", charsMax: 240000, rawText: (i) => raws.get(i) ?? null });
  const c5 = cpu();
  console.log({ load: Math.round(b - a), write: Math.round(c - b), raw: Math.round(c2 - c), quotes: Math.round(c3 - c2), verify: Math.round(c4 - c3), block: Math.round(c5 - c4), claims: v.length, cited: texts.size, blockLen: block.text.length, shown: block.shownIds.length, notSupported: v.filter(x => x.standing !== "supported").map(x => [x.text, x.standing]) });
  }
}, 120000);
