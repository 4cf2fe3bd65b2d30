import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proofOf, propose, refusal, sign } from "./testing-gate.ts";
import type { ProposalRow } from "./testing-gate.ts";
import { makeEvidence, makeIncident, makePerson } from "./testing-people.ts";
import { makeWorld, openProposal } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

describe("a signed decision takes effect in the call that signs it", () => {
  test("a closure closes the incident, with its transition and its entries", async () => {
    const decision = await openProposal(world);
    const answer = await sign(world.web, decision, { person: world.bo });
    expect(answer).toEqual({ state: "in_effect", signOffs: 1, needed: 1 });
    expect(await incidentOf(decision)).toMatchObject({
      status: "closed",
      closed_by: decision.id,
      version: "2",
    });
    expect(await kindsOf(decision)).toEqual([
      "decision.proposed",
      "decision.signed",
      "decision.took_effect",
    ]);
    expect(await sign(world.web, decision, { person: world.bo })).toEqual({
      state: "in_effect",
      code: "already_signed",
    });
  });

  test("a containment by a lead makes one response run an action, its outcome unknown", async () => {
    const decision = await openProposal(world, "containment");
    await sign(world.web, decision, { person: world.lea });
    expect(await incidentOf(decision)).toMatchObject({
      status: "new",
      contained_by: decision.id,
      version: "2",
    });
    const { rows } = await world.web.query("select * from response_run where decision_id = $1", [
      decision.id,
    ]);
    expect(rows).toMatchObject([{ action: "isolate_host", target: "ws-17", outcome: "unknown" }]);
    await world.web.query("select gate.record_response($1, $2, 'verified', 'seen offline')", [
      rows[0].id,
      world.lea.id,
    ]);
    expect((await kindsOf(decision)).at(-1)).toBe("response.verified");
  });

  test("a reopening leaves the records, the alerts and the closure before it as they were", async () => {
    const { id: incidentId } = await makeIncident(world.db);
    const { sourceId } = world;
    await makeEvidence(world.db, { sourceId, incidentId, position: 1 });
    await world.owner.query("update incident set evidence_count = 1 where id = $1", [incidentId]);
    const closure = await propose(world.web, { incidentId, proposer: world.ana });
    await sign(world.web, closure, { person: world.bo });
    const before = async () => {
      const { rows } = await world.owner.query(
        `select (select json_agg(e) from evidence_item e where e.incident_id = $1) as records,
           (select to_json(d) from decision d where d.id = $2) as closure,
           (select json_agg(t) from transition t where t.decision_id = $2) as transitions`,
        [incidentId, closure.id],
      );
      return rows[0];
    };
    const closed = await before();
    const reopening = await propose(world.web, {
      incidentId,
      proposer: world.ana,
      kind: "reopening",
    });
    await sign(world.web, reopening, { person: world.bo });
    expect(await incidentOf(reopening)).toMatchObject({ status: "in_progress", closed_by: null });
    expect(await before()).toEqual(closed);
  });

  test("an escalation, a closure and a reopening follow each other", async () => {
    const escalation = await openProposal(world, "escalation");
    await sign(world.web, escalation, { person: world.bo });
    const { incidentId } = escalation;
    const closure = await propose(world.web, { incidentId, proposer: world.ana });
    await sign(world.web, closure, { person: world.bo });
    const reopening = await propose(world.web, {
      incidentId,
      proposer: world.bo,
      kind: "reopening",
    });
    await sign(world.web, reopening, { person: world.ana });
    expect(await incidentOf(escalation)).toMatchObject({
      status: "in_progress",
      escalated_by: escalation.id,
      closed_by: null,
      closed_at: null,
      version: "4",
    });
  });

  test("a rejection ends it", async () => {
    const decision = await openProposal(world);
    expect(await sign(world.web, decision, { person: world.bo, outcome: "rejected" })).toEqual({
      state: "rejected",
    });
    expect(await kindsOf(decision)).toEqual(["decision.proposed", "decision.rejected"]);
    expect(await refusal(() => sign(world.web, decision, { person: world.lea }))).toMatch(
      /^G1 .*rejected/,
    );
  });
});

