import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { propose, sign, type ProposalRow } from "#lib/db/testing-gate.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { expireDecisions } from "./expire.ts";

let world: World;
let warned: object[];
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());
beforeEach(() => {
  warned = [];
});

const settle = () =>
  expireDecisions(world.db.worker, { log: { warn: (facts) => void warned.push(facts) } });

async function proposed(): Promise<ProposalRow> {
  const { id: incidentId } = await makeIncident(world.db);
  return propose(world.web, { incidentId, proposer: world.ana });
}

async function expired(count: number): Promise<ProposalRow[]> {
  const made: ProposalRow[] = [];
  for (let left = count; left > 0; left -= 1) made.push(await proposed());
  await world.owner.query("alter table decision disable trigger check_decision_move");
  await world.owner.query(
    "update decision set expires_at = proposed_at - interval '1 hour' where id = any ($1)",
    [made.map(({ id }) => id)],
  );
  await world.owner.query("alter table decision enable always trigger check_decision_move");
  return made.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

async function states(decisions: ProposalRow[]): Promise<string[]> {
  const { rows } = await world.owner.query(
    "select state from decision where id = any ($1) order by id",
    [decisions.map(({ id }) => id)],
  );
  return rows.map(({ state }) => state as string);
}

test("what expired or went stale is settled, once, and what stands is left", async () => {
  const open = await proposed();
  const stale = await proposed();
  await world.web.query("update incident set verdict = 'benign' where id = $1", [stale.incidentId]);
  const [old] = await expired(1);
  expect(await settle()).toBe(2);
  expect(await settle()).toBe(0);
  expect(await states([old!])).toEqual(["expired"]);
  expect(await states([stale])).toEqual(["stale"]);
  expect(await states([open])).toEqual(["proposed"]);
});

test("a signer who holds an incident is not waited for, may go on to any other, and holds up no other", async () => {
  const decisions = await expired(103);
  const [held, next] = decisions;
  const signer = await world.web.connect();
  await signer.query("begin");
  await signer.query("select from incident where id = $1 for update", [held!.incidentId]);
  expect(await settle()).toBe(102);
  // the worker has let go of what it settled: whoever holds one may ask for another
  await signer.query("select from incident where id = $1 for update nowait", [next!.incidentId]);
  expect(await sign(signer, held!, { person: world.bo })).toEqual({ state: "expired" });
  await signer.query("commit");
  signer.release();
  expect(await settle()).toBe(0);
  expect(new Set(await states(decisions))).toEqual(new Set(["expired"]));
  expect(warned).toEqual([]);
});

test("a decision that somebody has in hand is left to the next time", async () => {
  const [held] = await expired(1);
  const signer = await world.owner.connect();
  await signer.query("begin");
  await signer.query("select from decision where id = $1 for update", [held!.id]);
  expect(await settle()).toBe(0);
  await signer.query("rollback");
  signer.release();
  expect(await settle()).toBe(1);
});

test("one that cannot be settled is said, and the others are settled all the same", async () => {
  const decisions = await expired(3);
  const broken = decisions[1]!;
  await world.owner.query(
    `create function public.break_it() returns trigger language plpgsql as $$ begin raise 'broken'; end $$`,
  );
  await world.owner.query(
    `create trigger break_it before update on decision for each row when (old.id = '${broken.id}') execute function public.break_it()`,
  );
  expect(await settle()).toBe(2);
  expect(await states(decisions)).toEqual(["expired", "proposed", "expired"]);
  expect(warned).toEqual([
    { decision: broken.id, reason: expect.stringContaining("broken") as string },
  ]);
  await world.owner.query("drop function public.break_it() cascade");
  expect(await settle()).toBe(1);
});
