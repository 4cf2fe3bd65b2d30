import { afterAll, beforeAll, expect, test } from "vitest";
import { propose, sign, type ProposalRow } from "#lib/db/testing-gate.ts";
import { enrolForTest, revokeForTest, signByPasskey } from "#lib/db/testing-passkeys.ts";
import { makeIncident, type TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { neededWords } from "#components/decision/needed-words.ts";
import { findDecision } from "./list-decisions.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

async function proposal(signOffs: number): Promise<ProposalRow> {
  await world.owner.query(
    `insert into policy_rule select (select max(policy_version) + 1 from policy_rule), kind, $1, min_role,
       distinct_from_proposer, assurance, proposal_minutes, sign_off_minutes
     from policy_rule where policy_version = (select max(policy_version) from policy_rule)`,
    [signOffs],
  );
  const { id: incidentId } = await makeIncident(world.db);
  return propose(world.web, { incidentId, proposer: world.ana });
}

async function signedBy(person: TestPerson, decision: ProposalRow): Promise<string> {
  const passkey = await enrolForTest(world.web, { person });
  await signByPasskey(world.db.pools.verifier, decision, { person, passkey });
  return passkey.id;
}

/** What the screen is given and says, and what the gate counts. */
async function shown({ id }: ProposalRow) {
  const view = (await findDecision(world.db.web, id))!;
  const { rows } = await world.owner.query(
    `select gate.count_sign_offs(d, p) as n from decision d join policy_rule p using (policy_version, kind) where d.id = $1`,
    [id],
  );
  return {
    signOffs: view.signOffs.map((one) => `${one.person.name} ${one.void ?? "counts"}`),
    says: neededWords(view).split(" by ")[0],
    counted: rows[0].n as number,
  };
}

test("a signature whose passkey was revoked while the decision was open counts neither here nor there", async () => {
  const decision = await proposal(2);
  const passkeyId = await signedBy(world.bo, decision);
  expect(await shown(decision)).toEqual({
    signOffs: ["bo counts"],
    says: "1 of 2 signatures",
    counted: 1,
  });
  await revokeForTest(world.web, passkeyId, world.bo);
  expect(await shown(decision)).toEqual({
    signOffs: ["bo passkey_revoked"],
    says: "2 signatures",
    counted: 0,
  });
});

test("one that counted when the decision took effect is shown as it was", async () => {
  const decision = await proposal(1);
  const passkeyId = await signedBy(world.bo, decision);
  await revokeForTest(world.web, passkeyId, world.bo);
  expect((await shown(decision)).signOffs).toEqual(["bo counts"]);
});

const CHANGES: [why: string, change: string][] = [
  ["too_old", "update sign_off set at = at - interval '30 days' where decision_id = $1"],
  ["signer_changed", "update person set role = 'auditor' where name = 'bo' and $1::uuid = $1"],
  ["signer_changed", "update person set active = false where name = 'bo' and $1::uuid = $1"],
];
test.each(CHANGES)("one that is void counts neither here nor there: %s", async (why, change) => {
  const decision = await proposal(2);
  await sign(world.web, decision, { person: world.bo });
  expect((await shown(decision)).counted).toBe(1);
  await world.owner.query("alter table sign_off disable trigger append_only");
  await world.owner.query(change, [decision.id]);
  await world.owner.query("alter table sign_off enable always trigger append_only");
  expect(await shown(decision)).toMatchObject({ signOffs: [`bo ${why}`], counted: 0 });
  await world.owner.query("update person set role = 'analyst', active = true where name = 'bo'");
});

test("a rejection is none that could count", async () => {
  const decision = await proposal(2);
  await sign(world.web, decision, { person: world.bo, outcome: "rejected" });
  expect((await shown(decision)).signOffs).toEqual(["bo counts"]);
});
