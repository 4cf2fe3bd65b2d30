import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import { signDecision } from "#lib/commands/sign-decision.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { findDecision } from "#lib/queries/list-decisions.ts";
import { gateFacts } from "#lib/queries/gate-facts.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { reverifySummary } from "./reverify.ts";
import { failedLogons, issueByVerifier1 } from "./testing-reverify.ts";
import { FAILURES, logonFailure, testDesk, type TestDesk } from "./testing.ts";

const WORKER = { kind: "system", id: "worker" } as const;
const CLAIMS = [
  failedLogons(FAILURES, "supported"),
  failedLogons(FAILURES + 1, "supported"),
  failedLogons(FAILURES, "partial"),
];

let db: TestDatabase;
let desk: TestDesk;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
});
afterAll(() => db.close());

type Payload = Record<string, unknown> & { moved: Record<string, unknown>[] };

async function entries(incidentId: string): Promise<Payload[]> {
  const { rows } = await db.pools.auditor.query<{ payload: Payload }>(
    `select convert_from(p.bytes, 'UTF8')::jsonb as payload from trail.entry e join trail.payload p using (seq)
     where incident_id = $1 and kind = 'summary.reverified' order by seq`,
    [incidentId],
  );
  return rows.map(({ payload }) => payload);
}

function verificationsOf(summaryId: string) {
  return db.web.claimVerification.findMany({
    where: { claim: { summaryId } },
    select: { claimId: true, verifier: true, standing: true, was: true, wasVerifier: true },
    orderBy: { claim: { ordinal: "asc" } },
  });
}

test("what a later verifier says stands beside what the earlier one said, and is what screens are given", async () => {
  const incidentId = await desk.openIncident();
  const summaryId = await issueByVerifier1(db, { incidentId, claims: CLAIMS });
  expect(await reverifySummary(db.worker, summaryId, WORKER)).toEqual({ claims: 3, moved: 2 });
  const issued = await db.web.claim.findMany({ where: { summaryId }, orderBy: { ordinal: "asc" } });
  expect(issued.map(({ standing, verifier }) => [standing, verifier])).toEqual([
    ["supported", "1"],
    ["supported", "1"],
    ["partial", "1"],
  ]);
  const { rules } = await desk.summaries(incidentId);
  expect(
    rules!.claims.map(({ standing, verifier, before }) => [standing, verifier, before]),
  ).toEqual([
    ["supported", VERIFIER_VERSION, null],
    ["contradicted", VERIFIER_VERSION, { standing: "supported", verifier: "1" }],
    ["supported", VERIFIER_VERSION, { standing: "partial", verifier: "1" }],
  ]);
  expect(rules!.claims[1]!.checks.map(({ found }) => found)).toContain(String(FAILURES));
  const { summaryStanding } = (await findIncident(db.web, incidentId))!;
  expect(summaryStanding).toBe("contradicted");
});

test("one entry on the trail says how many were judged and which moved, from what to what", async () => {
  const incidentId = await desk.openIncident();
  const summaryId = await issueByVerifier1(db, { incidentId, claims: CLAIMS });
  await reverifySummary(db.worker, summaryId, WORKER);
  const { claims } = (await desk.summaries(incidentId)).rules!;
  const { claimsHash } = (await findIncident(db.web, incidentId))!;
  expect(await entries(incidentId)).toEqual([
    {
      summary: summaryId,
      origin: "rules",
      version: 1,
      verifier: VERIFIER_VERSION,
      evidenceCount: 1 + FAILURES,
      claimCount: 3,
      movedCount: 2,
      standing: "contradicted",
      moved: [
        { claim: claims[1]!.id, from: "supported", fromVerifier: "1", to: "contradicted" },
        { claim: claims[2]!.id, from: "partial", fromVerifier: "1", to: "supported" },
      ],
      claimsHash,
    },
  ]);
  const lines: string[] = [];
  for await (const line of exportTrail(db.auditor)) lines.push(line.trimEnd());
  expect(await verifyLines(lines)).toMatchObject({ scope: "log", holds: true });
});

test("again, or by two workers at once, each claim is judged once and the trail says so once", async () => {
  const incidentId = await desk.openIncident();
  const summaryId = await issueByVerifier1(db, { incidentId, claims: CLAIMS });
  const both = await Promise.all([1, 2].map(() => reverifySummary(db.worker, summaryId, WORKER)));
  expect(both.map(({ claims }) => claims).toSorted()).toEqual([0, 3]);
  expect(await reverifySummary(db.worker, summaryId, WORKER)).toEqual({ claims: 0, moved: 0 });
  expect(await verificationsOf(summaryId)).toHaveLength(3);
  expect(await entries(incidentId)).toHaveLength(1);
});

test("the evidence is what the summary had: records that came later change no standing", async () => {
  const key = randomUUID();
  const first = Array.from({ length: 3 }, (_, i) => logonFailure(i));
  const alert = { id: randomUUID(), kind: "alert", severity: "low", title: "Odd", host: "ws-014" };
  const incidentId = await desk.ingest(key, [alert, ...first]);
  const summaryId = await issueByVerifier1(db, {
    incidentId,
    claims: [failedLogons(3, "supported"), failedLogons(5, "supported")],
  });
  await desk.ingest(key, [logonFailure(7), logonFailure(8)]);
  await reverifySummary(db.worker, summaryId, WORKER);
  expect((await verificationsOf(summaryId)).map(({ standing }) => standing)).toEqual([
    "supported",
    "contradicted",
  ]);
});

