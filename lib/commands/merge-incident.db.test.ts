/** A merge by hand, its undoing, and whatever it must not do: hide, close, lose or count twice. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { threadOutline } from "#lib/queries/thread-outline.ts";
import { evidenceLeaf } from "#lib/trail/evidence-root.ts";
import { CompactRange } from "#lib/trail/tree.ts";
import type { PersonActor } from "./actor.ts";
import { addNote } from "./add-note.ts";
import { addTask } from "./add-task.ts";
import { changeTasks } from "./change-tasks.ts";
import { handOver } from "./hand-over.ts";
import { addSource, at, ingest, observables } from "./ingest-fixtures.ts";
import { mergeIncident } from "./merge-incident.ts";
import { pinRecord } from "./pin-record.ts";
import { proposeDecision } from "./propose-decision.ts";
import { setVerdict } from "./set-verdict.ts";
import { takeOver } from "./take-over.ts";
import { undoMerge } from "./undo-merge.ts";

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

/** An incident of so many alerts, by a key of its own. */
async function opened(records = 2, severity = "medium", ...values: string[]): Promise<string> {
  const key = `M${(made += 1)}`;
  const alerts = Array.from({ length: records }, (_, n) => ({
    recordId: `${key}-${n}`,
    severity,
    title: `${key} alert ${n}`,
    time: at(`0${n % 9}:00:00`),
    observables: observables(`host:${key.toLowerCase()}`, ...values),
  }));
  const { incidents } = await ingest(database.web, source, alerts, key);
  return incidents[0]!.id;
}

const merge = (incidentId: string, intoId: string, by = ana) =>
  mergeIncident(database.web, { incidentId, intoId, reason: "The same intruder." }, by);
const undo = (mergeId: string) => undoMerge(database.web, { mergeId }, ana);

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

type Items = { id: string; position: number; raw_sha256: Uint8Array }[];

async function itemsOf(incidentId: string): Promise<Items> {
  return database.owner.$queryRaw<Items>`
    SELECT id, position, raw_sha256 FROM evidence_item WHERE incident_id = ${incidentId}::uuid ORDER BY position`;
}

/** What stands of an incident but its version and the time it was last worked on; its records with their places. */
async function standing(incidentId: string): Promise<unknown> {
  const rows = await database.owner.$queryRaw<unknown[]>`
    SELECT to_jsonb(i) - 'version' - 'last_activity_at' AS incident,
      (SELECT jsonb_agg(jsonb_build_array(e.id, e.position) ORDER BY e.position) FROM evidence_item e WHERE e.incident_id = i.id) AS items,
      (SELECT jsonb_agg(to_jsonb(o) ORDER BY o.type, o.value) FROM incident_observable o WHERE o.incident_id = i.id) AS seen,
      (SELECT jsonb_agg(to_jsonb(k) ORDER BY k.type, k.value) FROM incident_link k WHERE k.incident_id = i.id) AS links
    FROM incident i WHERE i.id = ${incidentId}::uuid`;
  return rows[0];
}

/** Root, compact range and counts are those of the records as they lie there, and their places have no gap. */
async function expectConsistent(incidentId: string): Promise<number> {
  const items = await itemsOf(incidentId);
  const range = new CompactRange();
  for (const item of items) {
    expect(item.position).toBe(range.size + 1);
    range.append(evidenceLeaf({ id: item.id, sha256: item.raw_sha256 }, item.position));
  }
  const incident = await database.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  expect(Buffer.from(incident.evidenceRoot).equals(range.root())).toBe(true);
  expect(Buffer.from(incident.evidencePeaks).equals(range.toBytes())).toBe(true);
  expect(incident.evidenceCount).toBe(items.length);
  expect(incident.alertCount + incident.eventCount).toBe(items.length);
  return items.length;
}

async function kindsOf(incidentId: string): Promise<string[]> {
  const rows = await database.owner.$queryRaw<{ kind: string }[]>`
    SELECT line::jsonb->>'kind' AS kind FROM trail.entry
    WHERE incident_id = ${incidentId}::uuid ORDER BY seq`;
  return rows.map(({ kind }) => kind);
}

