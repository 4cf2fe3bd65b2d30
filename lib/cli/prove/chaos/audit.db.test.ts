/** An audit that finds nothing in a database that was tampered with would prove nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import { makeWorld, openProposal, type World } from "#lib/db/testing-world.ts";
import { auditGate, auditTrail, type GateAudit } from "./audit.ts";
import { Journal } from "./journal.ts";

const NOTHING_WRONG: GateAudit = {
  unsigned: 0,
  unproved: 0,
  effects: 0,
  states: 0,
  moves: 0,
  statements: 0,
  endings: 0,
  responses: 0,
  evidence: 0,
  entries: 0,
  history: 0,
  guards: 0,
};

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  const contained = await openProposal(world, "containment");
  await sign(world.web, contained, { person: world.lea });
  const rejected = await openProposal(world);
  await sign(world.web, rejected, { person: world.bo, outcome: "rejected" });
  const stale = await openProposal(world);
  await world.web.query("select gate.set_work_status($1, $2, 'on_hold')", [
    stale.incidentId,
    world.ana.id,
  ]);
  await sign(world.web, stale, { person: world.bo });
  const reopened = await makeIncident(world.db);
  for (const kind of ["closure", "reopening", "escalation"] as const) {
    const decision = await propose(world.web, {
      incidentId: reopened.id,
      proposer: world.ana,
      kind,
    });
    await sign(world.web, decision, { person: world.bo });
  }
  await openProposal(world);
});
afterAll(() => world.db.close());

// A superuser who takes the guards off, and takes everything back at the end.
const TABLES = ["incident", "decision", "sign_off", "transition", "response_run", "evidence_item"];
const UNGUARDED = TABLES.map((table) => `alter table ${table} disable trigger all`).join("; ");
const IN_EFFECT =
  "(select id from decision where state = 'in_effect' and kind = 'closure' limit 1)";

const FAULTS: [keyof GateAudit, string][] = [
  ["unsigned", `delete from sign_off where decision_id = ${IN_EFFECT}`],
  ["unsigned", `update sign_off set outcome = 'rejected' where decision_id = ${IN_EFFECT}`],
  [
    "unsigned",
    `update sign_off s set person_id = d.proposer_id from decision d where d.id = s.decision_id`,
  ],
  ["unsigned", "update sign_off set role = 'auditor'"],
  ["unsigned", "update sign_off set at = at - interval '1 day'"],
  ["unproved", "update sign_off set proof = sha256(proof)"],
  ["effects", `delete from transition where decision_id = ${IN_EFFECT}`],
  ["effects", `update decision set state = 'withdrawn' where id = ${IN_EFFECT}`],
  ["effects", "update transition set from_version = from_version + 90"],
  [
    "states",
    "update incident set status = 'in_progress', closed_by = null, closed_at = null where status = 'closed'",
  ],
  [
    "states",
    "update incident set status = 'closed', closed_by = gen_random_uuid(), closed_at = now() where status = 'new'",
  ],
  ["states", "update incident set escalated_by = gen_random_uuid() where escalated_by is null"],
  ["states", "update incident set contained_by = null where contained_by is not null"],
  [
    "moves",
    "alter table transition drop constraint g14_legal; update transition set to_status = 'on_hold' where kind = 'closure'",
  ],
  ["statements", "update decision set statement = statement || ' '"],
  ["endings", "update decision set state = 'stale' where state = 'rejected'"],
  [
    "responses",
    "insert into response_run (id, decision_id, action, target, outcome) select gen_random_uuid(), decision_id, action, target, outcome from response_run",
  ],
  ["evidence", "update incident set evidence_count = evidence_count + 1"],
  ["entries", "update decision set state = 'expired' where state = 'stale'"],
  ["history", "update incident set status = 'on_hold' where status = 'in_progress'"],
];

test("a desk at work passes", async () => {
  expect(await auditGate(world.db)).toEqual(NOTHING_WRONG);
  expect(await auditTrail(world.db)).toMatchObject({ fault: null });
});

test.each(FAULTS)("%s: %s", async (fault, sql) => {
  const client = await world.owner.connect();
  try {
    await client.query("begin");
    await client.query(`set local role none; ${UNGUARDED}; ${sql}`);
    const onThisConnection = { pools: { owner: client } } as unknown as World["db"];
    const found = await auditGate(onThisConnection);
    expect(found[fault]).toBeGreaterThan(0);
    expect(found.guards).toBeGreaterThan(0);
  } finally {
    await client.query("rollback");
    client.release();
  }
});

test("what a client was told and is not there is missing; what it was refused and is there was done unasked", async () => {
  const decision = await openProposal(world, "escalation");
  const [personId, decisionId] = [world.bo.id, decision.id];
  await sign(world.web, decision, { person: world.bo });
  const signed = { act: "sign", decisionId, personId, outcome: "approved" } as const;
  const journal = new Journal();
  journal.signature(decisionId, personId, "asked");
  journal.ack({ act: "propose", id: decisionId, personId: world.ana.id });
  journal.ack({ ...signed, state: "in_effect" });
  const before = await journal.compare(world.db);
  expect(before.missing).toEqual([]);
  expect(before.done).not.toContain(`${decisionId} ${personId}`);

  journal.signature(decisionId, personId, "refused");
  journal.ack({ act: "propose", id: decisionId, personId });
  journal.ack({ ...signed, state: "rejected" });
  journal.ack({ ...signed, personId: world.lea.id, state: "in_effect" });
  journal.ack({ act: "withdraw", decisionId, state: "withdrawn" });
  journal.ack({ act: "evidence", title: "Never taken" });
  journal.ack({ act: "note", id: decisionId });
  const after = await journal.compare(world.db);
  expect(after.missing).toHaveLength(6);
  expect(after.done).toContain(`${decisionId} ${personId}`);
});
