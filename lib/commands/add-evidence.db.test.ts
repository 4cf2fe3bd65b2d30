/** Evidence by hand, and incidents opened by hand: what is added is evidence like any other, or is refused by name. */
import { createHash, randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readByHand } from "#lib/connectors/sources/by-hand.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { HAND_RECORDS_MAX, HAND_TOTAL_BYTES_MAX } from "#lib/domain/evidence/by-hand.ts";
import type { HandWay } from "#lib/domain/evidence/by-hand.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { summarise } from "#lib/jobs/summarise.ts";
import { findEvidence } from "#lib/queries/find-evidence.ts";
import { evidenceLeaf } from "#lib/trail/evidence-root.ts";
import { CompactRange } from "#lib/trail/tree.ts";
import type { PersonActor } from "./actor.ts";
import { addEvidence } from "./add-evidence.ts";
import { createSource } from "./create-source.ts";
import { addSource, ingest } from "./ingest-fixtures.ts";
import { mergeIncident } from "./merge-incident.ts";
import { openIncident } from "./open-incident.ts";

let database: TestDatabase;
let source: { id: string; name: string };
let ana: PersonActor;
let ben: TestPerson;
let cleo: TestPerson;

beforeAll(async () => {
  database = await testDatabase();
  source = await addSource(database.web, "edr");
  ana = await actor("analyst", "Ana");
  [ben, cleo] = [await makePerson(database, "analyst"), await makePerson(database, "lead")];
});
afterAll(() => database.close());

async function actor(role: TestPerson["role"], name: string): Promise<PersonActor> {
  const { id } = await makePerson(database, role, name);
  return { kind: "person", id, role, session: null };
}