describe("a merge by hand", () => {
  test("moves the records to new places, keeps the worse severity and the sooner clock, and redirects", async () => {
    const [from, into] = [
      await opened(3, "critical", "ip:203.0.113.7"),
      await opened(2, "low", "ip:203.0.113.7"),
    ];
    const due = await database.web.incident.findUniqueOrThrow({ where: { id: from } });
    const moved = (await itemsOf(from)).map(({ id }) => id);
    const merged = await merge(from, into);
    expect(merged.count).toBe(3);
    expect((await itemsOf(into)).slice(2)).toMatchObject(
      moved.map((id, n) => ({ id, position: 3 + n })),
    );
    expect(await expectConsistent(into)).toBe(5);
    expect(await expectConsistent(from)).toBe(0);
    const target = await database.web.incident.findUniqueOrThrow({ where: { id: into } });
    expect(target.severity).toBe("critical");
    expect(target.slaDueAt.getTime()).toBeLessThanOrEqual(due.slaDueAt.getTime());
    expect(await findIncident(database.web, from)).toMatchObject({ mergedInto: { id: into } });
    const seen = await database.web.incidentObservable.findFirstOrThrow({
      where: { incidentId: into, type: "ip" },
    });
    expect(seen.count).toBe(5);
    expect((await kindsOf(from)).at(-1)).toBe("incident.merged");
    expect((await kindsOf(into)).slice(-2)).toEqual(["incident.merged", "evidence.sealed"]);
  });

  test("takes worked-on incidents too, and a source's later record of either lands in the one that stands", async () => {
    const [from, into] = [await opened(), await opened()];
    const key = `M${made - 1}`;
    await setVerdict(database.web, { incidentId: from, verdict: "suspicious" }, ana);
    await addNote(database.web, { incidentId: from, text: "Seen before." }, ana);
    await merge(from, into);
    const { number } = await database.web.incident.findUniqueOrThrow({ where: { id: from } });
    const { acts } = await threadOutline(database.web, { incidentId: into, filter: {} });
    expect(acts.map(({ entry }) => entry)).toMatchObject([
      { type: "note", text: "Seen before.", mergedFrom: number },
    ]);
    const { incidents } = await ingest(database.web, source, [{ recordId: `${key}-late` }], key);
    expect(incidents.map(({ id }) => id)).toEqual([into]);
    expect(await expectConsistent(into)).toBe(5);
  });
});

describe("refused", () => {
  const refusal = (reason: string) => ({ code: "merge_refused", details: { reason } });

  test("while work waits in it: an open task, or a hand-over nobody took over", async () => {
    const [one, two] = [await opened(), await opened()];
    const task = { title: "Ask the owner", details: "" };
    const { id } = await addTask(database.web, { incidentId: one, ...task }, ana);
    await expect(merge(one, two)).rejects.toMatchObject(refusal("tasks"));
    const change = { kind: "state", state: "done" } as const;
    await changeTasks(database.web, { incidentId: one, taskIds: [id], change }, ana);
    const handover = { incidentId: one, personId: ben.id, text: "All yours.", expected: null };
    const { id: handoverId } = await handOver(database.web, handover, ana);
    await expect(merge(one, two)).rejects.toMatchObject(refusal("handover"));
    const taking = { kind: "person", id: ben.id, role: "analyst", session: null } as const;
    await takeOver(database.web, { incidentId: one, handoverId }, taking);
    expect(await merge(one, two)).toMatchObject({});
  });

  test("itself, what was merged, and what is not there", async () => {
    const [one, two, three] = [await opened(), await opened(), await opened()];
    await expect(merge(one, one)).rejects.toMatchObject(refusal("itself"));
    await merge(one, two);
    await expect(merge(one, three)).rejects.toMatchObject(refusal("merged"));
    await expect(merge(three, one)).rejects.toMatchObject(refusal("into_merged"));
    await expect(merge(three, ana.id)).rejects.toMatchObject({ code: "incident_not_found" });
  });

  test("while a decision about either waits for a signature", async () => {
    const [one, two] = [await opened(), await opened()];
    const content = { kind: "escalation", reason: "It needs more hands.", to: "tier 3" } as const;
    const idem = crypto.randomUUID();
    const asked = await proposeDecision(
      database.web,
      { incidentId: one, content, waivedClaimIds: [], idem },
      ana,
    );
    expect(asked).toMatchObject({ ok: true });
    await expect(merge(one, two)).rejects.toMatchObject(refusal("open"));
    await expect(merge(two, one)).rejects.toMatchObject(refusal("into_open"));
    await expectConsistent(one);
    await expectConsistent(two);
  });

  test("what is in effect, signed over or closed, so that no merge hides or ends it", async () => {
    const [one, two] = [await opened(), await opened()];
    await decide(one, "escalation", "approved");
    await expect(merge(one, two)).rejects.toMatchObject(refusal("in_effect"));
    // the other way round nothing is hidden: records join an escalated incident every day
    const { mergeId } = await merge(two, one);
    await undo(mergeId);
    const three = await opened();
    await decide(three, "escalation", "rejected");
    await expect(merge(three, two)).rejects.toMatchObject(refusal("signed"));
    await decide(two, "closure", "approved");
    await expect(merge(two, one)).rejects.toMatchObject(refusal("closed"));
    await expect(merge(three, two)).rejects.toMatchObject(refusal("into_closed"));
    for (const id of [one, two, three]) expect(await expectConsistent(id)).toBe(2);
  });

  test("by an auditor, whatever door they found", async () => {
    const [one, two] = [await opened(), await opened()];
    await expect(merge(one, two, eve)).rejects.toMatchObject({ status: 403 });
    expect(await expectConsistent(one)).toBe(2);
  });
});