describe("a decision that can no longer be signed says so and stays so", () => {
  test("stale: a fact changed after it was proposed", async () => {
    const decision = await openProposal(world);
    await world.web.query("update incident set verdict = 'benign' where id = $1", [
      decision.incidentId,
    ]);
    expect(await sign(world.web, decision, { person: world.bo })).toEqual({ state: "stale" });
    expect(await incidentOf(decision)).toMatchObject({ status: "new", closed_by: null });
    expect(await kindsOf(decision)).toEqual(["decision.proposed", "decision.went_stale"]);
  });

  test("expired: the worker settles it, and a new proposal is free to come", async () => {
    const decision = await openProposal(world);
    await age(decision);
    const { rows } = await world.db.pools.worker.query(
      "select gate.settle_void(id) as state from gate.void_decisions(null, 10) as id",
    );
    expect(rows).toEqual([{ state: "expired" }]);
    expect(await sign(world.web, decision, { person: world.bo })).toEqual({
      state: "expired",
      before: true,
    });
    await propose(world.web, { incidentId: decision.incidentId, proposer: world.ana });
  });

  test("expired: signing it settles it, and a second open proposal of the kind is refused", async () => {
    const decision = await openProposal(world);
    const again = () => propose(world.web, { incidentId: decision.incidentId, proposer: world.bo });
    expect(await refusal(again)).toMatch(/decision_one_open/);
    await age(decision);
    expect(await sign(world.web, decision, { person: world.bo })).toEqual({ state: "expired" });
  });

  test("withdrawn by its proposer", async () => {
    const decision = await openProposal(world);
    const { rows } = await world.web.query("select gate.withdraw_decision($1, $2) as answer", [
      decision.id,
      world.ana.id,
    ]);
    expect(rows[0].answer).toEqual({ state: "withdrawn" });
    expect((await kindsOf(decision)).at(-1)).toBe("decision.withdrawn");
  });

  test("refused: it is recorded with its reasons", async () => {
    const { id: incidentId } = await makeIncident(world.db);
    const reasons = JSON.stringify([{ code: "claims_unsettled" }]);
    const decision = await propose(world.web, {
      incidentId,
      proposer: world.ana,
      forged: { state: "refused", reasons },
    });
    expect(await kindsOf(decision)).toEqual(["decision.refused"]);
  });
});

describe("people who meet", () => {
  test("twenty pairs sign at once: one effect each", async () => {
    for (let round = 0; round < 20; round += 1) {
      const decision = await openProposal(world);
      const answers = await meet(decision, ["approved", "approved"]);
      expect(answers.filter((answer) => answer === "in_effect")).toHaveLength(1);
      expect(answers.filter((answer) => answer.startsWith("G1 "))).toHaveLength(1);
    }
  });

  test("twenty times one approves while another rejects: one of the two, never both", async () => {
    for (let round = 0; round < 20; round += 1) {
      const decision = await openProposal(world);
      const answers = await meet(decision, ["approved", "rejected"]);
      const { status } = await incidentOf(decision);
      expect(answers.filter((answer) => answer.startsWith("G1 "))).toHaveLength(1);
      expect(status).toBe(answers.includes("in_effect") ? "closed" : "new");
    }
  });

  test("a policy of two needs two different people who still may", async () => {
    const other = await makeWorld();
    await other.owner.query(
      "insert into policy_rule values (2, 'closure', 2, 'analyst', true, 'password', 60, 15)",
    );
    const decision = await openProposal(other);
    expect(await sign(other.web, decision, { person: other.bo })).toEqual({
      state: "proposed",
      signOffs: 1,
      needed: 2,
    });
    expect(await sign(other.web, decision, { person: other.bo })).toMatchObject({
      code: "already_signed",
    });
    await other.owner.query("update person set role = 'auditor' where id = $1", [other.bo.id]);
    expect(await sign(other.web, decision, { person: other.lea })).toEqual({
      state: "proposed",
      signOffs: 1,
      needed: 2,
    });
    const third = await makePerson(other.db, "analyst", "third");
    expect(await sign(other.web, decision, { person: third })).toEqual({
      state: "in_effect",
      signOffs: 2,
      needed: 2,
    });
    await other.db.close();
  });
});