let made = 0;
async function opened(): Promise<string> {
  const key = `H${(made += 1)}`;
  const { incidents } = await ingest(database.web, source, [{ recordId: key, title: key }], key);
  return incidents[0]!.id;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

type Given = { way?: HandWay; name?: string | null; by?: PersonActor };
async function add(incidentId: string, bytes: Uint8Array, given: Given = {}) {
  const { way = "file", name = null, by = ana } = given;
  const read = await readByHand({ way, bytes, name });
  if (!read.ok) throw new Error(read.reason);
  return addEvidence(database.web, { incidentId, bytes, record: read.record }, by);
}

const incidentOf = (id: string) =>
  database.owner.incident.findUniqueOrThrow({ where: { id }, include: { evidence: true } });

/** Root, range and counts are those of the records as they lie there. */
async function expectConsistent(id: string): Promise<void> {
  const incident = await incidentOf(id);
  const range = new CompactRange();
  for (const item of incident.evidence.toSorted((a, b) => a.position! - b.position!)) {
    expect(item.position).toBe(range.size + 1);
    range.append(evidenceLeaf({ id: item.id, sha256: item.rawSha256 }, item.position!));
  }
  expect(Buffer.from(incident.evidenceRoot).equals(range.root())).toBe(true);
  expect(Buffer.from(incident.evidencePeaks).equals(range.toBytes())).toBe(true);
  expect(incident.evidenceCount).toBe(range.size);
}

async function kindsOf(incidentId: string): Promise<string[]> {
  const rows = await database.owner.$queryRaw<{ kind: string; actor: string }[]>`
    SELECT kind, actor FROM trail.entry WHERE incident_id = ${incidentId}::uuid ORDER BY seq`;
  return rows.filter(({ actor: who }) => who === `person:${ana.id}`).map(({ kind }) => kind);
}

const SAID = {
  title: "Caller said they are the bank",
  category: "phishing",
  severity: "high",
  description: "Reception was called at 09:40 and asked for the CFO's mobile number.",
} as const;
const open = (given: Partial<Parameters<typeof openIncident>[1]> = {}, by = ana) =>
  openIncident(database.web, { ...SAID, idem: randomUUID(), ...given }, by);

describe("evidence by hand", () => {
  test("is a record at the next place, from a source that names the person, with an entry of its own", async () => {
    const id = await opened();
    const bytes = utf8("203.0.113.9 asked for /admin, then http://evil.example/a.exe\n");
    const added = await add(id, bytes, { way: "paste" });
    expect(added).toMatchObject({
      label: "E2",
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    const record = await findEvidence(database.web, added.id);
    expect(record).toMatchObject({ source: "By hand: Ana", format: "hand-paste", kind: "event" });
    expect((await incidentOf(id)).sourceNames).toEqual(["By hand: Ana", "edr"]);
    expect(await kindsOf(id)).toEqual(["incident.joined", "evidence.sealed", "evidence.added"]);
    const seen = await database.owner.incidentObservable.findMany({ where: { incidentId: id } });
    expect(seen.map(({ type, value }) => `${type}:${value}`)).toEqual(
      expect.arrayContaining(["ip:203.0.113.9", "domain:evil.example"]),
    );
    await expectConsistent(id);
  });

  test("is announced as a source's records are, so that the summary is made anew, and the summary takes it", async () => {
    const id = await opened();
    await add(id, utf8("one line"));
    const told = await database.owner.outbox.findMany({ where: { incidentId: id } });
    expect(told.map(({ kind }) => kind)).toEqual(["evidence.added", "evidence.added"]);
    await summarise(database.worker, id);
    const summary = await database.owner.summary.findFirstOrThrow({ where: { incidentId: id } });
    expect(Buffer.from(summary.evidenceRoot)).toEqual(
      Buffer.from((await incidentOf(id)).evidenceRoot),
    );
  });

  test("ties nothing: no later alert joins because of a value that somebody brought", async () => {
    const id = await opened();
    const mail =
      "From: a@evil.example\r\nDate: Sun, 01 Mar 2026 02:00:00 +0000\r\nSubject: Hi\r\n\r\nHi";
    await add(id, utf8(mail), { way: "email" });
    expect(
      await database.owner
        .$queryRaw`SELECT 1 FROM incident_link WHERE incident_id = ${id}::uuid AND value = 'a@evil.example'`,
    ).toEqual([]);
  });

  test("makes an open decision stale at its signature", async () => {
    const id = await opened();
    const { web } = database.pools;
    const decision = await propose(web, { incidentId: id, kind: "escalation", proposer: ben });
    await add(id, utf8("what nobody knew yet"));
    expect(await sign(web, decision, { person: cleo, outcome: "approved" })).toEqual({
      state: "stale",
    });
    expect((await incidentOf(id)).escalatedBy).toBeNull();
  });

  test("two people of one name have a source each", async () => {
    const id = await opened();
    const other = await actor("lead", "Ana");
    await add(id, utf8("mine"));
    await add(id, utf8("yours"), { by: other });
    const { sourceNames } = await incidentOf(id);
    expect(sourceNames).toHaveLength(3);
    expect(sourceNames[1]).toMatch(/^By hand: Ana \(ana-.*@example\.test\)$/);
  });

  test("twenty at once, some of them the same, take a place each and lose nothing", async () => {
    const id = await opened();
    const tries = Array.from({ length: 20 }, (_, n) => add(id, utf8(`line ${n % 10}`)));
    const done = await Promise.allSettled(tries);
    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    const refused = done.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(refused).toHaveLength(10);
    for (const each of refused) expect(each).toMatchObject({ code: "evidence_known" });
    await expectConsistent(id);
    expect((await incidentOf(id)).evidenceCount).toBe(11);
  });

  test("bytes in are bytes out, whatever they are", async () => {
    const id = await opened();
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), async (bytes) => {
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        if (seen.has(sha256)) return;
        seen.add(sha256);
        const added = await add(id, bytes, { name: "any.bin" });
        const item = await database.web.evidenceItem.findUniqueOrThrow({ where: { id: added.id } });
        expect(Buffer.from(item.raw).equals(Buffer.from(bytes))).toBe(true);
        expect([added.sha256, Buffer.from(item.rawSha256).toString("hex")]).toEqual([
          sha256,
          sha256,
        ]);
      }),
      { numRuns: 40 },
    );
    await expectConsistent(id);
  });
});

