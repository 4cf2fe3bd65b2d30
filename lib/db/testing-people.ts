import { createHash, randomUUID } from "node:crypto";
import { SEVERITY_RANK } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { enrolPerson } from "./seed-people.ts";
import type { PersonInput } from "./seed-people.ts";
import type { TestDatabase } from "./testing.ts";

export type TestPerson = PersonInput & { id: string };

/** Enrols a person with a name and password of their own. */
export async function makePerson(
  db: TestDatabase,
  role: Role,
  name: string = role,
): Promise<TestPerson> {
  const person = {
    email: `${name}-${randomUUID()}@example.test`,
    name,
    role,
    password: `password of ${name}`,
  };
  return { ...person, id: await enrolPerson(db.owner, person) };
}

/** A source that takes any format; its token is `token of <name>`. */
export async function makeSource(db: TestDatabase, name = `source-${randomUUID()}`) {
  const token = `token of ${name}`;
  const tokenSha256 = createHash("sha256").update(token).digest();
  const { id } = await db.owner.source.create({
    data: { name, format: "auto", tokenSha256, tokenHint: token.slice(-4) },
    select: { id: true },
  });
  return { id, name, token };
}

/** An incident as ingest makes one, by the web login and without evidence. */
export async function makeIncident(db: TestDatabase, severity: Severity = "high") {
  return db.web.incident.create({
    data: {
      title: "Test incident",
      severity,
      severityRank: SEVERITY_RANK[severity],
      slaDueAt: new Date(Date.now() + 3_600_000),
      evidenceRoot: createHash("sha256").digest(),
      claimsHash: createHash("sha256").digest(),
    },
  });
}

/** One evidence record in an incident (or in none), with its true digest; the incident's root is only a stand-in. */
export async function makeEvidence(
  db: TestDatabase,
  at: { sourceId: string; incidentId?: string; position?: number },
) {
  const raw = Buffer.from(`{"id":"${randomUUID()}"}`);
  const rawSha256 = createHash("sha256").update(raw).digest();
  if (at.incidentId) {
    const evidenceRoot = createHash("sha256").update(rawSha256).digest();
    const data = { evidenceCount: { increment: 1 }, alertCount: { increment: 1 }, evidenceRoot };
    await db.web.incident.update({ where: { id: at.incidentId }, data });
  }
  return db.web.evidenceItem.create({
    data: {
      id: randomUUID(),
      sourceId: at.sourceId,
      incidentId: at.incidentId ?? null,
      position: at.position ?? null,
      recordKey: rawSha256.toString("hex"),
      kind: "alert",
      format: "generic",
      timeQuality: "unknown",
      title: "Test record",
      fields: {},
      observables: [],
      raw,
      rawSha256,
    },
  });
}
