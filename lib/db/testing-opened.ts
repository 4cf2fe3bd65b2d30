import { randomUUID } from "node:crypto";
import type { Sql } from "./testing-gate.ts";
import { makeEvidence, makeIncident } from "./testing-people.ts";
import { finishRunForTest, queueRunForTest, startRunForTest } from "./testing-runs.ts";
import type { World } from "./testing-world.ts";

/** A claim of a made summary: whether it is in front, and which of the incident's records it cites, from 0. */
export type MadeClaim = { front: boolean; cites: readonly number[] };
export type MadeSummary = { origin: "rules" | "model"; claims: readonly MadeClaim[] };

/** An incident with so many records and these summaries, the later of one origin being the newer. */
export async function citingIncident(
  world: World,
  records: number,
  summaries: readonly MadeSummary[],
): Promise<{ incidentId: string; evidenceIds: string[] }> {
  const { id: incidentId } = await makeIncident(world.db);
  const evidenceIds: string[] = [];
  for (let position = 1; position <= records; position += 1) {
    const at = { sourceId: world.sourceId, incidentId, position };
    evidenceIds.push((await makeEvidence(world.db, at)).id);
  }
  for (const [version, summary] of summaries.entries()) {
    await makeSummary(world, { ...summary, incidentId, evidenceIds, version: version + 1 });
  }
  return { incidentId, evidenceIds };
}

type Made = MadeSummary & { incidentId: string; evidenceIds: string[]; version: number };

async function makeSummary(world: World, made: Made): Promise<void> {
  const { db } = world;
  const summaryId = randomUUID();
  const { incidentId, origin, version } = made;
  await db.worker.summary.create({
    data: {
      id: summaryId,
      incidentId,
      origin,
      modelRunId: origin === "model" ? await finishedRun(world, incidentId) : null,
      version,
      state: "complete",
      generator: `${origin}/1`,
      evidenceRoot: Buffer.alloc(32),
      evidenceCount: made.evidenceIds.length,
    },
  });
  for (const [ordinal, { front, cites }] of made.claims.entries()) {
    const id = randomUUID();
    const words = {
      text: "A thing.",
      kind: "observation",
      polarity: "affirmed",
      standing: "supported",
    };
    const json = { predicates: [], checks: [], uncovered: [] };
    await db.worker.claim.create({
      data: { id, summaryId, ordinal, front, verifier: "1", ...words, ...json },
    });
    await db.worker.citation.createMany({
      data: cites.map((index, place) => ({
        claimId: id,
        ordinal: place,
        label: `E${index + 1}`,
        evidenceId: made.evidenceIds[index] ?? null,
        quote: "id",
      })),
    });
  }
}

async function finishedRun({ db, model }: World, incidentId: string): Promise<string> {
  const runId = await queueRunForTest(db, { incidentId, model });
  await startRunForTest(db, { runId });
  await finishRunForTest(db, { runId });
  return runId;
}

const RULE = `kind, number, severities, incident_types, blast_radii, min_proposer_role, sign_offs, lead_sign_offs, min_role,
  distinct_from_proposer, distinct_from_assignee, assurance, proposal_minutes, sign_off_minutes, claims_settled, summary_complete, evidence_opened`;

/** The policy in force with a further rule: whoever approves a closure has opened what is cited. As the owner. */
export async function askForOpening(sql: Sql): Promise<void> {
  await sql.query(
    `insert into policy_rule (policy_version, ${RULE})
     select n.version, r.* from (select max(version) + 1 as version from policy_version) as n,
       (select ${RULE} from policy_rule where policy_version = gate.policy_version()
        union all values ('closure', 90, null::text[], null::text[], null::text[], 'analyst', 1, 0, 'analyst', true, false, 'password', 60, 15,
          false, false, true)) as r`,
  );
}

export type Opening = { personId: string; evidenceId: string; incidentId: string };

export async function openForTest(sql: Sql, opening: Opening): Promise<void> {
  await sql.query(
    "insert into evidence_opened (person_id, evidence_item_id, incident_id) values ($1, $2, $3)",
    [opening.personId, opening.evidenceId, opening.incidentId],
  );
}
