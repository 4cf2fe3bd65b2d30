/** The register of what a model got wrong: who may report what, who settles it, and its entries on the trail. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { activateForTest, type ActivatedModel } from "#lib/db/testing-copilot.ts";
import { makeIncident, makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import {
  RUN_WORKER,
  finishRunForTest,
  queueRunForTest,
  startRunForTest,
} from "#lib/db/testing-runs.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { listReports } from "#lib/queries/list-reports.ts";
import type { Actor } from "./actor.ts";
import { appendRunEvents } from "./append-run-events.ts";
import { fileReport } from "./file-report.ts";
import { resolveReport } from "./resolve-report.ts";

const FIRST = { state: null, kind: null, cursor: null, limit: 10, withIncidents: true } as const;

let db: TestDatabase;
let model: ActivatedModel;
let [ana, lea, aud]: TestPerson[] = [];
beforeAll(async () => {
  db = await testDatabase();
  ana = await makePerson(db, "analyst", "ana");
  lea = await makePerson(db, "lead", "lea");
  aud = await makePerson(db, "auditor", "aud");
  model = await activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9" });
});
afterAll(() => db.close());

describe("reporting", () => {
  test("a claim of a model's summary stands in the register and on the trail", async () => {
    const { claimId, incidentId, runId } = await summaryWithClaim("model");
    const { reportId } = await report({ claimId });
    const page = await listReports(db.web, FIRST);
    expect(page.reports[0]).toMatchObject({
      id: reportId,
      kind: "wrong",
      text: "It was another host.",
      incident: { id: incidentId },
      claim: { id: claimId, text: "A thing happened.", standing: "supported" },
      model: "m-1",
      runId,
      person: { name: "ana" },
      resolution: null,
    });
    expect(await lastEntry(incidentId)).toEqual({ kind: "report.filed", report: reportId });
  });

  test("a claim of an answer is named by its run and place", async () => {
    const { runId, incidentId } = await answerWithClaim();
    await report({ runId, ordinal: 4 }, aud);
    const [first] = (await listReports(db.web, FIRST)).reports;
    expect(first).toMatchObject({
      incident: { id: incidentId },
      claim: { id: null, text: "The user signed in.", standing: "partial" },
      model: "m-1",
      runId,
    });
  });

  test("twice with one key, also at the same time, is one report with one entry", async () => {
    const { claimId } = await summaryWithClaim("model");
    const idem = randomUUID();
    const before = await entries();
    await Promise.all([1, 2, 3].map(() => report({ claimId }, ana, idem)));
    expect(await db.web.modelReport.count({ where: { claimId } })).toBe(1);
    expect(await entries()).toBe(before + 1);
  });

  test("what is no claim of a model is refused", async () => {
    const rules = await summaryWithClaim("rules");
    const { runId } = await answerWithClaim();
    const others = [
      { claimId: rules.claimId },
      { claimId: randomUUID() },
      { runId, ordinal: 5 },
      { runId: randomUUID(), ordinal: 0 },
    ];
    for (const other of others) {
      await expect(report(other)).rejects.toMatchObject({ code: "claim_of_model_not_found" });
    }
  });

  test("is not for an admin", async () => {
    const { claimId } = await summaryWithClaim("model");
    await expect(report({ claimId }, model.admin)).rejects.toMatchObject({ code: "role_too_low" });
  });
});

describe("settling", () => {
  test("is a lead's, once, and stands beside the report and on the trail", async () => {
    const { claimId, incidentId } = await summaryWithClaim("model");
    const { reportId } = await report({ claimId });
    const { openCount } = await listReports(db.web, FIRST);
    const settle = (by: TestPerson) =>
      resolveReport(
        db.web,
        { reportId, outcome: "confirmed", text: "The prompt is mended." },
        actor(by),
      );
    await expect(settle(ana!)).rejects.toMatchObject({ code: "role_too_low" });
    await settle(lea!);
    await expect(settle(lea!)).rejects.toMatchObject({ code: "report_resolved" });
    const page = await listReports(db.web, { ...FIRST, state: "resolved" });
    expect(page.reports[0]).toMatchObject({
      id: reportId,
      resolution: { outcome: "confirmed", text: "The prompt is mended.", person: { name: "lea" } },
    });
    expect(page.openCount).toBe(openCount - 1);
    expect(await lastEntry(incidentId)).toEqual({ kind: "report.resolved", report: reportId });
  });

  test("of a report that is not there is refused", async () => {
    const input = { reportId: randomUUID(), outcome: "no_fault", text: "It is so." } as const;
    await expect(resolveReport(db.web, input, actor(lea!))).rejects.toMatchObject({ status: 404 });
  });
});

test("the register is read page by page, each report once, also when more come in between", async () => {
  const { claimId } = await summaryWithClaim("model");
  for (let at = 0; at < 7; at += 1) await report({ claimId });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listReports(db.web, {
      ...FIRST,
      state: "open",
      kind: "wrong",
      cursor,
      limit: 3,
    });
    seen.push(...page.reports.map(({ id }) => id));
    cursor = page.nextCursor;
    if (seen.length === 3) await report({ claimId });
  } while (cursor !== null);
  const all = await db.web.modelReport.count({ where: { resolution: null } });
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toHaveLength(all - 1);
});

test("who reads no incident is shown none, and neither the claim's words nor the reporter's", async () => {
  await report({ claimId: (await summaryWithClaim("model")).claimId });
  await report({ runId: (await answerWithClaim()).runId, ordinal: 4 });
  const page = await listReports(db.web, { ...FIRST, withIncidents: false });
  expect(page.reports.length).toBeGreaterThan(0);
  expect(page.reports.every(({ incident }) => incident === null)).toBe(true);
  for (const { text, claim } of page.reports) expect([text, claim.text]).toEqual([null, null]);
  const shown = await listReports(db.web, FIRST);
  expect(shown.reports.every(({ text, claim }) => text !== null && claim.text !== null)).toBe(true);
});

function actor({ id, role }: TestPerson): Actor {
  return { kind: "person", session: null, id, role };
}

type Of = { claimId: string } | { runId: string; ordinal: number };

function report(of: Of, by: TestPerson = ana!, idem: string = randomUUID()) {
  return fileReport(db.web, { idem, of, kind: "wrong", text: "It was another host." }, actor(by));
}

async function summaryWithClaim(origin: "model" | "rules") {
  const { id: incidentId } = await makeIncident(db);
  const runId = origin === "model" ? await finishedRun(incidentId) : null;
  const { id: summaryId } = await db.worker.summary.create({
    data: {
      incidentId,
      origin,
      version: 1,
      state: "complete",
      modelRunId: runId,
      generator: origin === "model" ? "m-1" : "rules/1",
      evidenceRoot: new Uint8Array(32),
      evidenceCount: 1,
    },
    select: { id: true },
  });
  const { id: claimId } = await db.worker.claim.create({
    data: {
      summaryId,
      ordinal: 0,
      front: true,
      text: "A thing happened.",
      kind: "observation",
      polarity: "affirmed",
      standing: "supported",
      verifier: "1",
      predicates: [],
      checks: [],
      uncovered: [],
    },
    select: { id: true },
  });
  return { incidentId, claimId, runId };
}

async function finishedRun(incidentId: string): Promise<string> {
  const runId = await queueRunForTest(db, { incidentId, model });
  await startRunForTest(db, { runId });
  await finishRunForTest(db, { runId });
  return runId;
}

async function answerWithClaim(): Promise<{ runId: string; incidentId: string }> {
  const { id: incidentId } = await makeIncident(db);
  const runId = await queueRunForTest(db, { incidentId, model, kind: "answer", askedBy: ana!.id });
  await startRunForTest(db, { runId });
  const claim = {
    ordinal: 4,
    text: "The user signed in.",
    kind: "observation",
    polarity: "affirmed",
    standing: "partial",
    verifier: "2",
    checks: [],
    predicates: [],
    uncovered: [],
    citations: [],
  } as const;
  const data = { ...claim, checks: [], predicates: [], uncovered: [], citations: [] };
  const events = [{ kind: "claim" as const, data }];
  expect(await appendRunEvents(db.worker, { runId, worker: RUN_WORKER, events })).toEqual([2]);
  await finishRunForTest(db, { runId });
  return { runId, incidentId };
}

async function entries(): Promise<number> {
  const { rows } = await db.pools.auditor.query(
    "select count(*)::int as n from trail.entry where kind = 'report.filed'",
  );
  return rows[0].n;
}

async function lastEntry(incidentId: string) {
  const { rows } = await db.pools.auditor.query(
    `select e.kind, convert_from(p.bytes, 'UTF8')::json ->> 'report' as report
     from trail.entry e join trail.payload p using (seq) where e.incident_id = $1 order by seq desc limit 1`,
    [incidentId],
  );
  return rows[0];
}
