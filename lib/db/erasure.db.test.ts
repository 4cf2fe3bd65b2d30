import { afterAll, beforeAll, expect, test } from "vitest";
import { addSource } from "#lib/commands/ingest-fixtures.ts";
import { dropLoose } from "#lib/jobs/drop-loose.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { listTrail } from "#lib/queries/list-trail.ts";
import { root } from "#lib/trail/tree.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { adminQuery } from "./testing.ts";
import { approveErasure, askErasure, endErasure, liftHold, placeHold } from "./testing-erasure.ts";
import { refusal } from "./testing-gate.ts";
import { makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";
import { appendTrail, transact } from "./transaction.ts";
import { NOBODY } from "./acting.ts";

let w: World;
beforeAll(async () => {
  w = await makeWorld();
});
afterAll(() => w.db.close());

const WORDS = "what nobody may read any more";

async function note(incidentId: string): Promise<void> {
  const entry = { kind: "note.added", actor: "system:test", incidentId } as const;
  await transact(w.db.web, NOBODY, (tx) => appendTrail(tx, { ...entry, payload: { text: WORDS } }));
}

async function roots(size: number): Promise<string> {
  const { rows } = await w.db.pools.auditor.query<{ leaf: Buffer }>(
    "select leaf from trail.entry where seq < $1 order by seq",
    [size],
  );
  return root(rows.map(({ leaf }) => leaf)).toString("hex");
}

async function sizeNow(): Promise<number> {
  return Number((await w.db.pools.auditor.query("select size from trail.head")).rows[0].size);
}

test("a request that another lead or admin approves takes key and payloads, and leaves every hash standing", async () => {
  const { incidentId } = w.closed;
  await note(incidentId);
  const size = await sizeNow();
  const before = await roots(size);
  const id = await askErasure(w.web, w.lea, incidentId);
  const keys = `select wrapped from trail.payload_key where incident_id = '${incidentId}'`;
  const key = (await adminQuery(w.db.adminUrl, keys)).rows[0].wrapped as Buffer;
  await approveErasure(w.web, w.adm, id);
  expect(await roots(size)).toBe(before);
  expect((await adminQuery(w.db.adminUrl, keys)).rows[0].wrapped.equals(key)).toBe(false);
  const { rows } = await w.db.pools.auditor.query(
    `select e.kind, p.salt, convert_from(p.bytes, 'UTF8')::json as told, p.erased_by::int
     from trail.entry e join trail.payload p using (seq) where e.incident_id = $1 order by seq desc`,
    [incidentId],
  );
  const [erased, ...gone] = rows;
  expect(erased).toMatchObject({
    kind: "payload.erased",
    told: {
      ...{ erasure: id, legalBasis: "objection", reason: "The person objects." },
      ...{ askedBy: w.lea.id, approvedBy: w.adm.id, entries: gone.length },
    },
  });
  expect(gone.length).toBeGreaterThan(5);
  const by = erased.told.to + 1;
  for (const row of gone) expect(row).toMatchObject({ salt: null, told: null, erased_by: by });

  const whole = await verifyLines(exportTrail(w.db.auditor));
  expect(whole).toMatchObject({ holds: true, erased: [{ by, entries: gone.length }] });
  expect(await verifyLines(exportTrail(w.db.auditor, { incidentId }))).toMatchObject({
    ...{ holds: true, scope: "incident", erased: [{ by, entries: gone.length }] },
  });
  const checked = await checkWholeTrail(w.db.worker);
  expect(checked.find(({ check }) => check === "payloads")).toMatchObject({ fault: null });
  const page = await listTrail(w.db.web, { incident: incidentId });
  expect(page.entries[0]).toMatchObject({
    erasedBy: null,
    sentence: expect.stringMatching(/^erased what \d+ entries/) as string,
  });
  expect(page.entries[1]).toMatchObject({ erasedBy: by, payload: null });

  // What is told afterwards is told under the new key, and can be erased in its turn.
  await note(incidentId);
  await approveErasure(w.web, w.lea, await askErasure(w.web, w.adm, incidentId));
  const again = await verifyLines(exportTrail(w.db.auditor));
  expect(again.holds).toBe(true);
  expect(again.erased.map(({ entries }) => entries)).toEqual([gone.length, 3]);
});

test("no file passes that hides a payload behind an erasure that was none", async () => {
  const lines: string[] = [];
  for await (const line of exportTrail(w.db.auditor)) lines.push(line);
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const erasedAt = parsed.findIndex((line) => "erasedBy" in line);
  const openAt = parsed.findIndex((line) => !("erasedBy" in line));
  const by = parsed[erasedAt]!["erasedBy"] as number;
  const hidden = (at: number, erasedBy: number) =>
    lines.with(
      at,
      JSON.stringify({ erasedBy, leaf: parsed[at]!["leaf"], line: parsed[at]!["line"] }),
    );
  const reasons = await Promise.all(
    [
      hidden(openAt, by),
      hidden(erasedAt, by + 1),
      hidden(erasedAt, lines.length + 9),
      hidden(erasedAt, 0),
    ].map(
      async (file) =>
        (await verifyLines(file)).checks.find(({ name }) => name === "payload")?.first?.reason,
    ),
  );
  expect(reasons).toEqual([
    expect.stringMatching(/cannot have been erased by/),
    expect.stringMatching(/erased no payload of that incident/),
    expect.stringMatching(/names entry \d+, which is not there, for its erasure/),
    expect.stringMatching(/cannot have been erased by entry 0/),
  ]);
});

test("who asked withdraws, another refuses; either way nothing is erased and it can be asked for again", async () => {
  const { incidentId } = w.closed;
  await note(incidentId);
  const mine = await askErasure(w.web, w.lea, incidentId);
  expect(await refusal(() => approveErasure(w.web, w.lea, mine))).toMatch(/^G4 another person/);
  expect(await endErasure(w.web, w.lea, mine)).toBe("withdrawn");
  const next = await askErasure(w.web, w.lea, incidentId);
  expect(await endErasure(w.web, w.adm, next)).toBe("refused");
  expect(await refusal(() => approveErasure(w.web, w.adm, next))).toMatch(/^G1 /);
  const { rows } = await w.db.pools.auditor.query(
    "select kind, actor from trail.entry where incident_id = $1 order by seq desc limit 4",
    [incidentId],
  );
  expect(rows.map(({ kind }) => kind)).toEqual([
    ...["erasure.refused", "erasure.requested", "erasure.withdrawn", "erasure.requested"],
  ]);
  expect(rows[0].actor).toBe(`person:${w.adm.id}`);
});

test("a hold stops erasure and retention until it is lifted, and both stand on the trail", async () => {
  const { incidentId } = w.closed;
  const id = await askErasure(w.web, w.lea, incidentId);
  const own = await placeHold(w.web, w.lea, incidentId);
  expect(await refusal(() => approveErasure(w.web, w.adm, id))).toMatch(/^G36 a legal hold/);
  const all = await placeHold(w.web, w.adm, null);
  await liftHold(w.web, w.adm, own);
  expect(await refusal(() => approveErasure(w.web, w.adm, id))).toMatch(/^G36 a legal hold/);
  const source = await addSource(w.db.web);
  await w.web.query(
    `insert into evidence_item (id, source_id, record_key, kind, format, time_quality, received_at, title, fields, observables, raw, raw_sha256)
     select gen_random_uuid(), $1, n, 'event', 'generic', 'missing', now() - interval '40 days', '', '{}', '{}', ''::bytea, sha256(''::bytea)
     from generate_series(1, 3) n`,
    [source.id],
  );
  expect(await dropLoose(w.db.worker)).toBe(0);
  await liftHold(w.web, w.lea, all);
  await liftHold(w.web, w.lea, all);
  expect(await dropLoose(w.db.worker)).toBe(3);
  await approveErasure(w.web, w.adm, id);
  const { rows } = await w.db.pools.auditor.query(
    `select e.kind, e.incident_id is null as everywhere from trail.entry e where e.kind like 'hold.%' order by seq`,
  );
  expect(rows).toEqual([
    { kind: "hold.placed", everywhere: false },
    { kind: "hold.placed", everywhere: true },
    { kind: "hold.lifted", everywhere: false },
    { kind: "hold.lifted", everywhere: true },
  ]);
});

test("a hold that is placed while an erasure is approved comes before it or after it, never beside it", async () => {
  const { incidentId } = w.closed;
  const id = await askErasure(w.web, w.lea, incidentId);
  const holding = await w.web.connect();
  await holding.query("begin");
  await placeHold(holding, w.lea, incidentId);
  const approving = refusal(() => approveErasure(w.web, w.adm, id));
  await holding.query("commit");
  holding.release();
  expect(await approving).toMatch(/^G36 a legal hold/);
});

test("what was asked for more than thirty days ago is not approved, and is asked for anew", async () => {
  const { rows } = await w.db.pools.owner.query(
    `select gate.erasure_state(now() - interval '29 days', null) as young, gate.erasure_state(now() - interval '31 days', null) as old,
       gate.erasure_state(now() - interval '31 days', 'approved') as done`,
  );
  expect(rows).toEqual([{ young: "open", old: "expired", done: "approved" }]);
});
