/** What readers make of what a person added: a big file is shown in part, and a person is no source that can fall silent. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { addEvidence } from "#lib/commands/add-evidence.ts";
import type { PersonActor } from "#lib/commands/actor.ts";
import { addSource, at, ingest } from "#lib/commands/ingest-fixtures.ts";
import { readByHand } from "#lib/connectors/sources/by-hand.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { findEvidence, findEvidenceBytes } from "./find-evidence.ts";
import { listSources } from "./list-sources.ts";
import { sourceHealth } from "./source-health.ts";

let database: TestDatabase;
let ana: PersonActor;
let incidentId: string;

beforeAll(async () => {
  database = await testDatabase();
  const { id } = await makePerson(database, "analyst", "Ana");
  ana = { kind: "person", id, role: "analyst", session: null };
  const source = await addSource(database.web, "edr");
  const alerts = [{ recordId: "a", time: at("02:00:00") }];
  incidentId = (await ingest(database.web, source, alerts, "K")).incidents[0]!.id;
});
afterAll(() => database.close());

async function add(bytes: Uint8Array): Promise<string> {
  const read = await readByHand({ way: "file", bytes, name: "dump.bin" });
  if (!read.ok) throw new Error(read.reason);
  const { id } = await addEvidence(database.web, { incidentId, bytes, record: read.record }, ana);
  return id;
}

test("a big file is shown as far as a browser lays out, and given whole as a file, of its own incident alone", async () => {
  const bytes = Buffer.alloc(5 * 1024 * 1024, "line of a log\n");
  const evidenceId = await add(bytes);
  const shown = await findEvidence(database.web, evidenceId);
  expect(shown).toMatchObject({ bytes: bytes.length, shownBytes: 262_144, rawBase64: null });
  expect(shown!.raw).toHaveLength(262_144);
  const file = await findEvidenceBytes(database.web, { incidentId, evidenceId });
  expect(Buffer.from(file!.bytes).equals(bytes)).toBe(true);
  const elsewhere = { incidentId: evidenceId, evidenceId };
  expect(await findEvidenceBytes(database.web, elsewhere)).toBeNull();
});

test("a small one is shown whole, broken bytes too", async () => {
  const shown = await findEvidence(database.web, await add(Uint8Array.of(0x61, 0xff, 0x00)));
  expect(shown).toMatchObject({ bytes: 3, shownBytes: null, rawBase64: "Yf8A" });
});

test("a person is neither among the sources of the settings nor in the health of an incident's sources", async () => {
  await add(Uint8Array.of(1));
  expect((await listSources(database.web)).map(({ name }) => name)).toEqual(["edr"]);
  expect((await sourceHealth(database.web, incidentId)).map(({ source }) => source)).toEqual([
    "edr",
  ]);
});
