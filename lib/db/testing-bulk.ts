import { createHash, randomUUID } from "node:crypto";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { CONTENTS } from "./testing-gate.ts";
import type { ProposalRow, Sql } from "./testing-gate.ts";
import type { TestPerson } from "./testing-people.ts";
import type { World } from "./testing-world.ts";

type Listed = {
  id: string;
  number: number;
  severity: string;
  title: string;
  version: number;
  evidence: { count: number; root: string };
  claims: string;
};

export type TogetherInput = {
  incidentIds: readonly string[];
  proposer: TestPerson;
  /** Columns set to something else than the truth, after the statement was built. */
  forged?: Record<string, unknown>;
  /** The incidents as the statement lists them, changed. */
  lists?: (incidents: Listed[]) => Listed[];
  contentSays?: Record<string, unknown>;
};

/** Proposes one closure of several incidents as they stand, by plain SQL. */
export async function proposeTogether(sql: Sql, input: TogetherInput): Promise<ProposalRow> {
  const { incidentIds, proposer } = input;
  const asked = await sql.query(
    "select gate.requirement_together($1) as asked, gate.policy_version() as policy",
    [incidentIds],
  );
  const listed = (input.lists ?? ((same) => same))(await readListed(sql, incidentIds));
  const [first] = listed;
  if (!first) throw new Error("no incident is listed");
  const content = {
    ...CONTENTS.closure,
    incidents: listed.map(({ id }) => id),
    ...input.contentSays,
  };
  const { severities, types, rule } = asked.rows[0].asked;
  const statement = canonicalJson({
    v: 2,
    kind: "closure",
    content,
    incident: {
      id: first.id,
      number: first.number,
      severity: first.severity,
      version: first.version,
    },
    bulk: { severities, types, incidents: listed },
    blastRadius: "none",
    evidence: first.evidence,
    claims: { hash: first.claims, waived: [] },
    proposer: { id: proposer.id, name: proposer.name },
    policy: rule ?? {},
    nonce: randomUUID(),
  });
  const sha256 = createHash("sha256").update(statement).digest();
  const row = {
    id: randomUUID(),
    incident_id: first.id,
    kind: "closure",
    content: JSON.stringify(content),
    proposer_id: proposer.id,
    policy_version: asked.rows[0].policy,
    incident_version: first.version,
    evidence_root: Buffer.from(first.evidence.root, "hex"),
    claims_hash: Buffer.from(first.claims, "hex"),
    statement,
    statement_sha256: sha256,
    idem: randomUUID(),
    ...input.forged,
  };
  const names = Object.keys(row);
  await sql.query(
    `insert into decision (${names.join(", ")}) values (${names.map((_, n) => `$${n + 1}`).join(", ")})`,
    Object.values(row),
  );
  return { id: row.id, incidentId: first.id, kind: "closure", statement, sha256 };
}

async function readListed(sql: Sql, ids: readonly string[]): Promise<Listed[]> {
  const { rows } = await sql.query(
    `select i.id, i.number, i.severity, i.title, i.version::int, json_build_object('count', i.evidence_count,
       'root', encode(i.evidence_root, 'hex')) as evidence, encode(i.claims_hash, 'hex') as claims
     from unnest($1::uuid[]) with ordinality as u (id, n) join incident i on i.id = u.id order by u.n`,
    [ids],
  );
  return rows;
}

/** New, open incidents, by one statement. */
export async function makeIncidents(
  { web }: Pick<World, "web">,
  count: number,
  severity = "low",
): Promise<string[]> {
  const { rows } = await web.query(
    `insert into incident (id, title, severity, severity_rank, sla_due_at, evidence_root, claims_hash)
     select gen_random_uuid(), 'Duplicate ' || n, $2, array_position('{informational,low,medium,high,critical}', $2::text),
       now(), sha256(''), sha256('') from generate_series(1, $1) n returning id`,
    [count, severity],
  );
  return rows.map(({ id }) => id as string);
}

/** A proposed closure of three incidents. */
export async function openTogether(w: World, count = 3): Promise<ProposalRow & { ids: string[] }> {
  const ids = await makeIncidents(w, count);
  return { ...(await proposeTogether(w.web, { incidentIds: ids, proposer: w.ana })), ids };
}
