/** An incident of which a part went to one of its own: bundles of both, by both verifiers. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, addSource, ingest } from "#lib/commands/ingest-fixtures.ts";
import { splitIncident } from "#lib/commands/split-incident.ts";
import { undoSplit } from "#lib/commands/undo-split.ts";
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
const bundleOf = (incident: string) => trail.bundle({ kind: "incident", incident, number: 1 });

beforeAll(async () => {
  db = await testDatabase();
  trail = await sealedTrail(db);
  const source = await addSource(db.owner);
  const records = Array.from({ length: 5 }, (_, n) => ({
    recordId: `part-${n}`,
    time: at(`04:00:0${n}`),
    severity: "low",
    title: `Record ${n}`,
  }));
  from = (await ingest(db.web, source, records, "part")).incidents[0]!.id;
}, MS_MAX);
afterAll(async () => {
  await trail.close();
  await db.close();
});

async function split() {
  const { id, role } = await makePerson(db, "analyst");
  const by = { kind: "person", id, role, session: null } as const;
  const rows = await db.web.evidenceItem.findMany({
    where: { incidentId: from, position: { in: [2, 4] } },
  });
  const evidenceIds = rows.map((row) => row.id);
  const input = { incidentId: from, evidenceIds, reason: "Another host." };
  return { ...(await splitIncident(db.web, input, by)), by };
}

describe("after a split, and after it was undone", () => {
  test(
    "the first bundle holds what its root was ever made over, the other what went",
    async () => {
      const { splitId, into, by } = await split();
      await trail.seal();
      const first = await bundleOf(from);
      expect(await told(first)).toEqual(Array(2).fill("6 items, exit 0"));
      expect(await told(await bundleOf(into.id))).toEqual(Array(2).fill("2 items, exit 0"));
      const last = (await readFile(`${first}/evidence.jsonl`, "utf8")).trim().split("\n").at(-1)!;
      const { id, sha256 } = JSON.parse(last) as { id: string; sha256: string };
      expect(id).toBe(splitId);
      const document = JSON.parse(await readFile(`${first}/evidence/${sha256}`, "utf8")) as {
        into: string;
        records: { position: number }[];
      };
      expect(document.into).toBe(into.id);
      expect(document.records.map(({ position }) => position)).toEqual([2, 4]);
      await undoSplit(db.web, { splitId }, by);
      await trail.seal();
      expect(await told(await bundleOf(from))).toEqual(Array(2).fill("7 items, exit 0"));
      expect(await told(await bundleOf(into.id))).toEqual(Array(2).fill("0 items, exit 0"));
    },
    MS_MAX,
  );

  test.each(["node", "sh"] as const)(
    "a bundle that leaves out what went is found by verify.%s",
    async (tool) => {
      const { splitId, by } = await split();
      await trail.seal();
      const folder = await altered(await bundleOf(from), async (copy) => {
        await editFile(copy, "evidence.jsonl", (text) =>
          text
            .split("\n")
            .filter((line) => !line.includes('"position":2,'))
            .join("\n"),
        );
        await resealed(copy, trail.key);
      });
      expect((await verifyBy(tool, folder)).exit).toBe(FAULTS.evidence.exit);
      await undoSplit(db.web, { splitId }, by);
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