test("quotes are held against the raw bytes again", async () => {
  const incidentId = await desk.openIncident();
  const words = {
    text: "The alert is on ws-014.",
    kind: "observation",
    standing: "supported",
  } as const;
  const onHost = {
    op: "field",
    evidence: ["E1"],
    where: "",
    field: "host",
    value: "ws-014",
    cmp: "none",
    n: 0,
    within_s: 0,
  } as const;
  const claim = { ...words, predicates: [{ ...onHost, evidence: ["E1"] }] };
  const summaryId = await issueByVerifier1(db, {
    incidentId,
    claims: [
      { ...claim, citations: [{ id: "E1", quote: "ws-014" }] },
      { ...claim, citations: [{ id: "E1", quote: "ws-0142" }] },
      { ...claim, citations: [{ id: "E99", quote: "ws-014" }] },
    ],
  });
  await reverifySummary(db.worker, summaryId, WORKER);
  expect((await verificationsOf(summaryId)).map(({ standing }) => standing)).toEqual([
    "supported",
    "unsupported",
    "unsupported",
  ]);
});

test("a proposal over standings that moved is stale; over standings that held it stays", async () => {
  const [ana, ben] = await Promise.all([
    makePerson(db, "analyst", "ana"),
    makePerson(db, "analyst", "ben"),
  ]);
  const by = { kind: "person", session: null, id: ana.id, role: "analyst" } as const;
  const content = { kind: "escalation", reason: "Look at it.", to: "IR" } as const;
  const facts: { steps: number; open: string[]; signed: unknown }[] = [];
  for (const claims of [[CLAIMS[0]!], [CLAIMS[1]!]]) {
    const incidentId = await desk.openIncident();
    const summaryId = await issueByVerifier1(db, { incidentId, claims });
    const input = { incidentId, content, waivedClaimIds: [], idem: randomUUID() };
    const proposed = await proposeDecision(db.web, input, by);
    if (!proposed.ok) throw new Error(proposed.message);
    const before = (await gateFacts(db.web, incidentId))!;
    await reverifySummary(db.worker, summaryId, WORKER);
    const after = (await gateFacts(db.web, incidentId))!;
    const { statementSha256 } = (await findDecision(db.web, proposed.id))!;
    const signed = await signDecision(
      db.web,
      {
        decisionId: proposed.id,
        outcome: "approved",
        statementSha256,
        password: ben.password,
        reason: null,
      },
      { kind: "person", session: null, id: ben.id, role: "analyst" },
    );
    const steps = after.version - before.version;
    facts.push({ steps, open: after.openDecisionKinds, signed: signed.ok || signed.code });
  }
  expect(facts).toEqual([
    { steps: 0, open: ["escalation"], signed: true },
    { steps: 1, open: [], signed: "stale" },
  ]);
});

test("a claim of the model that falls now has to be settled before a decision, and one that rises no longer", async () => {
  const incidentId = await desk.openIncident();
  const claims = [failedLogons(FAILURES, "contradicted"), failedLogons(FAILURES + 4, "supported")];
  const summaryId = await issueByVerifier1(db, { incidentId, claims, origin: "model" });
  const texts = async () =>
    (await gateFacts(db.web, incidentId))!.unsettledClaims.map(({ text }) => text);
  expect(await texts()).toEqual([claims[0]!.text]);
  await reverifySummary(db.worker, summaryId, WORKER);
  expect(await texts()).toEqual([claims[1]!.text]);
});

test("a review that waited for a later verifier's word says on the trail which standing it found", async () => {
  const incidentId = await desk.openIncident();
  const summaryId = await issueByVerifier1(db, { incidentId, claims: [CLAIMS[1]!] });
  const claim = await db.web.claim.findFirstOrThrow({ where: { summaryId }, select: { id: true } });
  const { id } = await makePerson(db, "analyst", "cai");
  const worker = await db.pools.worker.connect();
  await worker.query("begin");
  await worker.query("select from incident where id = $1 for update", [incidentId]);
  const review = { claimId: claim.id, outcome: "accepted" } as const;
  const reviewed = reviewClaim(db.web, review, {
    kind: "person",
    session: null,
    id,
    role: "analyst",
  });
  const waiting = `select from pg_locks l join pg_stat_activity a using (pid)
    where not l.granted and a.usename = 'countersign_web' and a.datname = current_database()`;
  await expect.poll(async () => (await worker.query(waiting)).rowCount).toBeGreaterThan(0);
  await worker.query(
    `insert into claim_verification (id, claim_id, verifier, standing, checks, uncovered)
     values (gen_random_uuid(), $1, $2, 'contradicted', '[]', '[]')`,
    [claim.id, VERIFIER_VERSION],
  );
  await worker.query("commit");
  worker.release();
  await reviewed;
  const { rows } = await db.pools.auditor.query(
    `select convert_from(p.bytes, 'UTF8')::jsonb ->> 'standing' as standing
     from trail.entry e join trail.payload p using (seq) where incident_id = $1 and kind = 'claim.reviewed'`,
    [incidentId],
  );
  expect(rows).toEqual([{ standing: "contradicted" }]);
});

test("a summary of an incident that was merged away, or no summary at all, is left alone", async () => {
  const [gone, into] = [await desk.openIncident(), await desk.openIncident()];
  const summaryId = await issueByVerifier1(db, { incidentId: gone, claims: CLAIMS });
  await db.pools.worker.query("update incident set merged_into_id = $2 where id = $1", [
    gone,
    into,
  ]);
  for (const id of [summaryId, randomUUID()])
    expect(await reverifySummary(db.worker, id, WORKER)).toEqual({ claims: 0, moved: 0 });
  expect(await verificationsOf(summaryId)).toEqual([]);
});
