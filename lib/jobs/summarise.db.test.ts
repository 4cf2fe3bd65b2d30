import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSource } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { summarise } from "./summarise.ts";
import { FAILURES, logonFailure, testDesk, type TestDesk } from "./testing.ts";

let db: TestDatabase;
let desk: TestDesk;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
});
afterAll(() => db.close());

test("without a model the rules summary stands alone, and every claim of it holds", async () => {
  const incidentId = await desk.openIncident();
  const outcome = await summarise(db.worker, incidentId);
  expect(outcome).toMatchObject({ issued: true, version: 1 });
  const { rules, model } = await desk.summaries(incidentId);
  expect(model).toBeUndefined();
  expect(rules).toMatchObject({
    state: "complete",
    stale: false,
    generator: "rules/2",
    evidenceCount: 1 + FAILURES,
  });
  expect(rules!.claims.length).toBeGreaterThan(2);
  expect(rules!.claims.map(({ text, standing }) => [text, standing])).toEqual(
    rules!.claims.map(({ text }) => [text, "supported"]),
  );
  for (const { quote, start, end, evidenceId } of rules!.claims.flatMap(
    ({ citations }) => citations,
  )) {
    const { raw } = await db.web.evidenceItem.findUniqueOrThrow({ where: { id: evidenceId! } });
    expect(Buffer.from(raw).toString("utf8").slice(start!, end!)).toBe(quote);
  }
  expect(await desk.trailKinds(incidentId)).toEqual([
    "incident.opened",
    "evidence.sealed",
    "summary.issued",
  ]);
});

test("the same evidence read by the same rules makes no second version; new evidence does", async () => {
  const key = randomUUID();
  const incidentId = await desk.ingest(key, [logonFailure(0)]);
  await summarise(db.worker, incidentId);
  expect(await summarise(db.worker, incidentId)).toMatchObject({ issued: false });
  await desk.ingest(key, [logonFailure(1)]);
  expect((await desk.summaries(incidentId)).rules?.stale).toBe(true);
  expect(await summarise(db.worker, incidentId)).toMatchObject({ issued: true, version: 2 });
  expect((await desk.summaries(incidentId)).rules).toMatchObject({
    stale: false,
    evidenceCount: 2,
  });
});

test("a summary changes the claims hash and with it the incident's version", async () => {
  const incidentId = await desk.openIncident();
  const before = await db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  await summarise(db.worker, incidentId);
  const after = await db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  expect(after.version).toBe(before.version + 1n);
  expect(Buffer.from(after.claimsHash).equals(before.claimsHash)).toBe(false);
  expect(after.summaryStanding).toBe("supported");
});

test("a connected source that fell silent is told in front, as a claim that holds", async () => {
  const { id, name } = await makeSource(db, "Quiet proxy");
  await db.pools.owner.query(
    `insert into evidence_item (id, source_id, record_key, kind, format, time, time_quality, received_at, title, fields, observables, raw, raw_sha256)
     select gen_random_uuid(), $1, i::text, 'event', 'generic', $2::timestamptz - interval '2 hours' - i * interval '1 minute', 'exact', now(), 't', '{}', '{}', 'x', sha256('x')
     from generate_series(1, 2000) i`,
    [id, "2026-03-01T02:10:00Z"],
  );
  const incidentId = await desk.openIncident();
  await summarise(db.worker, incidentId);
  const { rules } = await desk.summaries(incidentId);
  const text = `No record from the source "${name}" is in this data.`;
  expect(rules!.claims.find((claim) => claim.text === text)).toMatchObject({
    kind: "gap",
    front: true,
    standing: "supported",
  });
  expect(rules!.sources[0]).toMatchObject({ source: name, silent: true, records: 0 });
});

test("everything the pipeline wrote stands on a trail that verifies", async () => {
  const lines: string[] = [];
  for await (const line of exportTrail(db.auditor)) lines.push(line.trimEnd());
  expect(await verifyLines(lines)).toMatchObject({ scope: "log", holds: true });
});
