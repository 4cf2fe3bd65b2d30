import { afterAll, beforeAll, expect, test } from "vitest";
import { addNote } from "#lib/commands/add-note.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { exportTrail } from "./export-trail.ts";
import { listTrail } from "./list-trail.ts";
import { sealState } from "./seal-state.ts";
import { countStatements } from "#lib/cli/bench/statements.ts";
import type { Actor } from "#lib/commands/actor.ts";
import { ingest } from "#lib/commands/ingest-fixtures.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import { issueModelSummary, issueRulesSummary } from "#lib/commands/issue-summary.ts";
import type { Db } from "#lib/db/prisma.ts";
import { activateForTest } from "#lib/db/testing-copilot.ts";
import { finishRunForTest, queueRunForTest, startRunForTest } from "#lib/db/testing-runs.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { findIncident } from "./find-incident.ts";
import { gateFacts } from "./gate-facts.ts";
import { listSummaryVersions } from "./compare-summaries.ts";
import { listSummaries } from "./list-summaries.ts";
import { deskWorld } from "./queries-fixtures.ts";

let database: TestDatabase;
let source: { id: string; name: string };
let ana: Actor;
let caseId: string;
beforeAll(async () => {
  ({ database, source, ana, caseId } = await deskWorld());
});
afterAll(() => database.close());

const CLAIM = {
  text: "Host X was encrypted.",
  kind: "observation",
  polarity: "affirmed",
  citations: [],
  predicates: [],
  checks: [],
  resolved: [],
  uncovered: [],
  front: true,
} as const;

async function issueRules(standing: "supported" | "unsupported" = "supported"): Promise<void> {
  const head = await findIncident(database.web, caseId);
  await issueRulesSummary(
    database.worker,
    {
      incidentId: caseId,
      generator: "rules/1",
      claims: [
        {
          ...CLAIM,
          citations: [],
          predicates: [],
          checks: [],
          resolved: [],
          uncovered: [],
          standing,
        },
      ],
      evidenceRoot: Buffer.from(head!.evidenceRoot, "hex"),
      evidenceCount: head!.evidenceCount,
    },
    { kind: "system", id: "worker" },
  );
}

test("a summary goes stale with new evidence, and only the newest of each origin is current", async () => {
  await issueRules();
  expect(await listSummaries(database.web, caseId)).toMatchObject([
    { origin: "rules", version: 1, stale: false },
  ]);
  await ingest(database.web, source, [{ recordId: "stale", kind: "event" }], "CASE");
  expect(await listSummaries(database.web, caseId)).toMatchObject([{ version: 1, stale: true }]);
  await issueRules();
  expect(await listSummaries(database.web, caseId)).toMatchObject([{ version: 2, stale: false }]);
  expect((await listSummaryVersions(database.web, caseId)).map(({ version }) => version)).toEqual([
    2, 1,
  ]);
});

test("a review is kept beside the earlier ones and changes the claims hash", async () => {
  await issueRules();
  const before = await gateFacts(database.web, caseId);
  const [summary] = await listSummaries(database.web, caseId);
  const claimId = summary!.claims[0]!.id;
  await reviewClaim(database.web, { claimId, outcome: "accepted" }, ana);
  await reviewClaim(
    database.web,
    { claimId, outcome: "corrected", reason: "Wrong host.", replacement: "Host Y was." },
    ana,
  );
  await expect(
    reviewClaim(database.web, { claimId, outcome: "disputed", reason: "  " }, ana),
  ).rejects.toMatchObject({ code: "reason_missing" });
  await expect(
    reviewClaim(database.web, { claimId, outcome: "corrected", reason: "x", replacement: "" }, ana),
  ).rejects.toMatchObject({ code: "replacement_missing" });
  const [after] = await listSummaries(database.web, caseId);
  expect(after?.claims[0]?.reviews.map(({ outcome }) => outcome)).toEqual([
    "accepted",
    "corrected",
  ]);
  const facts = await gateFacts(database.web, caseId);
  expect(facts?.claimsHash).not.toBe(before?.claimsHash);
  expect(facts?.version).toBe(before!.version + 2);
});

test("a model's false claim is unsettled until it is disputed, and an old summary takes no review", async () => {
  const head = await findIncident(database.web, caseId);
  const model = await activateForTest(database, { model: "m", baseUrl: "http://127.0.0.1:9" });
  const root = new Uint8Array(Buffer.from(head!.evidenceRoot, "hex"));
  const issue = async (): Promise<string> => {
    const runId = await queueRunForTest(database, { incidentId: caseId, model });
    await startRunForTest(database, { runId });
    await finishRunForTest(database, { runId });
    const claim = {
      ...CLAIM,
      citations: [],
      predicates: [],
      checks: [],
      resolved: [],
      uncovered: [],
      standing: "unsupported" as const,
    };
    await issueModelSummary(
      database.worker,
      {
        incidentId: caseId,
        generator: "m",
        claims: [claim],
        evidenceRoot: root,
        evidenceCount: head!.evidenceCount,
        modelRunId: runId,
        state: "complete",
        stateReason: null,
        notMentioned: [],
      },
      { kind: "model", id: "m" },
    );
    const issued = (await listSummaries(database.web, caseId)).find(
      ({ origin }) => origin === "model",
    );
    return issued!.claims[0]!.id;
  };
  const claimId = await issue();
  expect((await gateFacts(database.web, caseId))?.unsettledClaims).toMatchObject([
    { id: claimId, standing: "unsupported" },
  ]);
  await reviewClaim(database.web, { claimId, outcome: "accepted" }, ana);
  expect((await gateFacts(database.web, caseId))?.unsettledClaims).toHaveLength(1);
  await reviewClaim(database.web, { claimId, outcome: "disputed", reason: "No such host." }, ana);
  expect((await gateFacts(database.web, caseId))?.unsettledClaims).toEqual([]);
  await issue();
  await expect(
    reviewClaim(database.web, { claimId, outcome: "accepted" }, ana),
  ).rejects.toMatchObject({ code: "claim_superseded" });
});

test("the summaries cost at most 8 statements", async () => {
  await issueRules();
  const work = (db: Db) => listSummaries(db, caseId);
  expect(await countStatements(database.urls.web, work)).toBeLessThanOrEqual(8);
});

test("the trail of an incident is paged, exported, and verifies alone", async () => {
  await addNote(database.web, { incidentId: caseId, text: "Looked at the host." }, ana);
  const first = await listTrail(database.web, { incident: caseId }, null, 3);
  expect(first.entries).toHaveLength(3);
  const second = await listTrail(database.web, { incident: caseId }, first.nextCursor, 3);
  expect(second.entries[0]!.seq).toBeLessThan(first.entries[2]!.seq);
  expect(first.entries[0]?.incident).toMatch(/^INC-/);
  const notes = await listTrail(database.web, { kinds: ["note.added"], actor: ana.id });
  expect(notes.entries).toMatchObject([
    { actorName: "Ana", sentence: "added a note", payload: { text: "Looked at the host." } },
  ]);
  const lines: string[] = [];
  for await (const line of exportTrail(database.web, { incidentId: caseId }))
    lines.push(line.trimEnd());
  expect(lines.length).toBeGreaterThan(5);
  const verification = await verifyLines(lines);
  expect(verification.checks.filter(({ holds }) => !holds)).toEqual([]);
  expect((await sealState(database.web)).size).toBeGreaterThanOrEqual(lines.length);
});