test("an incident to which somebody added something is merged by a person only, whatever a source says", async () => {
  const host = randomUUID();
  const [one, two] = [`a-${host}`, `b-${host}`];
  const sent = async (recordId: string) =>
    (await ingest(database.web, source, [{ recordId, title: recordId }])).incidents[0]!.id;
  const [kept, mine] = [await sent(one), await sent(two)];
  await add(mine, utf8("what a caller said"));
  const row = {
    recordId: `x-${host}`,
    kind: "incident",
    sourceIncidentId: host,
    alertIds: [one, two],
  };
  await ingest(database.web, source, [row]);
  expect(await incidentOf(mine)).toMatchObject({ mergedIntoId: null, evidenceCount: 2 });
  const own = await openIncident(
    database.web,
    { idem: randomUUID(), title: "Call", category: "other", severity: "low", description: "One." },
    ana,
  );
  for (const id of [mine, own.id]) {
    const merged = database.web.incident.update({ where: { id }, data: { mergedIntoId: kept } });
    await expect(merged).rejects.toThrow("only an untouched incident");
  }
});

describe("refused", () => {
  test("the same bytes twice, wherever they came from; the refusal leads to them", async () => {
    const [one, two] = [await opened(), await opened()];
    const { id: evidenceId } = await add(one, utf8("the same"));
    await expect(add(one, utf8("the same"), { way: "paste" })).rejects.toMatchObject({
      code: "evidence_known",
      details: { label: "E2", evidenceId },
    });
    expect(await add(two, utf8("the same"))).toMatchObject({ label: "E2" });
    await mergeIncident(database.web, { incidentId: two, intoId: one, reason: "One matter." }, ana);
    await expectConsistent(one);
  });

  test("nothing, a closed incident, a merged one, and one that is not there", async () => {
    const [one, two, three] = [await opened(), await opened(), await opened()];
    await expect(add(one, new Uint8Array())).rejects.toMatchObject({ code: "evidence_empty" });
    const { web } = database.pools;
    const closure = await propose(web, { incidentId: one, kind: "closure", proposer: ben });
    await sign(web, closure, { person: cleo, outcome: "approved" });
    await expect(add(one, utf8("late"))).rejects.toMatchObject({ code: "incident_closed" });
    await mergeIncident(database.web, { incidentId: two, intoId: three, reason: "Same." }, ana);
    await expect(add(two, utf8("late"))).rejects.toMatchObject({ code: "incident_merged" });
    await expect(add(randomUUID(), utf8("x"))).rejects.toMatchObject({
      code: "incident_not_found",
    });
    expect((await incidentOf(one)).evidenceCount).toBe(1);
  });

  test("by an auditor, an admin and whoever has left, whatever door they found", async () => {
    const id = await opened();
    const gone = await actor("analyst", "Gone");
    await database.owner.person.update({ where: { id: gone.id }, data: { active: false } });
    for (const by of [await actor("auditor", "Eve"), await actor("admin", "Adam"), gone]) {
      await expect(add(id, utf8("x"), { by })).rejects.toMatchObject({ status: 403 });
      await expect(open({}, by)).rejects.toMatchObject({ status: 403 });
    }
    expect((await incidentOf(id)).evidenceCount).toBe(1);
  });

  test("more than an incident takes by hand, in records and in bytes", async () => {
    const [many, big] = [await opened(), await opened()];
    for (let n = 0; n < HAND_RECORDS_MAX; n += 1) await add(many, utf8(`record ${n}`));
    await expect(add(many, utf8("one more"))).rejects.toMatchObject({ code: "by_hand_full" });
    const piece = HAND_TOTAL_BYTES_MAX / 10;
    for (let n = 0; n < 10; n += 1) await add(big, Buffer.alloc(piece, n + 1));
    await expect(add(big, utf8("x"))).rejects.toMatchObject({ code: "by_hand_full" });
  }, 120_000);

  test("a source of machines that would pass for a person", async () => {
    const given = { name: "By Hand: Ana", format: "generic" as const };
    await expect(createSource(database.web, given, ana)).rejects.toMatchObject({
      code: "source_name_kept",
    });
  });
});

