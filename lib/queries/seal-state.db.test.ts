import { afterAll, beforeAll, expect, test } from "vitest";
import { propose } from "#lib/db/testing-gate.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { findDecision } from "./list-decisions.ts";
import { listTrail } from "./list-trail.ts";
import { sealState } from "./seal-state.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

/** Signs all there is, and gives how much that was. */
async function sign(): Promise<number> {
  const { rows } = await world.db.pools.signer.query<{ size: string }>(
    "insert into trail.checkpoint (size, root, note) select size, sha256('x'), 'n' from trail.head returning size",
  );
  return Number(rows[0]!.size);
}

async function cosign(size: number, witness: string): Promise<void> {
  await world.db.pools.signer.query(
    "insert into trail.cosignature (size, witness, line, signed_at) values ($1, $2, $3, to_timestamp(1700000000))",
    [size, witness, `\u2014 ${witness} AAAA\n`],
  );
}

test("what is sealed, since when the rest waits, and what a witness saw last", async () => {
  const before = await sealState(world.db.web);
  expect(before).toMatchObject({
    sealedSize: 1,
    witness: { name: "w1", size: 1 },
    timeStamp: { size: 1 },
  });
  const { entries } = await listTrail(world.db.web, {}, null, 200);
  const second = entries.find(({ seq }) => seq === 1);
  expect(before.waitingSince).toBe(second!.at);
  const size = await sign();
  const sealed = { size, sealedSize: size, waitingSince: null };
  expect(await sealState(world.db.web)).toMatchObject({ ...sealed, witness: { size: 1 } });
  await cosign(size, "w2");
  expect(await sealState(world.db.web)).toMatchObject({
    ...sealed,
    witness: { name: "w2", size, at: "2023-11-14T22:13:20.000Z" },
  });
});

test("an entry names the first checkpoint that covers it, and none before there is one", async () => {
  const { id: incidentId } = await makeIncident(world.db);
  const { id } = await propose(world.web, { incidentId, proposer: world.ana });
  const pending = (await findDecision(world.db.web, id))!.entry!;
  expect(pending.checkpoint).toBeNull();
  const size = await sign();
  expect(await findDecision(world.db.web, id)).toMatchObject({
    entry: { seq: pending.seq, checkpoint: size },
  });
  const find = async () =>
    (await listTrail(world.db.web, { incident: incidentId })).entries.find(
      ({ seq }) => seq === pending.seq,
    );
  expect(await find()).toMatchObject({ kind: "decision.proposed", sealed: { size } });
  await propose(world.web, {
    incidentId: world.closed.incidentId,
    proposer: world.ana,
    kind: "reopening",
  });
  await sign();
  expect(await find()).toMatchObject({ sealed: { size } });
});

test("a decision in effect points at the entry that says so", async () => {
  const { decision, incidentId } = world.closed;
  const { entry } = (await findDecision(world.db.web, decision.id))!;
  const { entries } = await listTrail(world.db.web, { incident: incidentId });
  expect(entries.find(({ seq }) => seq === entry?.seq)).toMatchObject({
    kind: "decision.took_effect",
    payload: { decision: decision.id },
  });
});
