import { randomUUID } from "node:crypto";
import type pg from "pg";
import { propose, sign } from "./testing-gate.ts";
import type { ProposalRow } from "./testing-gate.ts";
import { makeMerge } from "./testing-merges.ts";
import { makeSplit } from "./testing-splits.ts";
import { makeEvidence, makeIncident, makePerson, makeSource } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import { enrolForTest, setTestParty } from "./testing-passkeys.ts";
import { activateForTest, type ActivatedModel } from "./testing-copilot.ts";
import { finishRunForTest, queueRunForTest, startRunForTest } from "./testing-runs.ts";
import type { TestDatabase } from "./testing.ts";
import { makeWork } from "./testing-work.ts";

/** A desk with its people and one row of everything that may never change. */
export type World = {
  db: TestDatabase;
  web: pg.Pool;
  owner: pg.Pool;
  ana: TestPerson;
  bo: TestPerson;
  lea: TestPerson;
  aud: TestPerson;
  adm: TestPerson;
  /** A machine account with the rank of a lead. */
  machine: TestPerson;
  /** A lead who has left. */
  gone: TestPerson;
  sourceId: string;
  /** A closed incident and the decision that closed it. */
  closed: { incidentId: string; decision: ProposalRow };
  evidenceId: string;
  model: ActivatedModel;
  /** One run of each: waiting, under way and finished. All of `closed.incidentId`. */
  runs: { queued: string; streaming: string; finished: string };
  /** A claim of the finished run, reported twice and settled once, beside a claim of the rules. */
  reported: { runId: string; rulesClaimId: string; openReportId: string };
  /** Ana's dispute of the rules' claim, judged by lea. */
  overrideId: string;
};

/** An attack, and the start of the words with which it must be refused. */
export type Attack = {
  name: string;
  says: string;
  /** The guard (`G4`, or `trigger on table`) whose loss this attack notices. */
  notices?: string;
  /** The SQLSTATE of the refusal, where the words do not tell it. */
  state?: string;
  run: (world: World) => Promise<unknown>;
};

/** On a migrated, empty database; without one it takes a test's own. */
export async function makeWorld(given?: TestDatabase): Promise<World> {
  // Loaded only here: a proof makes its world without a test runner.
  const db = given ?? (await (await import("./testing.ts")).testDatabase());
  const [ana, bo, lea, aud, adm, machine, gone] = await Promise.all([
    makePerson(db, "analyst", "ana"),
    makePerson(db, "analyst", "bo"),
    makePerson(db, "lead", "lea"),
    makePerson(db, "auditor", "aud"),
    makePerson(db, "admin", "adm"),
    makePerson(db, "lead", "machine"),
    makePerson(db, "lead", "gone"),
  ]);
  await db.pools.owner.query("update person set human = false where id = $1", [machine.id]);
  await db.pools.owner.query("update person set active = false where id = $1", [gone.id]);
  const { id: incidentId } = await makeIncident(db);
  const { id: sourceId } = await makeSource(db);
  const { id: evidenceId } = await makeEvidence(db, { sourceId, incidentId, position: 1 });
  const ids = { incidentId, sourceId, evidenceId, personId: ana.id };
  const rulesClaimId = await makeRecords(db, ids);
  await makeMerge(db, ana.id);
  await makeSplit(db, { sourceId, personId: ana.id });
  await makeWork(db, ana.id);
  await setTestParty(db);
  await enrolForTest(db.pools.web, { person: bo });
  const model = await activateForTest(db, {
    model: "m-1",
    baseUrl: "http://127.0.0.1:9",
    admin: adm,
  });
  const runs = await makeRuns(db, { incidentId, model, askedBy: ana.id });
  const overrideId = await makeOverride(db, { ...ids, claimId: rulesClaimId, leadId: lea.id });
  const openReportId = await makeReports(db, { runId: runs.finished, by: ana.id, lead: lea.id });
  const reported = { runId: runs.finished, rulesClaimId, openReportId };
  const decision = await propose(db.pools.web, { incidentId, proposer: ana });
  await db.pools.web.query(
    "insert into statement_opened (decision_id, person_id) values ($1, $2)",
    [decision.id, bo.id],
  );
  await sign(db.pools.web, decision, { person: bo });
  const people = { ana, bo, lea, aud, adm, machine, gone };
  const pools = { web: db.pools.web, owner: db.pools.owner };
  const closed = { incidentId, decision };
  return {
    db,
    ...pools,
    ...people,
    sourceId,
    closed,
    evidenceId,
    model,
    runs,
    reported,
    overrideId,
  };
}

type RecordIds = { incidentId: string; sourceId: string; evidenceId: string; personId: string };

