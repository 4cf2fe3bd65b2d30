/** One night is lived through step by step; what every screen showed after each step is what the replay shows of it later. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countStatements } from "#lib/cli/bench/statements.ts";
import type { Actor } from "#lib/commands/actor.ts";
import { addNote } from "#lib/commands/add-note.ts";
import { assignIncident } from "#lib/commands/assign-incident.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { recordEvidenceRead } from "#lib/commands/record-evidence-read.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import { setVerdict } from "#lib/commands/set-verdict.ts";
import { signDecision } from "#lib/commands/sign-decision.ts";
import { withdrawDecision } from "#lib/commands/withdraw-decision.ts";
import { workIncident } from "#lib/commands/work-incident.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { splitBody } from "#lib/connectors/sources/split.ts";
import { makePerson, makeSource } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { summarise } from "#lib/jobs/summarise.ts";
import { NIGHT } from "#prisma/seed/night/all-night.ts";
import { findIncident } from "./find-incident.ts";
import { listDecisions } from "./list-decisions.ts";
import { listSummaries } from "./list-summaries.ts";
import { REPLAY_STATEMENTS, replayIncident } from "./replay-incident.ts";

const START = new Date("2026-03-01T22:00:00Z");
const CLOSE: DecisionContent = {
  kind: "closure",
  reason: "The hosts answered as they should.",
  classification: "false_positive",
  classificationReason: "incorrect_alert_logic",
  determination: "clean",
};

type Facts = Awaited<ReturnType<typeof liveFacts>>;
type Snapshot = { incidentId: string; seq: number; facts: Facts };

let database: TestDatabase;
let ana: TestPerson;
let ben: TestPerson;
let worst: string;
const snapshots: Snapshot[] = [];

beforeAll(async () => {
  database = await testDatabase();
  ana = await makePerson(database, "analyst", "Ana");
  ben = await makePerson(database, "analyst", "Ben");
  await liveTheNight();
}, 120_000);
afterAll(() => database.close());

const by = ({ id }: TestPerson): Actor => ({ kind: "person", id, session: null });

async function liveTheNight(): Promise<void> {
  const sources = new Map<string, { id: string; name: string }>();
  for (const { source, incidentKey, body } of NIGHT.flatMap((story) => story.requests(START))) {
    const known = sources.get(source) ?? (await makeSource(database, source));
    sources.set(source, known);
    const records = splitBody(new TextEncoder().encode(body));
    const batch = { source: known, format: "auto", incidentKey: incidentKey ?? null } as const;
    await ingestRecords(database.web, { ...batch, records, normalise });
    await look();
  }
  const incidents = await database.web.incident.findMany({
    where: { mergedIntoId: null },
    orderBy: [{ severityRank: "desc" }, { alertCount: "desc" }],
  });
  worst = incidents[0]!.id;
  for (const { id } of incidents.slice(0, 3)) {
    await summarise(database.worker, id);
    await look();
  }
  await workOn(worst);
  await closeIt(incidents.at(-1)!.id);
}

async function workOn(incidentId: string): Promise<void> {
  const [first, second] = await database.web.evidenceItem.findMany({
    where: { incidentId },
    orderBy: { position: "asc" },
    take: 2,
  });
  const claim = await database.web.claim.findFirstOrThrow({
    where: { summary: { incidentId }, front: true },
    orderBy: { ordinal: "asc" },
  });
  const steps: (() => Promise<unknown>)[] = [
    () => assignIncident(database.web, { incidentId, personId: ana.id, expected: null }, by(ana)),
    () => recordEvidenceRead(database.web, { incidentId, evidenceId: first!.id }, by(ana)),
    () => recordEvidenceRead(database.web, { incidentId, evidenceId: first!.id }, by(ben)),
    () => recordEvidenceRead(database.web, { incidentId, evidenceId: first!.id }, by(ana)),
    () => recordEvidenceRead(database.web, { incidentId, evidenceId: second!.id }, by(ana)),
    () => workIncident(database.web, { incidentId, status: "in_progress" }, by(ana)),
    () => setVerdict(database.web, { incidentId, verdict: "suspicious" }, by(ana)),
    () =>
      reviewClaim(
        database.web,
        { claimId: claim.id, outcome: "disputed", reason: "Two hosts, not one." },
        by(ana),
      ),
    () => reviewClaim(database.web, { claimId: claim.id, outcome: "accepted" }, by(ben)),
    () => addNote(database.web, { incidentId, text: "Asked the owner of the host." }, by(ana)),
    () => assignIncident(database.web, { incidentId, personId: null, expected: ana.id }, by(ana)),
    async () =>
      withdrawDecision(database.web, { decisionId: await propose(incidentId, ana) }, by(ana)),
  ];
  for (const step of steps) {
    await step();
    await look();
  }
  const stale = await propose(incidentId, ana);
  await look();
  await setVerdict(database.web, { incidentId, verdict: "true_positive" }, by(ben));
  await look();
  await sign(stale, ben).catch(() => undefined);
  await look();
}

async function closeIt(incidentId: string): Promise<void> {
  await summarise(database.worker, incidentId);
  const decision = await propose(incidentId, ana);
  await look();
  await sign(decision, ben);
  await look();
}

async function propose(incidentId: string, person: TestPerson): Promise<string> {
  const input = { incidentId, content: CLOSE, waivedClaimIds: [], idem: randomUUID() };
  const proposed = await proposeDecision(database.web, input, by(person));
  expect(proposed).toMatchObject({ ok: true });
  await look();
  return proposed.id;
}

async function sign(decisionId: string, { password, ...person }: TestPerson): Promise<void> {
  const { statementSha256 } = await database.web.decision.findUniqueOrThrow({
    where: { id: decisionId },
  });
  const input = {
    decisionId,
    outcome: "approved" as const,
    statementSha256: Buffer.from(statementSha256).toString("hex"),
    password,
    reason: null,
  };
  await signDecision(database.web, input, { kind: "person", id: person.id, session: null });
}

/** What the screens show now of each incident, and which entry of it was the last. */
async function look(): Promise<void> {
  const rows = await database.web.$queryRaw<{ id: string; seq: bigint }[]>`
    SELECT i.id, max(e.seq) AS seq FROM incident i JOIN trail.entry e ON e.incident_id = i.id
    WHERE i.merged_into_id IS NULL GROUP BY i.id`;
  for (const { id, seq } of rows) {
    const known = snapshots.findLast(({ incidentId }) => incidentId === id);
    if (known?.seq === Number(seq)) continue;
    snapshots.push({ incidentId: id, seq: Number(seq), facts: await liveFacts(id) });
  }
}

