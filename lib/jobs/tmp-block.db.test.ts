import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { loadEvidence, loadRawTexts } from "#lib/queries/load-evidence.ts";
import { writeRulesSummary } from "#lib/grounding/rules-summary.ts";
import { attachQuotes, evidenceToRead } from "#lib/grounding/quotes.ts";
import { openVerifier } from "#lib/grounding/verify-claim.ts";
import { notMentioned } from "#lib/grounding/not-mentioned.ts";
import { requestEvidence, prepareRequest } from "#lib/queries/prepare-request.ts";
import { TEST_PROFILE } from "#lib/db/testing-copilot.ts";
import { LATEST } from "#lib/copilot/prompts/published.ts";
import { logonFailure, testDesk, TITLE, type TestDesk } from "./testing.ts";

let db: TestDatabase; let desk: TestDesk;
beforeAll(async () => { db = await testDatabase(); desk = await testDesk(db); });
afterAll(async () => { await db.close(); });
test("block", async () => {
  const key = randomUUID(); let id = "";
  for (let from = 0; from < 10000; from += 1000)
    id = await desk.ingest(key, Array.from({ length: 1000 }, (_, i) => i + from === 0 ? { id: randomUUID(), kind: "alert", time: "2026-03-01T02:14:07Z", severity: "high", title: TITLE, host: "ws-014", user: "j.doe" } : { ...logonFailure(i % 5), host: `ws-${i % 50}`, user: `u${i%77}`, "source.ip": `10.0.${i%7}.${i%250}` }));
  for (let k = 0; k < 2; k++) {
    const t = (name: string, at: number) => console.log(name, (performance.now() - at).toFixed(0));
    let at = performance.now(); const ev = (await loadEvidence(db.worker, id))!; t("load", at);
    at = performance.now(); const draft = writeRulesSummary(ev.records, { sources: [], capped: false }); t("rules", at);
    const texts = await loadRawTexts(db.worker, evidenceToRead(draft)); const quoted = attachQuotes(draft, (x) => texts.get(x) ?? "");
    at = performance.now(); const v = openVerifier({ records: ev.records, capped: false, rawText: (x) => texts.get(x) ?? null }); t("openVerifier", at);
    at = performance.now(); let max = 0; for (const c of quoted) { const a = performance.now(); v.verify(c); max = Math.max(max, performance.now() - a); } t(`verify ${quoted.length} max ${max.toFixed(0)}`, at);
    at = performance.now(); notMentioned(ev.records, quoted); t("notMentioned", at);
    at = performance.now(); const re = await requestEvidence(db.worker, id, ev.count); t("requestEvidence", at);
    at = performance.now(); await prepareRequest({ evidence: re, kind: "summary", config: { model: "m", isLocal: true, profile: { ...TEST_PROFILE, pseudonyms: true } }, prompts: LATEST, question: null, fence: "f".repeat(24), canary: "c".repeat(24) }); t("prepare", at);
  }
}, 120000);