/** One row of everything that never changes; gives the id of the claim among them. */
async function makeRecords(db: TestDatabase, ids: RecordIds): Promise<string> {
  const { incidentId, sourceId, evidenceId, personId } = ids;
  const [summaryId, claimId] = [randomUUID(), randomUUID()];
  await db.web.note.create({ data: { incidentId, personId, text: "Seen." } });
  await db.web.deadLetter.create({
    data: { sourceId, index: 0, reason: "malformed", raw: Buffer.from("{") },
  });
  await db.worker.summary.create({
    data: {
      id: summaryId,
      incidentId,
      origin: "rules",
      version: 1,
      state: "complete",
      generator: "rules/1",
      evidenceRoot: Buffer.alloc(32),
      evidenceCount: 1,
    },
  });
  const json = { predicates: [], checks: [], uncovered: [] };
  const words = {
    text: "A thing.",
    kind: "observation",
    polarity: "affirmed",
    standing: "supported",
    verifier: "1",
  };
  await db.worker.claim.create({
    data: { id: claimId, summaryId, ordinal: 0, front: true, ...words, ...json },
  });
  await db.worker.citation.create({
    data: { claimId, ordinal: 0, label: "E1", evidenceId, quote: "thing" },
  });
  await db.worker.claimVerification.create({
    data: { claimId, verifier: "2", standing: "partial", checks: [], uncovered: [] },
  });
  await db.web.$executeRaw`INSERT INTO evidence_opened (person_id, evidence_item_id, incident_id)
    VALUES (${personId}::uuid, ${evidenceId}::uuid, ${incidentId}::uuid)`;
  await db.web.$executeRaw`INSERT INTO record_pin (id, person_id, evidence_item_id, incident_id)
    VALUES (${evidenceId}::uuid, ${personId}::uuid, ${evidenceId}::uuid, ${incidentId}::uuid)`;
  await db.web.$executeRaw`INSERT INTO record_unpin (pin_id, person_id)
    VALUES (${evidenceId}::uuid, ${personId}::uuid)`;
  await db.web.claimReview.create({ data: { claimId, incidentId, personId, outcome: "accepted" } });
  await db.pools.signer.query(
    "insert into trail.checkpoint (size, root, note) values (1, $1, 'note')",
    [Buffer.alloc(32, 1)],
  );
  await db.pools.signer.query(
    "insert into trail.cosignature (size, witness, line, signed_at) values (1, 'w1', E'\u2014 w1 AAAA\\n', now())",
  );
  await db.pools.signer.query("select trail.rotate_key('log+00000000+AAAA', 'log+00000001+AAAA')");
  await db.pools.signer.query(
    "insert into trail.timestamp_token (size, token, stamped_at) values (1, 'token', now())",
  );
  return claimId;
}

type OverrideOf = { claimId: string; incidentId: string; personId: string; leadId: string };

/** A dispute that a lead has judged; gives its id. */
async function makeOverride(db: TestDatabase, given: OverrideOf): Promise<string> {
  const { claimId, incidentId, personId, leadId } = given;
  const { id } = await db.web.claimReview.create({
    data: { claimId, incidentId, personId, outcome: "disputed", reason: "Not so." },
    select: { id: true },
  });
  await db.pools.web.query(
    `insert into override_verdict (id, override_id, person_id, outcome, note) values (gen_random_uuid(), $1, $2, 'agree', '')`,
    [id, leadId],
  );
  return id;
}

type RunsOf = { incidentId: string; model: ActivatedModel; askedBy: string };

async function makeRuns(db: TestDatabase, { incidentId, model, askedBy }: RunsOf) {
  const finished = await queueRunForTest(db, { incidentId, model });
  await startRunForTest(db, { runId: finished });
  await db.worker.runEvent.create({
    data: { runId: finished, seq: 2, kind: "claim", data: { ordinal: 0, text: "A thing." } },
  });
  await finishRunForTest(db, { runId: finished });
  const streaming = await queueRunForTest(db, { incidentId, model });
  await startRunForTest(db, { runId: streaming });
  const queued = await queueRunForTest(db, { incidentId, model, kind: "answer", askedBy });
  return { queued, streaming, finished };
}

type ReportsOf = { runId: string; by: string; lead: string };

/** Two reports of one claim, the second settled; gives the id of the open one. */
async function makeReports(db: TestDatabase, { runId, by, lead }: ReportsOf): Promise<string> {
  const [open, settled] = [randomUUID(), randomUUID()];
  for (const id of [open, settled]) {
    await db.pools.web.query(
      `insert into model_report (id, run_id, ordinal, person_id, kind, text) values ($1, $2, 0, $3, 'wrong', 'Not so.')`,
      [id, runId, by],
    );
  }
  await db.pools.web.query(
    `insert into report_resolution (report_id, person_id, outcome, text) values ($1, $2, 'no_fault', 'It is so.')`,
    [settled, lead],
  );
  return open;
}

/** A new, open incident with a proposal by ana. */
export async function openProposal(
  world: World,
  kind: "closure" | "containment" | "escalation" = "closure",
) {
  const { id: incidentId } = await makeIncident(world.db);
  return propose(world.web, { incidentId, proposer: world.ana, kind });
}

/** Runs statements in one transaction with its deferred checks, and takes all of it back. */
export async function undone(
  pool: pg.Pool,
  act: (client: pg.PoolClient) => Promise<unknown>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await act(client);
    await client.query("set constraints all immediate");
  } finally {
    await client.query("rollback");
    client.release();
  }
}
