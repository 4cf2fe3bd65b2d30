import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PersonActor } from "#lib/commands/actor.ts";
import { addSource, at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import { mergeIncident } from "#lib/commands/merge-incident.ts";
import { setVerdict } from "#lib/commands/set-verdict.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { listMerges } from "./list-merges.ts";
import { recordOfPlace } from "./record-of-place.ts";
import { similarIncidents, similarSql, TECHNIQUE_WEIGHT } from "./similar-incidents.ts";

let database: TestDatabase;
let source: { id: string; name: string };
let ana: PersonActor;
let id: string;
let rare: string;
let common: string;

/** The incident asked about, one that shares a rare address, one that shares a domain with twenty, and strangers. */
beforeAll(async () => {
  database = await testDatabase();
  source = await addSource(database.web, "edr");
  const { id: personId } = await makePerson(database, "analyst", "ana");
  ana = { kind: "person", id: personId, role: "analyst", session: null };
  for (let n = 0; n < 150; n += 1) await opened(`s${n}`, "domain:everywhere.example");
  for (let n = 0; n < 20; n += 1) common = await opened(`c${n}`, "domain:some.example");
  rare = await opened("r", "ip:203.0.113.7", "domain:everywhere.example", "ip:10.0.0.1");
  id = await opened(
    "x",
    "ip:203.0.113.7",
    "domain:some.example",
    "domain:everywhere.example",
    "ip:10.0.0.1",
  );
});
afterAll(() => database.close());

async function opened(key: string, ...values: string[]): Promise<string> {
  const record = {
    recordId: key,
    time: at("02:00:00"),
    observables: observables(`host:of-${key}`, ...values),
    fields: { technique: ["T1078", `T10${key.length}`] },
  };
  const { incidents } = await ingest(database.web, source, [record], key);
  return incidents[0]!.id;
}

const found = () => similarIncidents(database.web, id);

describe("similar incidents", () => {
  test("the one with the rarer value comes first, and says why", async () => {
    const { similar, ofIncidents } = await found();
    expect(ofIncidents).toBe(172);
    expect(similar[0]).toMatchObject({ id: rare, mayNotMerge: null });
    expect(similar[0]!.parts).toEqual([
      { kind: "observable", type: "ip", value: "203.0.113.7", incidents: 2, weight: 4.45 },
      { kind: "technique", id: "T101", name: expect.any(String), weight: TECHNIQUE_WEIGHT },
      { kind: "technique", id: "T1078", name: "Valid Accounts", weight: TECHNIQUE_WEIGHT },
    ]);
    expect(similar.slice(1).map((one) => one.parts[0])).toContainEqual(
      expect.objectContaining({ value: "some.example", incidents: 21 }),
    );
  });

  test("a score is the sum of its parts, at most twenty are told, and again the same", async () => {
    const { similar } = await found();
    expect(similar).toHaveLength(20);
    for (const { score, parts } of similar) {
      expect(score).toBeCloseTo(
        parts.reduce((sum, { weight }) => sum + weight, 0),
        5,
      );
    }
    expect(await found()).toEqual(await found());
  });

  test("what is everywhere, and what every network has, ties nothing", async () => {
    const { similar } = await found();
    const values = similar.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === "observable" ? [part.value] : [])),
    );
    expect(new Set(values)).toEqual(new Set(["203.0.113.7", "some.example"]));
  });

  test("says what the team made of it, and leaves out what is older or was merged away", async () => {
    await setVerdict(database.web, { incidentId: rare, verdict: "benign" }, ana);
    expect((await found()).similar[0]).toMatchObject({ verdict: "benign", closed: null });
    await database.owner.$executeRaw`
      UPDATE incident SET opened_at = now() - interval '91 days' WHERE id = ${common}::uuid`;
    expect((await found()).similar.map((one) => one.id)).not.toContain(common);
    const { mergeId } = await mergeIncident(
      database.web,
      { incidentId: rare, intoId: id, reason: "The same address." },
      ana,
    );
    expect((await found()).similar.map((one) => one.id)).not.toContain(rare);
    expect(await listMerges(database.web, id)).toMatchObject([
      { id: mergeId, from: { id: rare }, reason: "The same address.", count: 1, mayNotUndo: null },
    ]);
    const moved = await database.web.evidenceItem.findFirstOrThrow({
      where: { incidentId: id, position: 2 },
    });
    expect(await recordOfPlace(database.web, rare, 1)).toMatchObject({ id: moved.id });
    expect(await recordOfPlace(database.web, rare, 2)).toBeNull();
  });

  test("each value is looked up in its index", async () => {
    const plan = await database.owner.$transaction(async (tx) => {
      // so few rows would be read whole: what is asked here is whether the indexes can give them
      await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
      await tx.$executeRaw`SET LOCAL enable_sort = off`;
      const sql = similarSql(id, [{ type: "ip", value: "203.0.113.7" }], 1000);
      const rows = await tx.$queryRawUnsafe<{ "QUERY PLAN": string }[]>(
        `EXPLAIN ${sql.text}`,
        ...sql.values,
      );
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    });
    expect(plan).toMatch(
      /Index Only Scan Backward using incident_observable_type_value_incident_id_idx/,
    );
    expect(plan).not.toContain("Seq Scan");
  });
});
