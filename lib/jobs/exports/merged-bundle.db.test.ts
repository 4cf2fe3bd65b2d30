/** Two incidents of which one was merged into the other by hand: bundles of both, by both verifiers. */
import { cp, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, addSource, ingest } from "#lib/commands/ingest-fixtures.ts";
import { mergeIncident } from "#lib/commands/merge-incident.ts";
import { undoMerge } from "#lib/commands/undo-merge.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { FAULTS } from "#lib/trail/bundle/faults.ts";
import {
  altered,
  editFile,
  resealed,
  sealedTrail,
  verifyBy,
  type SealedTrail,
} from "./testing-bundle.ts";

const MS_MAX = 240_000;

let db: TestDatabase;
let trail: SealedTrail;
let from: string;
let into: string;
const bundleOf = (incident: string) => trail.bundle({ kind: "incident", incident, number: 1 });

beforeAll(async () => {
  db = await testDatabase();
  trail = await sealedTrail(db);
  const source = await addSource(db.owner);
  const bring = async (key: string, count: number) => {
    const records = Array.from({ length: count }, (_, n) => ({
      recordId: `${key}-${n}`,
      time: at(`04:00:0${n}`),
      severity: "low",
      title: `Record ${n} of ${key}`,
    }));
    return (await ingest(db.web, source, records, key)).incidents[0]!.id;
  };
  [from, into] = [await bring("merged-away", 2), await bring("stands", 3)];
}, MS_MAX);
afterAll(async () => {
  await trail.close();
  await db.close();
});

describe("after a merge, and after it was undone", () => {
  test(
    "each bundle holds the records that are its incident's",
    async () => {
      const { id, role } = await makePerson(db, "analyst");
      const by = { kind: "person", id, role, session: null } as const;
      const input = { incidentId: from, intoId: into, reason: "The same." };
      const { mergeId } = await mergeIncident(db.web, input, by);
      await trail.seal();
      for (const [incident, items] of [
        [from, 0],
        [into, 5],
      ] as const)
        expect(await told(await bundleOf(incident))).toEqual(
          Array(2).fill(`${items} items, exit 0`),
        );
      await undoMerge(db.web, { mergeId }, by);
      await trail.seal();
      for (const [incident, items] of [
        [from, 2],
        [into, 3],
      ] as const)
        expect(await told(await bundleOf(incident))).toEqual(
          Array(2).fill(`${items} items, exit 0`),
        );
    },
    MS_MAX,
  );

  test.each(["node", "sh"] as const)(
    "records that are put back into the bundle of one that was merged away are found by verify.%s",
    async (tool) => {
      const { id, role } = await makePerson(db, "analyst");
      const by = { kind: "person", id, role, session: null } as const;
      const before = await bundleOf(from);
      const input = { incidentId: from, intoId: into, reason: "The same after all." };
      const { mergeId } = await mergeIncident(db.web, input, by);
      await trail.seal();
      const items = await readFile(`${before}/evidence.jsonl`, "utf8");
      const folder = await altered(await bundleOf(from), async (copy) => {
        await editFile(copy, "evidence.jsonl", () => items);
        await cp(`${before}/evidence`, `${copy}/evidence`, { recursive: true });
        await resealed(copy, trail.key);
      });
      const { exit, output } = await verifyBy(tool, folder);
      expect(output).toContain("2 items are here, 0 were sealed");
      expect(exit).toBe(FAULTS.evidence.exit);
      await undoMerge(db.web, { mergeId }, by);
      await trail.seal();
    },
    MS_MAX,
  );
});

/** What each verifier says of the evidence, and its exit code. */
async function told(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const tool of ["node", "sh"] as const) {
    const { exit, output } = await verifyBy(tool, folder);
    found.push(`${/the evidence is what was sealed: (\d+ items)/.exec(output)?.[1]}, exit ${exit}`);
  }
  return found;
}
