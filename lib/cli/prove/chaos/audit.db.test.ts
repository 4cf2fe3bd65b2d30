/** An audit that finds nothing in a database that was tampered with would prove nothing. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { enrolForTest, revokeForTest, signByPasskey } from "#lib/db/testing-passkeys.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import { makeWorld, openProposal, type World } from "#lib/db/testing-world.ts";
import { auditGate, auditTrail, type GateAudit } from "./audit.ts";
import { auditAssertions } from "./assertions.ts";
import { Journal, type Ack } from "./journal.ts";

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
  const passkey = await enrolForTest(world.web, { person: world.lea });
  const { verifier } = world.db.pools;
  for (const kind of ["containment", "closure"] as const)
    await signByPasskey(verifier, await openProposal(world, kind), { person: world.lea, passkey });
  // revoked afterwards: what it signed until then stands
  await revokeForTest(world.web, passkey.id, world.lea);
});
afterAll(() => world.db.close());

// A superuser who takes the guards off, and takes everything back at the end.
const TABLES = [
  "passkey",
  "incident",
  "decision",
  "sign_off",
  "transition",
  "response_run",
  "evidence_item",
];
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
  [
    "unsigned",
    `update passkey k set revoked_at = d.settled_at from decision d join sign_off s on s.decision_id = d.id
     where s.passkey_id = k.id and d.state = 'in_effect'`,
  ],
  ["unsigned", "update passkey set person_id = (select id from person where name = 'bo')"],
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
  [
    "moves",
    "alter table transition disable trigger all; update transition set from_status = 'closed', to_status = 'closed' where kind = 'containment'",
  ],
  ["statements", "update decision set statement = statement || ' '"],
  ["endings", "update decision set state = 'stale' where state = 'rejected'"],
  [
    "responses",
    "insert into response_run (id, decision_id, incident_id, action, target, outcome) select gen_random_uuid(), decision_id, incident_id, action, target, outcome from response_run",
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

const ALTERED: [name: string, sql: string][] = [
  [
    "a signature",
    "update sign_off set signature = set_byte(signature, 9, get_byte(signature, 9) # 1)",
  ],
  [
    "what the authenticator said",
    "update sign_off set authenticator_data = set_byte(authenticator_data, 32, 255)",
  ],
  ["what the browser said", "update sign_off set client_data_json = client_data_json || ' '"],
  [
    "a key",
    "update passkey set public_key = (select public_key from passkey where person_id <> $1 limit 1) where person_id = $1",
  ],
  ["a statement", "update decision set statement = statement || ' '"],
];
test.each(ALTERED)(
  "openssl finds every stored signature good, and none once %s is altered",
  async (_, sql) => {
    expect(await auditAssertions(world.db)).toEqual({ assertions: 2, wrong: [] });
    const client = await world.owner.connect();
    try {
      await client.query(
        `begin; set local role none; ${UNGUARDED}; drop index passkey_public_key_key`,
      );
      await client.query(sql, sql.includes("$1") ? [world.lea.id] : []);
      const onThisConnection = { pools: { owner: client } } as unknown as World["db"];
      expect((await auditAssertions(onThisConnection)).wrong).toHaveLength(2);
    } finally {
      await client.query("rollback");
      client.release();
    }
  },
);

async function journalOf(decision: { id: string; idem: string; incidentId: string }) {
  const journal = new Journal();
  const { id: decisionId, idem, incidentId } = decision;
  journal.count({ act: "propose", idem }, "asked");
  journal.count({ act: "sign", decisionId, personId: world.bo.id }, "asked");
  journal.count({ act: "work", incidentId, personId: world.ana.id, status: "on_hold" }, "asked");
  return journal;
}

/** An escalation that took effect, and its incident then put on hold by ana; and when that was. */
async function eventful() {
  const idem = randomUUID();
  const { id: incidentId } = await makeIncident(world.db);
  const decision = await propose(world.web, {
    ...{ incidentId, proposer: world.ana, kind: "escalation", forged: { idem } },
  });
  await sign(world.web, decision, { person: world.bo });
  const askedAt = Date.now();
  await world.web.query("select gate.set_work_status($1, $2, 'on_hold')", [
    incidentId,
    world.ana.id,
  ]);
  return { ...decision, idem, askedAt, answeredAt: Date.now() };
}

test("what a client was told and is not there is missing, of every act", async () => {
  const { id, incidentId, idem, askedAt, answeredAt } = await eventful();
  const journal = await journalOf({ id, idem, incidentId });
  const [bo, ana] = [world.bo.id, world.ana.id];
  const proposed: Ack = { act: "propose", id, personId: ana, state: "proposed" };
  const by = { decisionId: id, personId: bo, assurance: "password" } as const;
  const signed: Ack = { act: "sign", ...by, state: "in_effect" };
  const worked: Ack = { act: "work", incidentId, status: "on_hold", askedAt, answeredAt };
  for (const ack of [proposed, signed, worked]) journal.ack(ack);
  const before = await journal.compare(world.db);
  expect(before.missing).toEqual([]);
  for (const part of [id, idem, incidentId])
    expect(before.done.filter((key) => key.includes(part))).toEqual([]);

  const lies: Ack[] = [
    { ...proposed, personId: bo },
    { ...proposed, state: "refused" },
    { ...signed, state: "rejected" },
    { ...signed, act: "reject" },
    { ...signed, assurance: "passkey" },
    { ...signed, personId: world.lea.id },
    { act: "withdraw", decisionId: id, state: "withdrawn" },
    { ...worked, status: "in_progress" },
    { ...worked, askedAt: askedAt - 9_000, answeredAt: askedAt - 8_000 },
    { act: "evidence", title: "Never taken" },
    { act: "note", id },
  ];
  for (const lie of lies) journal.ack(lie);
  expect((await journal.compare(world.db)).missing).toHaveLength(lies.length);
});

test("what a client was refused and is there all the same was done unasked, of every act", async () => {
  const { id, incidentId, idem } = await eventful();
  const journal = await journalOf({ id, idem, incidentId });
  const { id: personId } = world.ana;
  journal.count({ act: "propose", idem }, "refused");
  journal.count({ act: "sign", decisionId: id, personId: world.bo.id }, "refused");
  journal.count({ act: "work", incidentId, personId, status: "on_hold" }, "refused");
  const { done } = await journal.compare(world.db);
  expect(done).toEqual(
    expect.arrayContaining([
      `propose ${idem}`,
      `sign ${id} ${world.bo.id}`,
      `work ${incidentId} ${personId} on_hold`,
    ]),
  );
  const withdrawn = await openProposal(world);
  await world.web.query("select gate.withdraw_decision($1, $2)", [withdrawn.id, personId]);
  expect((await journal.compare(world.db)).done).toContain(`withdraw ${withdrawn.id}`);
});

test("a call without an answer is unexpected unless something was being killed", () => {
  const journal = new Journal();
  journal.unanswered({ text: "HTTP: gone", isDisturbed: true });
  journal.unanswered({ text: "HTTP: internal", isDisturbed: false });
  expect(journal).toMatchObject({ unknown: 2, unexpected: ["HTTP: internal"] });
});
