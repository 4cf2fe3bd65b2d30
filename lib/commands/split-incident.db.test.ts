/** A split by hand, its undoing, and whatever it must not do: hide, lose or count twice. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { evidenceStands } from "#lib/queries/evidence-stands.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { threadOutline } from "#lib/queries/thread-outline.ts";
import type { PersonActor } from "./actor.ts";
import { addNote } from "./add-note.ts";
import { addSource, ingest } from "./ingest-fixtures.ts";
import { mergeIncident } from "./merge-incident.ts";
import { pinRecord } from "./pin-record.ts";
import { setVerdict } from "./set-verdict.ts";
import { splitIncident } from "./split-incident.ts";
import { expectLeaves, itemsOf as itemsIn, openCase } from "./split-fixtures.ts";
import type { Items } from "./split-fixtures.ts";
import { undoSplit } from "./undo-split.ts";

let database: TestDatabase;
let source: { id: string; name: string };
let ana: PersonActor;
let eve: PersonActor;
let ben: TestPerson;
let cleo: TestPerson;

beforeAll(async () => {
  database = await testDatabase();
  source = await addSource(database.web, "edr");
  const actor = async (role: "analyst" | "auditor"): Promise<PersonActor> => ({
    kind: "person",
    id: (await makePerson(database, role)).id,
    role,
    session: null,
  });
  [ben, cleo] = [await makePerson(database, "analyst"), await makePerson(database, "lead")];
  [ana, eve] = [await actor("analyst"), await actor("auditor")];
});
afterAll(() => database.close());

let made = 0;
const opened = () => openCase(database, { source, key: `S${(made += 1)}` });
const itemsOf = (id: string) => itemsIn(database, id);
const expectConsistent = (id: string) => expectLeaves(database, id);

async function split(incidentId: string, positions: number[], by = ana) {
  const items = await itemsOf(incidentId);
  const evidenceIds = items.flatMap(({ id, position }) => (positions.includes(position) ? id : []));
  return splitIncident(database.web, { incidentId, evidenceIds, reason: "Another host." }, by);
}
const undo = (splitId: string) => undoSplit(database.web, { splitId }, ana);
const rowOf = (id: string) => database.web.incident.findUniqueOrThrow({ where: { id } });

/** What stands of an incident but its version, root, count and the time it was last worked on; its records with their places. */
async function standing(incidentId: string): Promise<unknown> {
  const rows = await database.owner.$queryRaw<unknown[]>`
    SELECT to_jsonb(i) - 'version' - 'last_activity_at' - 'evidence_root' - 'evidence_peaks' - 'evidence_count' AS incident,
      (SELECT jsonb_agg(jsonb_build_array(e.id, e.position) ORDER BY e.position) FROM evidence_item e WHERE e.incident_id = i.id) AS items,
      (SELECT jsonb_agg(to_jsonb(o) ORDER BY o.type, o.value) FROM incident_observable o WHERE o.incident_id = i.id) AS seen,
      (SELECT jsonb_agg(to_jsonb(k) ORDER BY k.type, k.value) FROM incident_link k WHERE k.incident_id = i.id) AS links
    FROM incident i WHERE i.id = ${incidentId}::uuid`;
  return rows[0];
}

async function kindsOf(incidentId: string): Promise<string[]> {
  const rows = await database.owner.$queryRaw<{ kind: string }[]>`
    SELECT line::jsonb->>'kind' AS kind FROM trail.entry
    WHERE incident_id = ${incidentId}::uuid ORDER BY seq`;
  return rows.map(({ kind }) => kind);
}

/** A decision as it comes about: proposed by one analyst, signed by another. */
async function decide(
  incidentId: string,
  kind: "escalation" | "closure",
  outcome: "approved" | "rejected",
): Promise<void> {
  const { web } = database.pools;
  const decision = await propose(web, { incidentId, kind, proposer: ben });
  await sign(web, decision, { person: cleo, outcome });
}

