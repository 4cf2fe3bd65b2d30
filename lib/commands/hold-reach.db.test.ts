/** How far a legal hold reaches: over splits and merges, in both directions, undone or not. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { holdsOver } from "#lib/queries/retention-page.ts";
import type { PersonActor } from "./actor.ts";
import {
  askErasure,
  erasureStatement,
  holdLiftStatement,
  liftHold,
  placeHold,
} from "./erase-payloads.ts";
import { addSource } from "./ingest-fixtures.ts";
import { mergeIncident } from "./merge-incident.ts";
import { splitIncident } from "./split-incident.ts";
import { itemsOf, openCase } from "./split-fixtures.ts";
import { undoSplit } from "./undo-split.ts";

let db: TestDatabase;
let source: { id: string; name: string };
let lea: TestPerson;
let ana: PersonActor;
beforeAll(async () => {
  db = await testDatabase();
  source = await addSource(db.web, "edr");
  lea = await makePerson(db, "lead");
  const { id } = await makePerson(db, "analyst");
  ana = { kind: "person", id, role: "analyst", session: null };
});
afterAll(() => db.close());

const keeper = () => ({ kind: "person" as const, id: lea.id, session: null });

async function numberOf(id: string): Promise<string> {
  return incidentNumber((await db.web.incident.findUniqueOrThrow({ where: { id } })).number);
}

/** What says no to an erasure of this incident, which is still worked on. */
async function refusal(id: string): Promise<string> {
  const input = {
    ...{ incident: await numberOf(id), reason: "They object." },
    legalBasis: "objection" as const,
  };
  const { statementSha256 } = await erasureStatement(db.web, input);
  const asked = askErasure(db.web, { ...input, statementSha256, password: lea.password }, keeper());
  return asked.then(
    () => "none",
    (error: { code?: string }) => error.code ?? "unnamed",
  );
}

async function lift(holdId: string): Promise<void> {
  const input = { holdId, reason: "Over." };
  const { statementSha256 } = await holdLiftStatement(db.web, input);
  await liftHold(db.web, { ...input, statementSha256, password: lea.password }, keeper());
}

test("a hold reaches what was split off, what that was merged into, and back; and nothing beside it", async () => {
  const [first, third, beside] = await Promise.all(
    ["H1", "H2", "H3"].map((key) => openCase(db, { source, key })),
  );
  const [one, two] = await itemsOf(db, first!);
  const off = async (evidenceId: string) =>
    splitIncident(
      db.web,
      { incidentId: first!, evidenceIds: [evidenceId], reason: "Another." },
      ana,
    );
  const kept = await off(one!.id);
  const undone = await off(two!.id);
  await undoSplit(db.web, { splitId: undone.splitId }, ana);
  await mergeIncident(db.web, { incidentId: kept.into.id, intoId: third!, reason: "One." }, ana);
  const kin = [first!, kept.into.id, undone.into.id, third!];

  for (const held of kin) {
    const number = await numberOf(held);
    const { holdId } = await placeHold(db.web, { incident: number, reason: "A court." }, keeper());
    for (const id of kin) {
      expect(await refusal(id)).toBe("legal_hold");
      expect(await holdsOver(db.web, id)).toMatchObject([{ id: holdId, incident: { number } }]);
    }
    expect(await refusal(beside!)).toBe("incident_open");
    expect(await holdsOver(db.web, beside!)).toEqual([]);
    await lift(holdId);
  }
  expect(await refusal(third!)).toBe("incident_open");
});