describe("the facts", () => {
  test("each change of a fact steps the version by one; other changes do not", async () => {
    const { id } = await makeIncident(world.db);
    await world.web.query("update incident set title = 'x', assignee_id = $2 where id = $1", [
      id,
      world.ana.id,
    ]);
    expect(await version(id)).toBe("1");
    await world.web.query("update incident set verdict = 'benign' where id = $1", [id]);
    await world.web.query("update incident set severity = 'low', severity_rank = 2 where id = $1", [
      id,
    ]);
    await world.web.query(
      "update incident set evidence_root = sha256('x'), claims_hash = sha256('y') where id = $1",
      [id],
    );
    expect(await version(id)).toBe("4");
    await world.web.query("select gate.set_work_status($1, $2, 'in_progress')", [id, world.ana.id]);
    expect(await version(id)).toBe("5");
  });

  test("evidence joins an incident once, and moves only with a merge into another", async () => {
    const [older, younger, third] = [
      await makeIncident(world.db),
      await makeIncident(world.db),
      await makeIncident(world.db),
    ];
    const item = await makeEvidence(world.db, { sourceId: world.sourceId });
    const move = (incidentId: string, position: number) =>
      world.web.query("update evidence_item set incident_id = $2, position = $3 where id = $1", [
        item.id,
        incidentId,
        position,
      ]);
    await move(younger.id, 1);
    expect(await refusal(() => move(older.id, 1))).toMatch(/^append-only: evidence stays/);
    await world.web.query("update incident set merged_into_id = $2 where id = $1", [
      younger.id,
      older.id,
    ]);
    await move(older.id, 1);
    expect(await refusal(() => move(third.id, 1))).toMatch(/^append-only: evidence stays/);
    const raw = () =>
      world.db.worker.evidenceItem.create({
        data: { ...item, id: third.id, recordKey: "x", fields: {}, raw: Buffer.from("{}") },
      });
    expect(await refusal(raw)).toMatch(/evidence_digest/);
  });
});

async function meet(
  decision: ProposalRow,
  outcomes: ("approved" | "rejected")[],
): Promise<string[]> {
  const people = [world.bo, world.lea];
  const proofs = await Promise.all(
    people.map((person) => proofOf(world.web, person, decision.sha256)),
  );
  const attempts = outcomes.map(async (outcome, index) => {
    const person = people[index] ?? world.bo;
    try {
      return String(
        (await sign(world.web, decision, { person, outcome, proof: proofs[index] }))["state"],
      );
    } catch (error) {
      return (error as Error).message;
    }
  });
  return Promise.all(attempts);
}

async function incidentOf({ incidentId }: ProposalRow): Promise<Record<string, unknown>> {
  return (await world.web.query("select * from incident where id = $1", [incidentId])).rows[0];
}

async function version(id: string): Promise<string> {
  return (await world.web.query("select version from incident where id = $1", [id])).rows[0]
    .version;
}

async function kindsOf({ incidentId }: ProposalRow): Promise<string[]> {
  const { rows } = await world.db.pools.auditor.query(
    "select kind from trail.entry where incident_id = $1 order by seq",
    [incidentId],
  );
  return rows.map((row) => row.kind);
}

// Time passes only for the owner with its guard switched off.
async function age({ id }: ProposalRow): Promise<void> {
  await world.owner.query("alter table decision disable trigger check_decision_move");
  await world.owner.query(
    "update decision set expires_at = now() - interval '1 second' where id = $1",
    [id],
  );
  await world.owner.query("alter table decision enable always trigger check_decision_move");
}
