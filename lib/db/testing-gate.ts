import { createHash, randomUUID } from "node:crypto";
import type pg from "pg";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { deriveSignKey, signProof } from "#lib/signing/sign-key.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import type { TestPerson } from "./testing-people.ts";

/** A pool or one client of it. */
export type Sql = Pick<pg.Pool, "query">;

export type ProposalRow = {
  id: string;
  incidentId: string;
  kind: string;
  statement: string;
  sha256: Buffer;
};

export const CONTENTS = {
  escalation: { kind: "escalation", reason: "Hands on keyboard.", to: "IR retainer" },
  containment: {
    kind: "containment",
    reason: "Stop it.",
    actions: [{ action: "isolate_host", target: "ws-17" }],
  },
  closure: {
    kind: "closure",
    reason: "Known scanner.",
    classification: "benign_positive",
    classificationReason: "suspicious_but_expected",
    determination: null,
  },
  reopening: { kind: "reopening", reason: "New evidence." },
} as const satisfies Record<string, DecisionContent>;

export type ProposalInput = {
  incidentId: string;
  proposer: TestPerson;
  kind?: keyof typeof CONTENTS;
  /** Columns set to something else than the truth, after the statement was built. */
  forged?: Record<string, unknown>;
  /** Members of the statement set to something else than the truth. */
  statementSays?: Record<string, unknown>;
};

/** Proposes a decision over the incident as it stands, by plain SQL. */
export async function propose(sql: Sql, input: ProposalInput): Promise<ProposalRow> {
  const kind = input.kind ?? "closure";
  const { rows } = await sql.query(
    `select i.*, gate.policy_version() as policy, gate.requirement_now(i.id, $2, $3::jsonb) as asked from incident i where id = $1`,
    [input.incidentId, kind, input.forged?.["content"] ?? JSON.stringify(CONTENTS[kind])],
  );
  const statement = canonicalJson({
    ...statementOf(rows[0], kind, input.proposer),
    ...input.statementSays,
  });
  const sha256 = createHash("sha256").update(statement).digest();
  const row = {
    id: randomUUID(),
    incident_id: input.incidentId,
    kind,
    content: JSON.stringify(CONTENTS[kind]),
    proposer_id: input.proposer.id,
    policy_version: rows[0].policy,
    incident_version: rows[0].version,
    evidence_root: rows[0].evidence_root,
    claims_hash: rows[0].claims_hash,
    statement,
    statement_sha256: sha256,
    idem: randomUUID(),
    ...input.forged,
  };
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  await sql.query(
    `insert into decision (${names.join(", ")}) values (${places.join(", ")})`,
    Object.values(row),
  );
  return { id: row.id, incidentId: input.incidentId, kind, statement, sha256 };
}

function statementOf(
  incident: Record<string, unknown>,
  kind: keyof typeof CONTENTS,
  proposer: TestPerson,
) {
  const asked = incident["asked"] as { rule: object | null; types: string[]; blastRadius: string };
  const hex = (bytes: unknown): string => (bytes as Buffer).toString("hex");
  return {
    v: 1,
    kind,
    content: CONTENTS[kind],
    incident: {
      id: incident["id"],
      number: incident["number"],
      severity: incident["severity"],
      version: Number(incident["version"]),
      types: asked.types,
    },
    blastRadius: asked.blastRadius,
    evidence: { count: incident["evidence_count"], root: hex(incident["evidence_root"]) },
    claims: { hash: hex(incident["claims_hash"]), waived: [] },
    proposer: { id: proposer.id, name: proposer.name },
    policy: asked.rule ?? { version: incident["policy"] },
    nonce: randomUUID(),
  };
}

export type SignInput = {
  person: TestPerson;
  outcome?: "approved" | "rejected";
  /** Default: the decision's own statement. */
  sha256?: Uint8Array;
  /** Default: the right proof, made from the person's password. */
  proof?: Uint8Array;
};

/** Signs by plain SQL through the gate, as the web login does; returns what the gate answered. */
export async function sign(
  sql: Sql,
  decision: ProposalRow,
  input: SignInput,
): Promise<Record<string, unknown>> {
  const sha256 = input.sha256 ?? decision.sha256;
  const proof = input.proof ?? (await proofOf(sql, input.person, sha256));
  const { rows } = await sql.query(
    "select gate.sign_decision($1, $2, $3, $4, $5, null) as answer",
    [decision.id, input.person.id, input.outcome ?? "approved", sha256, proof],
  );
  return rows[0].answer;
}

/** The proof that a person makes for a statement by giving their password anew. */
export async function proofOf(sql: Sql, person: TestPerson, sha256: Uint8Array): Promise<Buffer> {
  const { rows } = await sql.query("select gate.sign_salt($1) as salt", [person.id]);
  return signProof(await deriveSignKey(person.password, rows[0].salt), sha256);
}

/** The words with which the database refuses something, or "passed". */
export async function refusal(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return "passed";
  } catch (error) {
    return (error as Error).message;
  }
}
