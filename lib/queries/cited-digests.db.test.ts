import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issueRulesSummary } from "#lib/commands/issue-summary.ts";
import { ingest } from "#lib/commands/ingest-fixtures.ts";
import { citedDigests } from "./cited-digests.ts";
import { findIncident } from "./find-incident.ts";
import { deskWorld } from "./queries-fixtures.ts";
import type { DeskWorld } from "./queries-fixtures.ts";
import { threadRecords } from "./thread-records.ts";

let world: DeskWorld;
beforeAll(async () => {
  world = await deskWorld();
});
afterAll(() => world.database.close());

async function issue(cited: readonly { id: string; position: number }[]): Promise<void> {
  const { database, caseId } = world;
  const head = await findIncident(database.web, caseId);
  const claim = {
    text: "Step 1 came before step 2.",
    kind: "sequence",
    polarity: "affirmed",
    citations: cited.map(({ position }) => ({ id: `E${position}`, quote: "step" })),
    predicates: [],
    checks: [],
    resolved: [
      ...cited.map(({ id, position }) => ({
        evidenceId: id,
        position,
        quote: "step",
        start: 0,
        end: 4,
      })),
      { evidenceId: null, position: null, quote: "invented", start: null, end: null },
    ],
    uncovered: [],
    front: true,
    standing: "supported",
  } as const;
  await issueRulesSummary(
    database.worker,
    {
      incidentId: caseId,
      generator: "rules/1",
      claims: [claim as never],
      evidenceRoot: Buffer.from(head!.evidenceRoot, "hex"),
      evidenceCount: head!.evidenceCount,
    },
    { kind: "system", id: "worker" },
  );
}

test("the records that the current summary cites are told once, by position, with the digest of their bytes", async () => {
  const { database, caseId } = world;
  expect(await citedDigests(database.web, caseId)).toEqual([]);
  const [one, two, three] = await threadRecords(database.web, caseId, [1, 2, 3]);
  await issue([one!]);
  // what was said of the same evidence is not said again
  await ingest(database.web, world.source, [{ recordId: "later", kind: "event" }], "CASE");
  await issue([three!, two!, three!]);
  const cited = await citedDigests(database.web, caseId);
  expect(cited.map(({ label }) => label)).toEqual(["E2", "E3"]);
  const { raw } = await database.web.evidenceItem.findUniqueOrThrow({
    where: { id: two!.id },
    select: { raw: true },
  });
  expect(cited[0]).toMatchObject({
    evidenceId: two!.id,
    source: "edr",
    sha256: createHash("sha256").update(raw!).digest("hex"),
  });
});