async function liveFacts(incidentId: string) {
  const [head, summaries, decisions, opened] = await Promise.all([
    findIncident(database.web, incidentId),
    listSummaries(database.web, incidentId),
    listDecisions(database.web, incidentId),
    database.web.evidenceOpened.findMany({ where: { incidentId }, include: { person: true } }),
  ]);
  return {
    status: head!.status,
    verdict: head!.verdict,
    assignee: head!.assignee,
    escalated: head!.escalated,
    evidenceCount: head!.evidenceCount,
    evidenceRoot: head!.evidenceRoot,
    alertCount: head!.alertCount,
    summaries: summaries.map(({ id, version, stale, claims }) => ({
      id,
      version,
      stale,
      claims: claims
        .filter(({ front }) => front)
        .map((claim) => factsOfClaim(claim, (one) => one.person.name)),
    })),
    decisions: decisions.map(({ id, state, signOffs, proposer }) => ({
      id,
      state,
      proposer: proposer.name,
      signOffs: signOffs.map((signOff) => [signOff.id, signOff.person.name, signOff.assurance]),
    })),
    opened: opened
      .map(({ person, evidenceItemId }) => `${person.name} ${evidenceItemId}`)
      .toSorted(),
  };
}

type SomeClaim<R> = { id: string; text: string; standing: string; reviews: R[] };

