import { afterAll, beforeAll, expect, test } from "vitest";
import { at, ingest, observables } from "./ingest-fixtures.ts";
import { listPins, pinnedPositions } from "#lib/queries/list-pins.ts";
import { deskWorld } from "#lib/queries/queries-fixtures.ts";
import type { DeskWorld } from "#lib/queries/queries-fixtures.ts";
import { threadRecords } from "#lib/queries/thread-records.ts";
import { PINS_MAX } from "#lib/domain/thread/pins.ts";
import { pinRecord } from "./pin-record.ts";

let world: DeskWorld;
beforeAll(async () => {
  world = await deskWorld();
});
afterAll(() => world.database.close());

async function ids(count: number): Promise<string[]> {
  const { database, caseId } = world;
  const places = Array.from({ length: count }, (_, n) => n + 1);
  return (await threadRecords(database.web, caseId, places)).map(({ id }) => id);
}

const pin = (evidenceId: string, pinned = true, incidentId = world.caseId): Promise<void> =>
  pinRecord(world.database.web, { incidentId, evidenceId, pinned }, world.ana);

async function entries(): Promise<string[]> {
  const rows = await world.database.owner.$queryRaw<{ told: string }[]>`
    SELECT e.line::jsonb->>'kind' AS told FROM trail.entry e
    WHERE e.line::jsonb->>'kind' LIKE 'evidence.%pinned' ORDER BY e.seq`;
  return rows.map(({ told }) => told);
}

test("a pin and its end are one entry each; what is so already stays so, without one", async () => {
  const [one] = await ids(1);
  await pin(one!);
  await pin(one!);
  await pin(one!, false);
  await pin(one!, false);
  expect(await entries()).toEqual(["evidence.pinned", "evidence.unpinned"]);
  await pin(one!);
  await pin(one!, false);
});

test("two people who pin the same at once leave one pin", async () => {
  const [one] = await ids(1);
  await Promise.all([pin(one!), pin(one!), pin(one!)]);
  expect(await listPins(world.database.web, world.caseId)).toHaveLength(1);
  await pin(one!, false);
});

test("a record of another incident is not there to be pinned", async () => {
  const [one] = await ids(1);
  const other = await world.database.web.incident.findFirstOrThrow({
    where: { id: { not: world.caseId } },
    select: { id: true },
  });
  await expect(pin(one!, true, other.id)).rejects.toMatchObject({ code: "evidence_not_found" });
});

test("fifty are pinned at most, at a time", async () => {
  const some = await ids(PINS_MAX + 1);
  for (const id of some.slice(0, PINS_MAX)) await pin(id);
  await expect(pin(some[PINS_MAX]!)).rejects.toMatchObject({ code: "pins_full" });
  await pin(some[0]!, false);
  await pin(some[PINS_MAX]!);
  expect(await listPins(world.database.web, world.caseId)).toHaveLength(PINS_MAX);
});

test("a pin follows its record through one merge after another, and can be taken off there", async () => {
  const { database, source } = world;
  const alert = (recordId: string, ...hosts: string[]) =>
    ingest(database.web, source, [
      { recordId, time: at("05:00:00"), observables: observables(...hosts) },
    ]);
  const last = (await alert("c", "host:pin-c")).incidents[0]!.id;
  const middle = (await alert("b", "host:pin-b")).incidents[0]!.id;
  const first = (await alert("a", "host:pin-a")).incidents[0]!.id;
  const [record] = await threadRecords(database.web, first, [1]);
  await pin(record!.id, true, first);
  for (const [recordId, hosts, into] of [
    ["ab", ["host:pin-a", "host:pin-b"], middle],
    ["bc", ["host:pin-b", "host:pin-c"], last],
  ] as const) {
    expect((await alert(recordId, ...hosts)).incidents.map(({ id }) => id)).toEqual([into]);
    expect((await listPins(database.web, into)).map((each) => each.record.id)).toEqual([
      record!.id,
    ]);
  }
  expect(await pinnedPositions(database.web, last)).toHaveLength(1);
  await pin(record!.id, false, last);
  expect(await listPins(database.web, last)).toEqual([]);
});