describe("undone", () => {
  test("everything stands as it stood, and the entries say so on both", async () => {
    const shared = ["ip:203.0.113.9", "domain:evil.example"];
    const [from, into] = [
      await opened(3, "critical", ...shared),
      await opened(2, "low", ...shared),
    ];
    const before = [await standing(from), await standing(into)];
    const { mergeId } = await merge(from, into);
    await undo(mergeId);
    expect([await standing(from), await standing(into)]).toEqual(before);
    expect(await expectConsistent(from)).toBe(3);
    expect((await kindsOf(from)).slice(-2)).toEqual(["incident.unmerged", "evidence.sealed"]);
    expect((await kindsOf(into)).slice(-2)).toEqual(["incident.unmerged", "evidence.sealed"]);
    await expect(undo(mergeId)).rejects.toMatchObject({ details: { reason: "undone" } });
    // and once more, with another merge of the same two
    await merge(from, into);
    expect(await expectConsistent(into)).toBe(5);
  });

  const BUILT: [reason: string, act: (into: string) => Promise<unknown>][] = [
    ["note", (into) => addNote(database.web, { incidentId: into, text: "One thing." }, ana)],
    ["verdict", (into) => setVerdict(database.web, { incidentId: into, verdict: "benign" }, ana)],
    [
      "evidence",
      async (into) => {
        const { number } = await database.web.incident.findUniqueOrThrow({ where: { id: into } });
        const incident = await database.web.incident.findUniqueOrThrow({ where: { number } });
        return ingest(database.web, source, [{ recordId: `late-${into}` }], incident.sourceKey);
      },
    ],
    [
      "pin",
      async (into) => {
        const [item] = await itemsOf(into);
        return pinRecord(
          database.web,
          { incidentId: into, evidenceId: item!.id, pinned: true },
          ana,
        );
      },
    ],
    ["into_merged", async (into) => merge(into, await opened())],
  ];
  test.each(BUILT)("not over a %s that came since", async (reason, act) => {
    const [from, into] = [await opened(), await opened()];
    const { mergeId } = await merge(from, into);
    await act(into);
    await expect(undo(mergeId)).rejects.toMatchObject({
      code: "undo_refused",
      details: { reason },
    });
    expect(await findIncident(database.web, from)).toMatchObject({ mergedInto: { id: into } });
  });
});

test("twenty at once, each into the other, leave one that stands, with every record in it", async () => {
  const [one, two] = [await opened(3), await opened(4)];
  const tries = Array.from({ length: 20 }, (_, n) => (n % 2 ? merge(one, two) : merge(two, one)));
  const done = await Promise.allSettled(tries);
  expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const counts = [await expectConsistent(one), await expectConsistent(two)];
  expect(counts.toSorted()).toEqual([0, 7]);
});

test("whatever is merged and undone in whatever order, roots and places stay those of the records", async () => {
  const step = fc.record({
    what: fc.constantFrom("merge" as const, "undo" as const),
    a: fc.nat(3),
    b: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const ids = [await opened(1), await opened(2), await opened(3), await opened(4)];
      const merges: string[] = [];
      for (const { what, a, b } of steps) {
        const last = merges.at(-1 - (a % 2));
        if (what === "merge")
          await merge(ids[a]!, ids[b]!).then(({ mergeId }) => merges.push(mergeId), isRefusal);
        else if (last) await undo(last).then(() => undefined, isRefusal);
      }
      let records = 0;
      for (const id of ids) records += await expectConsistent(id);
      expect(records).toBe(10);
    }),
    { numRuns: 15 },
  );
});

function isRefusal(error: unknown): void {
  expect(error).toMatchObject({ status: 409 });
}
