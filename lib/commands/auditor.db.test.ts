/** An auditor changes nothing, also past the doors: the database asks who a person is; and what an auditor reads is on the trail. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { may, PERMISSIONS } from "#lib/domain/people/permissions.ts";
import type { Actor } from "./actor.ts";
import { addSource, ingest } from "./ingest-fixtures.ts";
import { proposeDecision } from "./propose-decision.ts";
import { recordEvidenceRead } from "./record-evidence-read.ts";
import { recordExport } from "./record-export.ts";
import { signDecision } from "./sign-decision.ts";
import { withdrawDecision } from "./withdraw-decision.ts";
import { workIncident } from "./work-incident.ts";

let database: TestDatabase;
let auditor: TestPerson;
let analyst: TestPerson;
let incidentId: string;
let by: Actor;

beforeAll(async () => {
  database = await testDatabase();
  auditor = await makePerson(database, "auditor", "Aud");
  analyst = await makePerson(database, "analyst", "Ana");
  by = { kind: "person", id: auditor.id, role: "auditor", session: null };
  const source = await addSource(database.web);
  const { incidents } = await ingest(database.web, source, [{ recordId: "one" }], "one");
  incidentId = incidents[0]!.id;
});
afterAll(() => database.close());

const ESCALATE = { kind: "escalation", to: "the team on call", reason: "Too big for us." } as const;

function propose(actor: Actor) {
  const input = { incidentId, content: ESCALATE, waivedClaimIds: [], idem: randomUUID() };
  return proposeDecision(database.web, input, actor);
}

async function stateOf() {
  const [incident, entries] = await Promise.all([
    database.web.incident.findUniqueOrThrow({ where: { id: incidentId } }),
    database.web.$queryRaw`SELECT seq::int, kind, actor FROM trail.entry ORDER BY seq DESC LIMIT 1`,
  ]);
  return { version: incident.version, status: incident.status, entries };
}

test("an auditor may do nothing by the table but read, take away, report and sign out", () => {
  expect(PERMISSIONS.filter((permission) => may("auditor", permission))).toEqual([
    "incident:read",
    "playbook:read",
    "evidence:read",
    "run:read",
    "report:file",
    "report:read",
    "review:read",
    "second_review:read",
    "trail:read",
    "trail:export",
    "policy:read",
    "automation:read",
    "retention:read",
    "session:end",
  ]);
});

describe("the database refuses an auditor", () => {
  test("a proposal", async () => {
    const refused = await propose(by);
    expect(refused).toMatchObject({ ok: false });
    const decision = await database.web.decision.findFirst({ where: { proposerId: auditor.id } });
    expect(decision?.state ?? "refused").toBe("refused");
  });

  test("a signature, and a withdrawal of another's proposal", async () => {
    const { id: decisionId } = await propose({
      kind: "person",
      id: analyst.id,
      role: "analyst",
      session: null,
    });
    const { statementSha256 } = await database.web.decision.findUniqueOrThrow({
      where: { id: decisionId },
    });
    const before = await stateOf();
    const input = {
      decisionId,
      outcome: "approved" as const,
      statementSha256: Buffer.from(statementSha256).toString("hex"),
      password: auditor.password,
      reason: null,
    };
    const signed = await signDecision(database.web, input, by).catch((error: unknown) => error);
    expect(signed).not.toMatchObject({ ok: true });
    const withdrawn = await withdrawDecision(database.web, { decisionId }, by).catch(
      (error: unknown) => error,
    );
    expect(withdrawn).toBeInstanceOf(Error);
    expect(await database.web.signOff.count({ where: { personId: auditor.id } })).toBe(0);
    expect(await stateOf()).toEqual(before);
  });

  test("a move of the status", async () => {
    const before = await stateOf();
    await expect(
      workIncident(database.web, { incidentId, status: "in_progress" }, by),
    ).rejects.toThrow(/role/);
    expect(await stateOf()).toEqual(before);
  });

  test.each([
    [
      "a note",
      "INSERT INTO note (id, incident_id, person_id, text) VALUES (gen_random_uuid(), $1, $2, 'x')",
    ],
    ["an entry", "SELECT trail.append('note.added', 'person:' || $2::text, $1, '{}')"],
    ["a verdict", "UPDATE incident SET verdict = 'benign' WHERE id = $1 AND $2::uuid IS NOT NULL"],
  ])("%s, by the login that an auditor may be given", async (_name, sql) => {
    await expect(database.pools.auditor.query(sql, [incidentId, auditor.id])).rejects.toThrow(
      /permission denied/,
    );
  });
});

test("what an auditor opens or takes away is an entry of its own, each time", async () => {
  const evidence = await database.web.evidenceItem.findFirstOrThrow({ where: { incidentId } });
  for (let time = 0; time < 2; time += 1)
    await recordEvidenceRead(database.web, { incidentId, evidenceId: evidence.id }, by);
  await recordExport(database.web, { incidentId, format: "jsonl" }, by);
  const rows = await database.web.$queryRaw<{ kind: string }[]>`
    SELECT kind FROM trail.entry WHERE actor = ${`person:${auditor.id}`} AND incident_id = ${incidentId}::uuid
      AND kind NOT LIKE 'decision.%' ORDER BY seq`;
  expect(rows.map(({ kind }) => kind)).toEqual([
    "evidence.read",
    "evidence.read",
    "export.downloaded",
  ]);
});