describe("a split by hand", () => {
  test("opens an incident of the chosen records, and leaves the root of the first over all it held", async () => {
    const from = await opened();
    const [before, held] = [await rowOf(from), await itemsOf(from)];
    const { into, count } = await split(from, [2, 4]);
    expect(count).toBe(2);
    expect((await itemsOf(from)).map(({ position }) => position)).toEqual([1, 3, 5]);
    expect(await itemsOf(into.id)).toEqual([
      { id: held[1]!.id, position: 1 },
      { id: held[3]!.id, position: 2 },
    ]);
    expect(await expectConsistent(from)).toBe(6);
    expect(await findIncident(database.web, from)).toMatchObject({ recordCount: 3 });
    expect(await expectConsistent(into.id)).toBe(2);
    const stood = { count: 5, root: before.evidenceRoot };
    expect(await evidenceStands(database.web, from, stood)).toBe(true);
    const after = await rowOf(from);
    expect(after.version).toBe(before.version + 1n);
    const opening = await rowOf(into.id);
    expect(opening).toMatchObject({ severity: "critical", status: "new", assigneeId: null });
    expect(opening.title).toContain("alert 3");
    expect(opening.slaDueAt.getTime()).toBeLessThan(Date.now() + 24 * 3_600_000);
    expect((await kindsOf(from)).slice(-2)).toEqual(["incident.split", "evidence.sealed"]);
    expect(await kindsOf(into.id)).toEqual([
      "incident.opened",
      "incident.split",
      "evidence.sealed",
    ]);
    const seen = await database.web.incidentObservable.findMany({
      where: { incidentId: { in: [from, into.id] }, value: `s${made}` },
      orderBy: { count: "asc" },
    });
    expect(seen.map((one) => [one.incidentId, one.count])).toEqual([
      [into.id, 2],
      [from, 3],
    ]);
  });

  test("is seen by a thread that was read before, and so is its undoing", async () => {
    const from = await opened();
    const places = async () =>
      (await threadOutline(database.web, { incidentId: from, filter: {} })).records;
    expect(await places()).toBe(5);
    const { splitId } = await split(from, [1]);
    expect(await places()).toBe(4);
    await undo(splitId);
    expect(await places()).toBe(5);
  });

  test("takes later records, may be split again, and its part too", async () => {
    const from = await opened();
    const key = `S${made}`;
    const { into } = await split(from, [1, 2, 3]);
    await ingest(database.web, source, [{ recordId: `${key}-late`, severity: "low" }], key);
    expect((await itemsOf(from)).at(-1)!.position).toBe(7);
    expect(await expectConsistent(from)).toBe(7);
    const again = await split(into.id, [2]);
    expect(await expectConsistent(into.id)).toBe(4);
    expect(await expectConsistent(again.into.id)).toBe(1);
    await split(from, [7]);
    expect(await expectConsistent(from)).toBe(8);
    expect(await expectConsistent(from)).toBe(8);
  });

  test("leaves both to be decided, over what each holds", async () => {
    const from = await opened();
    const { into, splitId } = await split(from, [3]);
    await decide(from, "closure", "approved");
    await decide(into.id, "closure", "approved");
    expect((await rowOf(from)).status).toBe("closed");
    expect((await rowOf(into.id)).status).toBe("closed");
    await expect(undo(splitId)).rejects.toMatchObject({ details: { reason: "closed" } });
  });

  test("is undone by a merge back too, when it is too late for the other", async () => {
    const from = await opened();
    const { into, splitId } = await split(from, [4, 5]);
    await addNote(database.web, { incidentId: into.id, text: "Seen." }, ana);
    await expect(undo(splitId)).rejects.toMatchObject({ details: { reason: "note" } });
    await mergeIncident(database.web, { incidentId: into.id, intoId: from, reason: "One." }, ana);
    expect(await expectConsistent(from)).toBe(8);
  });
});

