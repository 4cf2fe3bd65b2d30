import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { propose, sign, type ProposalRow } from "#lib/db/testing-gate.ts";
import { makeIncident, type TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { listInbox } from "#lib/queries/list-inbox.ts";
import { queueCounts } from "#lib/queries/queue-counts.ts";
import { releaseDecision, takeDecision, takeNextDecision } from "./take-decision.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());
beforeEach(async () => {
  await world.owner.query("update decision set state = 'withdrawn' where state = 'proposed'");
});

const actor = ({ id }: TestPerson) => ({ kind: "person", session: null, id }) as const;

async function proposed(kind: "closure" | "containment" = "closure"): Promise<ProposalRow> {
  const { id: incidentId } = await makeIncident(world.db);
  return propose(world.web, { incidentId, proposer: world.ana, kind });
}

async function inboxOf(person: TestPerson, limit = 50): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listInbox(world.db.web, { personId: person.id, cursor, limit });
    seen.push(...page.decisions.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor);
  return seen;
}

test("what waits for somebody is open, not their own, within their role and not signed by them; what expires first leads", async () => {
  const [later, sooner] = [await proposed(), await proposed()];
  const containment = await proposed("containment");
  await expire(sooner, "10 minutes");
  await expire(later, "20 minutes");
  await expire(containment, "30 minutes");
  expect(await inboxOf(world.lea, 1)).toEqual([sooner.id, later.id, containment.id]);
  expect(await inboxOf(world.bo)).toEqual([sooner.id, later.id]);
  for (const nobody of [world.ana, world.aud, world.adm, world.gone, world.machine])
    expect(await inboxOf(nobody)).toEqual([]);
  expect((await queueCounts(world.db.web, world.lea.id)).toSign).toBe(3);
  await sign(world.web, sooner, { person: world.bo });
  expect(await inboxOf(world.lea)).toEqual([later.id, containment.id]);
  await expire(later, "-1 minute");
  expect(await inboxOf(world.lea)).toEqual([containment.id]);
});

/** Moves when it expires, as only the owner could. */
async function expire({ id }: ProposalRow, after: string): Promise<void> {
  await world.owner.query("alter table decision disable trigger check_decision_move");
  await world.owner.query("update decision set expires_at = now() + $2::interval where id = $1", [
    id,
    after,
  ]);
  await world.owner.query("alter table decision enable always trigger check_decision_move");
}

test("two who take the next one at once, over connections of their own, get different ones", async () => {
  const made = new Set<string>();
  for (let left = 8; left > 0; left -= 1) made.add((await proposed()).id);
  const people = [world.bo, world.lea];
  const taken: string[] = [];
  for (let round = 4; round > 0; round -= 1) {
    const both = await Promise.all(
      people.map((person) => takeNextDecision(world.db.web, actor(person))),
    );
    taken.push(...both.map(({ decisionId }) => decisionId));
  }
  expect(new Set(taken)).toEqual(made);
  await expect(takeNextDecision(world.db.web, actor(world.bo))).rejects.toMatchObject({
    code: "nothing_waits",
  });
});

test("of two who take the same one at once, one has it, and the other is told who", async () => {
  for (let round = 10; round > 0; round -= 1) {
    const { id } = await proposed();
    const answers = await Promise.allSettled(
      [world.bo, world.lea].map((person) => takeDecision(world.db.web, id, actor(person))),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const winner = answers[0]!.status === "fulfilled" ? world.bo : world.lea;
    const lost = answers.find((answer) => answer.status === "rejected");
    expect(lost?.reason).toMatchObject({
      code: "taken_by_another",
      publicMessage: expect.stringContaining(`${winner.name} has just taken it`),
    });
  }
});

test("a take keeps nobody from signing, ends with its holder's signature and with the decision", async () => {
  await world.owner.query(
    `insert into policy_rule select (select max(policy_version) + 1 from policy_rule), kind, 2, min_role,
       distinct_from_proposer, assurance, proposal_minutes, sign_off_minutes
     from policy_rule where policy_version = (select max(policy_version) from policy_rule)`,
  );
  const [one, other] = [await proposed(), await proposed()];
  await takeDecision(world.db.web, one.id, actor(world.bo));
  expect(await sign(world.web, one, { person: world.lea })).toMatchObject({ signOffs: 1 });
  expect(await takenBy(one)).toEqual(["bo"]);
  expect(await sign(world.web, one, { person: world.bo })).toMatchObject({ state: "in_effect" });
  expect(await takenBy(one)).toEqual([]);
  await takeDecision(world.db.web, other.id, actor(world.bo));
  await sign(world.web, other, { person: world.bo });
  expect(await takenBy(other)).toEqual([]);
  await takeDecision(world.db.web, other.id, actor(world.lea));
  await sign(world.web, other, { person: world.lea, outcome: "rejected" });
  expect(await takenBy(other)).toEqual([]);
  const third = await proposed();
  await takeDecision(world.db.web, third.id, actor(world.bo));
  await sign(world.web, third, { person: world.lea, outcome: "rejected" });
  expect(await takenBy(third)).toEqual([]);
});

test("a take runs out, is renewed by its holder alone, and is given back", async () => {
  const { id } = await proposed();
  await takeDecision(world.db.web, id, actor(world.bo));
  const first = await takeRow(id);
  await takeDecision(world.db.web, id, actor(world.bo));
  const renewed = await takeRow(id);
  expect(renewed.taken_at).toEqual(first.taken_at);
  expect(renewed.until.getTime()).toBeGreaterThan(first.until.getTime());
  await expect(releaseDecision(world.db.web, id, actor(world.lea))).rejects.toMatchObject({
    code: "not_taken",
  });
  await world.owner.query(
    "update decision_take set taken_at = now() - interval '1 hour', until = now() - interval '1 second'",
  );
  const page = await listInbox(world.db.web, { personId: world.lea.id, cursor: null, limit: 5 });
  expect(page.decisions.map(({ take }) => take)).toEqual([null]);
  await takeDecision(world.db.web, id, actor(world.lea));
  expect(await takenBy({ id })).toEqual(["lea"]);
  await releaseDecision(world.db.web, id, actor(world.lea));
  expect(await takenBy({ id })).toEqual([]);
});

test("what does not wait for somebody is not theirs to take", async () => {
  const { id } = await proposed("containment");
  for (const person of [world.ana, world.bo, world.aud, world.gone])
    await expect(takeDecision(world.db.web, id, actor(person))).rejects.toMatchObject({
      code: "not_waiting",
    });
  const bad = listInbox(world.db.web, { personId: world.bo.id, cursor: "x", limit: 5 });
  await expect(bad).rejects.toMatchObject({ code: "cursor_invalid" });
});

async function takenBy({ id }: { id: string }): Promise<string[]> {
  const { rows } = await world.owner.query(
    "select p.name from decision_take t join person p on p.id = t.person_id where decision_id = $1",
    [id],
  );
  return rows.map(({ name }) => name as string);
}

async function takeRow(id: string): Promise<{ taken_at: Date; until: Date }> {
  const { rows } = await world.owner.query("select * from decision_take where decision_id = $1", [
    id,
  ]);
  return rows[0];
}
