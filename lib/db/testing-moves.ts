import { createHash } from "node:crypto";
import { propose, sign } from "./testing-gate.ts";
import type { ProposalInput } from "./testing-gate.ts";
import { makeEvidence, makeIncident } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import { openProposal, undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

export function guard(code: string, words: string, name: string, run: Attack["run"]): Attack {
  return { name, says: `${code} ${words}`, notices: code, run };
}

export function proposing(
  input: Partial<ProposalInput>,
  by: (w: World) => TestPerson = (w) => w.ana,
): Attack["run"] {
  return async (w) => {
    const { id: incidentId } = await makeIncident(w.db);
    return propose(w.web, { incidentId, proposer: by(w), ...input });
  };
}

export function signing(
  by: (w: World) => TestPerson,
  kind: "closure" | "containment" = "closure",
  proof?: (w: World, sha256: Buffer) => Promise<Buffer>,
): Attack["run"] {
  return async (w) => {
    const decision = await openProposal(w, kind);
    return sign(w.web, decision, { person: by(w), proof: await proof?.(w, decision.sha256) });
  };
}

/** A record of an incident that its count and root do not cover. */
export async function slipIn(w: World, incidentId: string): Promise<void> {
  const { id } = await makeEvidence(w.db, { sourceId: w.sourceId });
  await w.web.query("update evidence_item set incident_id = $2, position = 1 where id = $1", [
    id,
    incidentId,
  ]);
}

export async function workStatus(w: World, person: TestPerson, status: string): Promise<unknown> {
  const { id } = await makeIncident(w.db);
  return w.web.query("select gate.set_work_status($1, $2, $3)", [id, person.id, status]);
}

export function born(columns: Record<string, string>): Attack["run"] {
  const empty = `'\\x${createHash("sha256").digest("hex")}'`;
  const names = [
    "id",
    "title",
    "severity",
    "severity_rank",
    "sla_due_at",
    "evidence_root",
    "claims_hash",
    ...Object.keys(columns),
  ];
  const values = [
    "gen_random_uuid()",
    "'x'",
    "'low'",
    "2",
    "now()",
    empty,
    empty,
    ...Object.values(columns),
  ];
  const sql = `insert into incident (${names.join(", ")}) values (${values.join(", ")})`;
  return (w) => undone(w.web, (client) => client.query(sql));
}