describe("undone", () => {
  test("each record is back at its place, and the second leads to the first", async () => {
    const from = await opened();
    const before = await standing(from);
    const { version } = await rowOf(from);
    const { splitId, into } = await split(from, [1, 4]);
    await undo(splitId);
    expect(await standing(from)).toEqual(before);
    expect(await expectConsistent(from)).toBe(7);
    expect(await expectConsistent(into.id)).toBe(0);
    expect(await findIncident(database.web, into.id)).toMatchObject({ mergedInto: { id: from } });
    expect((await rowOf(from)).version).toBeGreaterThan(version + 1n);
    expect((await kindsOf(into.id)).slice(-2)).toEqual(["incident.unsplit", "incident.merged"]);
    await expect(undo(splitId)).rejects.toMatchObject({ details: { reason: "undone" } });
    await split(from, [1, 4]);
    expect(await expectConsistent(from)).toBe(8);
  });

  test.each([
    [
      "verdict",
      (id: string) => setVerdict(database.web, { incidentId: id, verdict: "suspicious" }, ana),
    ],
    ["note", (id: string) => addNote(database.web, { incidentId: id, text: "Seen." }, ana)],
    ["decision", (id: string) => propose(database.pools.web, { incidentId: id, proposer: ben })],
    ["evidence", async (id: string) => split(id, [1])],
  ] as const)("not once there was a %s in the first since", async (reason, act) => {
    const from = await opened();
    const { splitId } = await split(from, [2]);
    await act(from);
    await expect(undo(splitId)).rejects.toMatchObject({
      code: "undo_refused",
      details: { reason },
    });
  });
});

describe("refused", () => {
  const refusal = (reason: string) => ({ code: "split_refused", details: { reason } });

  test("none, all, and what is elsewhere or pinned", async () => {
    const [one, other] = [await opened(), await opened()];
    await expect(split(one, [])).rejects.toMatchObject(refusal("none"));
    await expect(split(one, [1, 2, 3, 4, 5])).rejects.toMatchObject(refusal("all"));
    const strange = (await itemsOf(other))[0]!.id;
    await expect(
      splitIncident(database.web, { incidentId: one, evidenceIds: [strange], reason: "No." }, ana),
    ).rejects.toMatchObject(refusal("elsewhere"));
    const pinned = (await itemsOf(one))[0]!.id;
    await pinRecord(database.web, { incidentId: one, evidenceId: pinned, pinned: true }, ana);
    await expect(split(one, [1])).rejects.toMatchObject(refusal("pinned"));
    expect(await split(one, [2])).toMatchObject({ count: 1 });
  });

  test("what waits for a signature, was signed, is in effect, closed, or merged away", async () => {
    const [waits, rejected, escalated, closed, gone, stands] = await Promise.all(
      Array.from({ length: 6 }, opened),
    );
    await propose(database.pools.web, { incidentId: waits!, proposer: ben });
    await expect(split(waits!, [1])).rejects.toMatchObject(refusal("open"));
    await decide(rejected!, "closure", "rejected");
    await expect(split(rejected!, [1])).rejects.toMatchObject(refusal("signed"));
    await decide(escalated!, "escalation", "approved");
    await expect(split(escalated!, [1])).rejects.toMatchObject(refusal("in_effect"));
    await decide(closed!, "closure", "approved");
    await expect(split(closed!, [1])).rejects.toMatchObject(refusal("closed"));
    await mergeIncident(database.web, { incidentId: gone!, intoId: stands!, reason: "One." }, ana);
    const [{ id }] = (await itemsOf(stands!)) as [Items[number]];
    await expect(
      splitIncident(database.web, { incidentId: gone!, evidenceIds: [id], reason: "No." }, ana),
    ).rejects.toMatchObject(refusal("merged"));
  });

  test("whoever does not work on incidents", async () => {
    const from = await opened();
    await expect(split(from, [1], eve)).rejects.toThrow(
      /whoever merges must be|not allowed|may not/,
    );
    expect(await expectConsistent(from)).toBe(5);
  });

  test("an incident from which records went is not merged away, and neither is by itself", async () => {
    const [from, other] = [await opened(), await opened()];
    const { into } = await split(from, [2]);
    await expect(
      mergeIncident(database.web, { incidentId: from, intoId: other, reason: "One." }, ana),
    ).rejects.toMatchObject({ details: { reason: "split" } });
    for (const id of [from, into.id])
      await expect(
        database.web.incident.update({ where: { id }, data: { mergedIntoId: other } }),
      ).rejects.toThrow(/merge: only an untouched/);
  });

  test("of two at once, one is told that the records went", async () => {
    const from = await opened();
    const [one, two] = await Promise.allSettled([split(from, [1, 2]), split(from, [2, 3])]);
    const lost = [one, two].filter(({ status }) => status === "rejected");
    expect(lost).toMatchObject([{ reason: refusal("elsewhere") }]);
    expect(await expectConsistent(from)).toBe(6);
  });
});
