/** Splits, undoings, merges and later records in whatever order. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { PersonActor } from "./actor.ts";
import { addSource, ingest } from "./ingest-fixtures.ts";
import { mergeIncident } from "./merge-incident.ts";
import { splitIncident } from "./split-incident.ts";
import { expectLeaves, itemsOf, openCase, SEVERITIES } from "./split-fixtures.ts";
import { undoSplit } from "./undo-split.ts";

let db: TestDatabase;
let source: { id: string; name: string };
let ana: PersonActor;

beforeAll(async () => {
  db = await testDatabase();
  source = await addSource(db.web, "edr");
  ana = {
    kind: "person",
    id: (await makePerson(db, "analyst")).id,
    role: "analyst",
    session: null,
  };
});
afterAll(() => db.close());

type Act = { what: "split" | "undo" | "bring" | "merge"; at: number; size: number };
type World = { key: string; ids: string[]; splits: string[]; late: number };

const REFUSALS = ["split_refused", "undo_refused", "merge_refused", "split_not_found"];

/** A refusal by name is an answer too; anything else is not. */
async function carryOut(world: World, act: Act): Promise<void> {
  try {
    await tryTo(world, act);
  } catch (error) {
    if (!REFUSALS.includes(String((error as { code?: unknown }).code))) throw error;
  }
}

async function tryTo(world: World, { what, at, size }: Act): Promise<void> {
  const { ids, splits, key } = world;
  const incidentId = ids[at % ids.length]!;
  if (what === "split") {
    const items = await itemsOf(db, incidentId);
    const evidenceIds = items.slice(at % 3, (at % 3) + size).map(({ id }) => id);
    const input = { incidentId, evidenceIds, reason: "Another host." };
    const done = await splitIncident(db.web, input, ana);
    ids.push(done.into.id);
    splits.push(done.splitId);
  } else if (what === "undo") {
    const splitId = splits[at % Math.max(1, splits.length)] ?? incidentId;
    await undoSplit(db.web, { splitId }, ana);
  } else if (what === "merge") {
    const intoId = ids[(at + 1) % ids.length]!;
    await mergeIncident(db.web, { incidentId, intoId, reason: "One." }, ana);
  } else {
    world.late += 1;
    await ingest(db.web, source, [{ recordId: `${key}-late-${world.late}`, severity: "low" }], key);
  }
}

let made = 0;

test(
  "roots and counts stay those of the leaves, and no record is lost or there twice",
  { timeout: 120_000 },
  async () => {
    const act = fc.record({
      what: fc.constantFrom("split", "split", "undo", "bring", "merge"),
      at: fc.nat(20),
      size: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 9 }), async (acts) => {
        const key = `O${(made += 1)}`;
        const world: World = {
          key,
          ids: [await openCase(db, { source, key })],
          splits: [],
          late: 0,
        };
        for (const one of acts) await carryOut(world, one);
        let records = 0;
        for (const id of world.ids) {
          await expectLeaves(db, id);
          records += (await itemsOf(db, id)).length;
        }
        expect(records).toBe(SEVERITIES.length + world.late);
      }),
      { numRuns: 20 },
    );
  },
);