describe("an incident opened by hand", () => {
  test("is what the person said of it: title, severity, clocks, and a first record with a root", async () => {
    const { id, number } = await open();
    const incident = await incidentOf(id);
    expect(incident).toMatchObject({
      title: SAID.title,
      severity: "high",
      status: "new",
      evidenceCount: 1,
    });
    expect(number).toMatch(/^INC-\d{6}$/);
    expect(incident.slaDueAt.getTime()).toBeGreaterThan(incident.openedAt.getTime());
    expect(incident.decideDueAt.getTime()).toBeGreaterThan(incident.openedAt.getTime());
    await expectConsistent(id);
    expect(await kindsOf(id)).toEqual(["incident.opened", "evidence.sealed", "evidence.added"]);
    const record = await findEvidence(database.web, incident.evidence[0]!.id);
    expect(record).toMatchObject({ label: "E1", format: "hand-incident", source: "By hand: Ana" });
    expect(JSON.parse(record!.raw)).toEqual(SAID);
  });

  test("once, however often the button is pressed; another form opens another", async () => {
    const idem = randomUUID();
    const ids = (await Promise.all([1, 2, 3, 4].map(() => open({ idem })))).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    expect((await incidentOf(ids[0]!)).evidenceCount).toBe(1);
    expect((await open()).id).not.toBe(ids[0]);
    const [id] = ids;
    const { number } = await database.web.incident.findUniqueOrThrow({ where: { id } });
    await expect(open({ idem, description: "Two." })).rejects.toMatchObject({
      code: "opened_already",
      status: 409,
      message: expect.stringContaining(incidentNumber(number)) as string,
    });
    expect((await open({ idem })).id).toBe(id);
  });

  test("is summarised with everything that was added to it, and what the rules say of that holds", async () => {
    const { id } = await open();
    await add(id, Buffer.from([0x4d, 0x5a, 0, 0xff, 0xfe, 10, 13]), { name: "a.exe" });
    const mail =
      "From: it@evil.example\r\nTo: jo@victim.example\r\nDate: Sun, 01 Mar 2026 02:00:00 +0000\r\nSubject: Pay\r\n\r\nhttps://evil.example/x";
    await add(id, utf8(mail), { way: "email" });
    await add(
      id,
      utf8('{"host":"ws-014","time":"2026-03-01T02:00:00Z","source.ip":"203.0.113.9"}'),
      {
        way: "paste",
      },
    );
    await summarise(database.worker, id);
    const claims = await database.owner.claim.findMany({ where: { summary: { incidentId: id } } });
    expect(claims.length).toBeGreaterThan(0);
    expect(
      claims.filter(({ standing }) => standing !== "supported").map(({ text }) => text),
    ).toEqual([]);
  });

  test("can be summarised, escalated, and takes more by hand", async () => {
    const { id } = await open({ severity: "critical" });
    expect(await add(id, utf8("a note of the call"), { way: "paste" })).toMatchObject({
      label: "E2",
    });
    await summarise(database.worker, id);
    const { web } = database.pools;
    const decision = await propose(web, { incidentId: id, kind: "escalation", proposer: ben });
    await sign(web, decision, { person: cleo, outcome: "approved" });
    expect((await incidentOf(id)).escalatedBy).not.toBeNull();
    await expectConsistent(id);
  });
});
