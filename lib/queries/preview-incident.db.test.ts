import { afterAll, beforeAll, expect, test } from "vitest";
import { countStatements } from "#lib/cli/bench/statements.ts";
import type { Actor } from "#lib/commands/actor.ts";
import { addNote } from "#lib/commands/add-note.ts";
import { at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import { issueRulesSummary } from "#lib/commands/issue-summary.ts";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { findIncident } from "./find-incident.ts";
import { EXCERPT_CHARACTERS, previewIncident } from "./preview-incident.ts";
import { deskWorld } from "./queries-fixtures.ts";

let database: TestDatabase;
let source: { id: string; name: string };
let ana: Actor;
let caseId: string;
beforeAll(async () => {
  ({ database, source, ana, caseId } = await deskWorld());
});
afterAll(() => database.close());

async function preview(id: string) {
  const head = await findIncident(database.web, id);
  return previewIncident(database.web, head!);
}

/** Seven claims; the last three stand in front. */
async function issueClaims(): Promise<void> {
  const head = await findIncident(database.web, caseId);
  await issueRulesSummary(
    database.worker,
    {
      incidentId: caseId,
      generator: "rules/1",
      claims: Array.from({ length: 7 }, (_, n) => ({
        text: `Claim ${n}.`,
        kind: "observation" as const,
        polarity: "affirmed" as const,
        citations: [],
        predicates: [],
        checks: [],
        resolved: [],
        uncovered: n === 4 ? ([[0, 5]] as [number, number][]) : [],
        front: n >= 4,
        standing: n === 4 ? ("unsupported" as const) : ("supported" as const),
      })),
      evidenceRoot: Buffer.from(head!.evidenceRoot, "hex"),
      evidenceCount: head!.evidenceCount,
    },
    { kind: "system", id: "worker" },
  );
}

test("an incident without a summary, a note or a decision says so by nothing", async () => {
  const { incidents } = await ingest(database.web, source, [{ recordId: "bare" }], "BARE");
  expect(await preview(incidents[0]!.id)).toMatchObject({
    head: { id: incidents[0]!.id, status: "new" },
    summary: null,
    ...{ entities: [], entityCount: 0 },
    ...{ techniques: [], techniqueCount: 0 },
    ...{ decisions: [], decisionCount: 0 },
    note: null,
  });
});

test("claims in front come first, each with its standing and what a person said of it last", async () => {
  await issueClaims();
  const first = (await preview(caseId)).summary!;
  expect(first).toMatchObject({ origin: "rules", stale: false, claimCount: 7 });
  expect(first.claims.map(({ text }) => text)).toEqual([4, 5, 6, 0, 1].map((n) => `Claim ${n}.`));
  expect(first.claims[0]).toMatchObject({
    standing: "unsupported",
    uncovered: [[0, 5]],
    review: null,
  });
  const claimId = first.claims[0]!.id;
  await reviewClaim(database.web, { claimId, outcome: "accepted" }, ana);
  await reviewClaim(database.web, { claimId, outcome: "disputed", reason: "Not so." }, ana);
  expect((await preview(caseId)).summary!.claims[0]).toMatchObject({ review: "disputed" });
});

test("new evidence makes the summary stale, and its techniques are named", async () => {
  const alert = (recordId: string, ...technique: string[]) => ({
    recordId,
    time: at("02:10:00"),
    fields: { technique },
    observables: observables("host:case-host", "domain:evil.example"),
  });
  await ingest(
    database.web,
    source,
    [alert("x1", "T1059.001"), alert("x2", "T1059.001", "T1078"), alert("x3", "T9999")],
    "CASE",
  );
  const { summary, techniques, techniqueCount, entities, entityCount } = await preview(caseId);
  expect(summary?.stale).toBe(true);
  expect(techniques).toEqual([
    { id: "T1059.001", name: "Command and Scripting Interpreter: PowerShell" },
    { id: "T1078", name: "Valid Accounts" },
    { id: "T9999", name: "" },
  ]);
  expect(techniqueCount).toBe(3);
  expect(entities.length).toBe(10);
  expect(entityCount).toBe(22);
  expect(entities.map(({ specific }) => specific)).toEqual(
    entities.map(({ specific }) => specific).toSorted((a, b) => Number(b) - Number(a)),
  );
});

test("the open decision and the last note stand in it, cut to an excerpt", async () => {
  await addNote(database.web, { incidentId: caseId, text: "First." }, ana);
  await addNote(database.web, { incidentId: caseId, text: `Last. ${"x".repeat(400)}` }, ana);
  const proposed = await proposeDecision(
    database.web,
    {
      incidentId: caseId,
      content: { kind: "escalation", reason: "It spreads to a second host.", to: "tier 3" },
      waivedClaimIds: [],
      idem: "0190d1c5-0000-7000-8000-00000000a001",
    },
    ana,
  );
  expect(proposed.ok).toBe(true);
  const { note, decisions, decisionCount } = await preview(caseId);
  expect(note).toMatchObject({ person: { id: ana.id, name: "Ana", role: "analyst" } });
  expect(note!.text).toHaveLength(EXCERPT_CHARACTERS);
  expect(note!.text).toMatch(/^Last\. x+$/);
  expect(note!.cut).toBe(true);
  expect(decisionCount).toBe(1);
  expect(decisions).toMatchObject([
    {
      kind: "escalation",
      proposer: { name: "Ana" },
      reason: "It spreads to a second host.",
      cut: false,
    },
  ]);
  expect(new Date(decisions[0]!.expiresAt).toISOString()).toBe(decisions[0]!.expiresAt);
});

test("it costs one statement beside finding the incident", async () => {
  const head = await findIncident(database.web, caseId);
  expect(await countStatements(database.urls.web, (db) => previewIncident(db, head!))).toBe(1);
});

test("the newest alerts are found by an index, not among all records", async () => {
  const { rows } = await database.pools.owner.query<{ "QUERY PLAN": string }>(
    `explain select fields from evidence_item where incident_id = $1 and kind = 'alert' order by position desc limit 200`,
    [caseId],
  );
  expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("evidence_item_alerts_idx");
});