function factsOfClaim<R extends { outcome: string }>(
  claim: SomeClaim<R>,
  who: (review: R) => string,
) {
  const { id, text, standing, reviews } = claim;
  return { id, text, standing, reviews: reviews.map((review) => [review.outcome, who(review)]) };
}

async function replayedFacts(incidentId: string, seq: number): Promise<Facts> {
  const incident = { id: incidentId, number: "INC-000001", title: "" };
  const view = (await replayIncident(database.auditor, incident, { at: seq }))!;
  expect(view.at.seq).toBe(seq);
  return {
    status: view.status!,
    verdict: view.verdict,
    assignee: view.assignee,
    escalated: view.escalated,
    evidenceCount: view.evidenceCount,
    evidenceRoot: view.evidenceRoot ?? "",
    alertCount: view.alertCount,
    summaries: view.summaries.toReversed().map(({ id, version, stale, claims }) => ({
      id,
      version,
      stale,
      claims: claims
        .filter(({ front }) => front)
        .map((claim) => factsOfClaim(claim, ({ who }) => who)),
    })),
    decisions: view.decisions.map(({ id, state, signOffs, proposer }) => ({
      id,
      state,
      proposer,
      signOffs: signOffs.map((signOff) => [signOff.id, signOff.who, signOff.assurance]),
    })),
    opened: view.opened.map(({ who, evidenceId }) => `${who} ${evidenceId}`).toSorted(),
  };
}

describe("the replay of a night", () => {
  test("shows at every step what the screens showed then", async () => {
    expect(snapshots.length).toBeGreaterThan(30);
    for (const { incidentId, seq, facts } of snapshots)
      expect(await replayedFacts(incidentId, seq), `${incidentId} at ${seq}`).toEqual(facts);
  }, 60_000);

  test("holds at the first entry nothing that came later", async () => {
    const view = await replayIncident(
      database.auditor,
      { id: worst, number: "", title: "" },
      { place: 0 },
    );
    expect(view).toMatchObject({
      at: { place: 0, decisionBefore: null },
      status: "new",
      assignee: null,
      verdict: null,
      summaries: [],
      decisions: [],
      notes: [],
      opened: [],
      records: [],
      evidenceCount: 0,
    });
  });

  test("goes by places too, and stays inside", async () => {
    const incident = { id: worst, number: "", title: "" };
    const last = (await replayIncident(database.auditor, incident, null))!;
    expect(last.at.place).toBe(last.at.count - 1);
    for (let place = 0; place < last.at.count; place += 1)
      expect((await replayIncident(database.auditor, incident, { place }))!.at.place).toBe(place);
    expect((await replayIncident(database.auditor, incident, { place: 1e12 }))!.at).toEqual(
      last.at,
    );
    expect((await replayIncident(database.auditor, incident, { at: 0 }))!.at.place).toBe(0);
    expect(
      await replayIncident(database.auditor, { ...incident, id: randomUUID() }, null),
    ).toBeNull();
  });

  test("steps from decision to decision", async () => {
    const incident = { id: worst, number: "", title: "" };
    const kinds: string[] = [];
    let view = (await replayIncident(database.auditor, incident, { place: 0 }))!;
    while (view.at.decisionAfter !== null) {
      view = (await replayIncident(database.auditor, incident, { place: view.at.decisionAfter }))!;
      kinds.push(view.at.kind);
    }
    expect(kinds).toEqual([
      "decision.proposed",
      "decision.withdrawn",
      "decision.proposed",
      "decision.went_stale",
    ]);
  });

  test(`costs at most ${REPLAY_STATEMENTS} statements a place`, async () => {
    const incident = { id: worst, number: "", title: "" };
    const count = await countStatements(database.urls.web, (db) =>
      replayIncident(db, incident, null),
    );
    expect(count).toBeLessThanOrEqual(REPLAY_STATEMENTS);
  });
});
