import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import { reverifySummary } from "#lib/jobs/reverify.ts";
import { failedLogons, issueByVerifier1 } from "#lib/jobs/testing-reverify.ts";
import { FAILURES, testDesk, type TestDesk } from "#lib/jobs/testing.ts";
import { listMovedClaims, verifierReport } from "./verifier-report.ts";

const WORKER = { kind: "system", id: "worker" } as const;
const RIGHT = failedLogons(FAILURES, "supported");
const WRONG = failedLogons(FAILURES + 1, "supported");
const MOVES = [
  { from: "supported", to: "contradicted", claims: 3 },
  { from: "supported", to: "supported", claims: 3 },
];

let db: TestDatabase;
let desk: TestDesk;
const summaries: string[] = [];

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
});
afterAll(() => db.close());

test("before anything was judged anew there are no versions, and every incident with claims waits", async () => {
  await desk.openIncident();
  for (let i = 0; i < 3; i += 1) {
    const incidentId = await desk.openIncident();
    summaries.push(await issueByVerifier1(db, { incidentId, claims: [RIGHT, WRONG] }));
  }
  const report = await verifierReport(db.web);
  expect(report).toEqual({ current: VERIFIER_VERSION, incidents: 3, waiting: 3, versions: [] });
  expect(await listMovedClaims(db.web, VERIFIER_VERSION, null)).toEqual({
    claims: [],
    nextCursor: null,
  });
});

test("the report counts what each version judged and from where to where it moved", async () => {
  for (const id of summaries.slice(0, 2)) await reverifySummary(db.worker, id, WORKER);
  expect((await verifierReport(db.web)).waiting).toBe(1);
  await reverifySummary(db.worker, summaries[2]!, WORKER);
  expect(await verifierReport(db.auditor)).toEqual({
    current: VERIFIER_VERSION,
    incidents: 3,
    waiting: 0,
    versions: [{ verifier: VERIFIER_VERSION, claims: 6, moved: 3, moves: MOVES }],
  });
});

test("the claims that moved are listed with their incident, newest first, page after page", async () => {
  const first = await listMovedClaims(db.web, VERIFIER_VERSION, null, 2);
  const rest = await listMovedClaims(db.web, VERIFIER_VERSION, first.nextCursor, 2);
  expect(rest.nextCursor).toBeNull();
  const all = [...first.claims, ...rest.claims];
  const incidents = await db.web.summary.findMany({
    where: { id: { in: summaries } },
    select: { incidentId: true },
    orderBy: { id: "desc" },
  });
  expect(all.map(({ incident }) => incident.id)).toEqual(incidents.map((row) => row.incidentId));
  expect(all[0]).toMatchObject({
    text: WRONG.text,
    from: { standing: "supported", verifier: "1" },
    to: { standing: "contradicted", verifier: VERIFIER_VERSION },
    origin: "rules",
    current: true,
    incident: { number: expect.stringMatching(/^INC-\d{6}$/), title: expect.any(String) },
  });
  expect(await listMovedClaims(db.web, "99", null)).toEqual({ claims: [], nextCursor: null });
});

test("a claim whose summary was replaced says so; a cursor of nobody's is refused", async () => {
  const { incidentId } = await db.web.summary.findUniqueOrThrow({ where: { id: summaries[0]! } });
  await issueByVerifier1(db, { incidentId, claims: [RIGHT], version: 2 });
  const { claims } = await listMovedClaims(db.web, VERIFIER_VERSION, null);
  expect(claims.map(({ current }) => current)).toEqual([true, true, false]);
  const forged = Buffer.from(JSON.stringify(["2", "no id"])).toString("base64url");
  await expect(listMovedClaims(db.web, VERIFIER_VERSION, forged)).rejects.toMatchObject({
    code: "cursor_invalid",
  });
});
