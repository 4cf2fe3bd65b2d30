import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approveErasure, askErasure } from "#lib/db/testing-erasure.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makeIncident, makePerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { FAULTS } from "#lib/trail/bundle/faults.ts";
import { altered, resealed, sealedTrail, verifyBy, type SealedTrail } from "./testing-bundle.ts";

let db: TestDatabase;
let trail: SealedTrail;
beforeAll(async () => {
  db = await testDatabase();
  trail = await sealedTrail(db);
}, 120_000);
afterAll(async () => {
  await trail.close();
  await db.close();
});

async function erasedIncident(): Promise<{ id: string; number: number }> {
  const [ben, lea, adm] = [
    await makePerson(db, "analyst", "Ben"),
    await makePerson(db, "lead", "Lou"),
    await makePerson(db, "admin", "Ada"),
  ];
  const { id } = await makeIncident(db);
  const web = db.pools.web;
  await sign(web, await propose(web, { incidentId: id, proposer: ben, kind: "closure" }), {
    person: lea,
  });
  await approveErasure(web, adm, await askErasure(web, lea, id));
  return db.web.incident.findUniqueOrThrow({ where: { id }, select: { id: true, number: true } });
}

const TOOLS = ["node", "sh"] as const;

test("what an erasure took is no fault to either verifier, and what nothing took is", async () => {
  const { id: incident, number } = await erasedIncident();
  await trail.seal();
  for (const scope of [{ kind: "incident", incident, number }, { kind: "log" }] as const) {
    const folder = await trail.bundle(scope);
    for (const tool of TOOLS) {
      const { exit, output } = await verifyBy(tool, folder);
      expect([tool, exit, /[1-9]\d*(?: of them)? erased/.test(output)]).toEqual([tool, 0, true]);
    }
  }
  const sound = await trail.bundle();
  const robbed = await altered(sound, async (copy) => {
    const file = join(copy, "trail.jsonl");
    const [first = "", ...rest] = (await readFile(file, "utf8")).split("\n");
    const { leaf, line } = JSON.parse(first) as { leaf: string; line: string };
    await writeFile(file, `${JSON.stringify({ leaf, line, payload: null, salt: null })}\n`);
    await appendFile(file, rest.join("\n"));
    await resealed(copy, trail.key);
  });
  for (const tool of TOOLS) {
    const { exit } = await verifyBy(tool, robbed, [], sound);
    expect([tool, exit]).toEqual([tool, FAULTS.payload.exit]);
  }
}, 240_000);
