import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { enrolPerson } from "#lib/db/seed-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { listTrail } from "#lib/queries/list-trail.ts";
import { listPeople } from "#lib/queries/list-people.ts";
import type { Actor } from "./actor.ts";
import { createSource } from "./create-source.ts";
import { endAllSessions } from "./end-all-sessions.ts";
import { endSession } from "./end-session.ts";
import { addSource, ingest } from "./ingest-fixtures.ts";
import { openSession } from "./open-session.ts";
import { recordEvidenceRead } from "./record-evidence-read.ts";
import { recordExport } from "./record-export.ts";
import { recordSignInRefused } from "./record-sign-in-refused.ts";
import { requestSummary } from "./request-summary.ts";
import { revokeSource } from "./revoke-source.ts";
import { rotateSourceToken } from "./rotate-source-token.ts";

let database: TestDatabase;
let admin: Actor;

beforeAll(async () => {
  database = await testDatabase();
  const id = await enrolPerson(database.owner, {
    email: "ada@desk.test",
    name: "Ada",
    role: "admin",
    password: "a long password",
  });
  admin = { kind: "person", session: null, id, role: "admin" };
});
afterAll(() => database.close());

async function lastEntry(): Promise<{ kind: string; actor: string; payload: unknown }> {
  const { entries } = await listTrail(database.web, {}, null, 1);
  return entries[0]!;
}

test("a source's token is shown once and stored as its digest", async () => {
  const { id, token } = await createSource(
    database.web,
    { name: "mail gateway", format: "generic" },
    admin,
  );
  expect(token).toMatch(/^cs_src_[0-9A-Za-z]{40}$/);
  const stored = await database.web.source.findUniqueOrThrow({ where: { id } });
  expect(Buffer.from(stored.tokenSha256!)).toEqual(createHash("sha256").update(token).digest());
  expect(stored.tokenHint).toBe(token.slice(-4));
  expect(JSON.stringify(await lastEntry())).not.toContain(token);
  expect(await lastEntry()).toMatchObject({ kind: "source.created", actor: `person:${admin.id}` });
  await expect(
    createSource(database.web, { name: "mail gateway", format: "generic" }, admin),
  ).rejects.toMatchObject({ code: "source_name_taken" });
});

test("a rotated token replaces the old one, and a revoked source has none", async () => {
  const { id, token } = await createSource(database.web, { name: "edr", format: "auto" }, admin);
  const rotated = await rotateSourceToken(database.web, { sourceId: id }, admin);
  expect(rotated.token).not.toBe(token);
  expect((await lastEntry()).kind).toBe("source.token_rotated");
  await revokeSource(database.web, { sourceId: id }, admin);
  expect(await database.web.source.findUnique({ where: { id } })).toMatchObject({
    active: false,
    tokenSha256: null,
  });
  expect((await lastEntry()).kind).toBe("source.revoked");
  const nowhere = { sourceId: "0190d1c5-0000-7000-8000-000000000001" };
  await expect(revokeSource(database.web, nowhere, admin)).rejects.toMatchObject({
    code: "source_not_found",
  });
});

test("a session is opened and ended once, and only by its own person", async () => {
  const open = {
    personId: admin.id,
    role: "admin",
    address: "198.51.100.7",
    userAgent: "a\u0000b",
  };
  const { id } = await openSession(database.web, open);
  expect(await lastEntry()).toMatchObject({
    kind: "session.opened",
    payload: { address: "198.51.100.7" },
  });
  expect(
    await endSession(
      database.web,
      { sessionId: id },
      { kind: "person", session: null, id: "0190d1c5-0000-7000-8000-000000000001" },
    ),
  ).toEqual({ ended: 0 });
  expect(await endSession(database.web, { sessionId: id }, admin)).toEqual({ ended: 1 });
  expect(await endSession(database.web, { sessionId: id }, admin)).toEqual({ ended: 0 });
  await openSession(database.web, open);
  await openSession(database.web, open);
  expect(await endAllSessions(database.web, { personId: admin.id }, admin)).toEqual({ ended: 2 });
  expect((await lastEntry()).kind).toBe("session.closed");
});

test("a refused sign-in is on the trail, also for nobody we know", async () => {
  await recordSignInRefused(database.web, { personId: null, address: "203.0.113.4" });
  expect(await lastEntry()).toMatchObject({
    kind: "session.refused",
    actor: "system:web",
    payload: { person: null },
  });
});

test("an opened record, an export and a wish for a summary are on the trail", async () => {
  const source = await addSource(database.web);
  const { incidents } = await ingest(database.web, source, [{ recordId: "one" }]);
  const incidentId = incidents[0]!.id;
  const [item] = await database.web.evidenceItem.findMany({ where: { incidentId } });
  await recordEvidenceRead(database.web, { incidentId, evidenceId: item!.id }, admin);
  expect(await lastEntry()).toMatchObject({ kind: "evidence.read", payload: { label: "E1" } });
  const download = { incidentId, format: "jsonl" } as const;
  const token = { kind: "system", id: "token:Read only" } as const;
  await expect(recordExport(database.web, download, token)).rejects.toMatchObject({
    code: "person_inactive",
  });
  await database.owner.apiToken.create({
    data: { name: "Read only", scopes: ["incidents:read"], sha256: new Uint8Array(32) },
  });
  await recordExport(database.web, download, token);
  expect(await lastEntry()).toMatchObject({
    kind: "export.downloaded",
    actor: "system:token-read-only",
  });
  await requestSummary(database.web, { incidentId }, admin);
  expect(
    await database.web.outbox.findFirst({ where: { kind: "summary.requested", incidentId } }),
  ).not.toBeNull();
  const elsewhere = "0190d1c5-0000-7000-8000-000000000001";
  await expect(
    recordEvidenceRead(database.web, { incidentId: elsewhere, evidenceId: item!.id }, admin),
  ).rejects.toMatchObject({ code: "evidence_not_found" });
});

test("the people of the desk are listed without what signs for them", async () => {
  expect(await listPeople(database.web)).toEqual([
    { id: admin.id, name: "Ada", email: "ada@desk.test", role: "admin", active: true },
  ]);
});
