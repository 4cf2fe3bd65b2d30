import { transactOnce } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { gateFacts } from "#lib/db/gate-facts.ts";
import type { DecisionKind, DecisionState, SignOffFact } from "#lib/domain/decision/decision.ts";
import { requirementFrom } from "#lib/domain/decision/policy.ts";
import type { RequirementWords } from "#lib/domain/decision/policy.ts";
import { ruleSigning } from "#lib/domain/decision/gate.ts";
import { Problem } from "#lib/domain/problem.ts";
import { signProof } from "#lib/signing/sign-key.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { findSigner } from "./propose-decision.ts";
import { signKeyOf } from "./sign-key-of.ts";

export type SignDecision = {
  decisionId: string;
  outcome: "approved" | "rejected";
  /** hex: the digest of the statement the signer was shown. */
  statementSha256: string;
  /** Re-entered for this statement; only the key made from it leaves this function. */
  password: string;
  reason: string | null;
};

export type Signed =
  | { ok: true; state: "proposed" | "in_effect" | "rejected"; signOffs: number; needed: number }
  | { ok: false; code: string; message: string; reasons: { code: string; sentence: string }[] };

export type GateAnswer = {
  state: DecisionState;
  signOffs?: number;
  needed?: number;
  code?: "already_signed";
  /** Of a decision that is expired or stale: it was settled before this call. */
  before?: true;
};

/**
 * Signs or rejects a frozen statement. The database checks signer, statement, password proof and facts, and
 * carries the decision out in the same transaction when enough signatures stand. It writes the trail. It names the first
 * guard that refuses; all the reasons are read only then, so that a signature costs one statement. `keyOf` is for who made
 * the key before, to tell the making of it apart.
 */
export async function signDecision(
  db: Db,
  input: SignDecision,
  by: Actor,
  keyOf = signKeyOf,
): Promise<Signed> {
  // What a rejection must say is not the gate's to judge, and nobody waits for it: its reasons are read first.
  const first = input.outcome === "rejected" ? final(await refusals(db, input, by)) : [];
  if (first.length > 0) return refused(first);
  try {
    const answer = await askGate(db, input, by, keyOf);
    const isLate = answer.before || answer.code === "already_signed";
    const why = isLate ? final(await refusals(db, input, by)) : [];
    return why.length > 0 ? refused(why) : signedOf(answer);
  } catch (error) {
    // A wrong password is counted and goes on record, whatever else there is to say.
    if (!(error instanceof Problem) || error.code === "password_wrong") throw error;
    const why = final(await refusals(db, input, by));
    if (why.length === 0) throw error;
    return refused(why);
  }
}

async function askGate(
  db: Db,
  input: SignDecision,
  by: Actor,
  keyOf: typeof signKeyOf,
): Promise<GateAnswer> {
  const key = await keyOf(db, input.password, by.id);
  const proof = signProof(key, Buffer.from(input.statementSha256, "hex"));
  return withGuards(() =>
    transactOnce(by, async (claims) => {
      const rows = await db.$queryRaw<{ answer: GateAnswer }[]>`
      SELECT gate.sign_decision(${input.decisionId}::uuid, ${by.id}::uuid, ${input.outcome},
        ${Buffer.from(input.statementSha256, "hex")}::bytea, ${proof}::bytea, ${input.reason}) AS answer FROM ${claims}`;
      return rows[0]!.answer;
    }),
  );
}

/** What the gate answered, as it is told to people. */
export function signedOf(answer: GateAnswer): Signed {
  if (answer.code === "already_signed") {
    return refused([
      { code: "already_signed", sentence: "You have signed or rejected this already." },
    ]);
  }
  const { state, signOffs = 0, needed = 0 } = answer;
  if (state === "proposed" || state === "in_effect" || state === "rejected") {
    return { ok: true, state, signOffs, needed };
  }
  return refused([
    state === "expired"
      ? { code: "expired", sentence: "The proposal has expired; propose it again." }
      : {
          code: "stale",
          sentence:
            "The incident changed after this was proposed, so it can no longer be signed; propose it again on what stands now.",
        },
  ]);
}

/** These the gate says itself, and settles the decision for good by it. */
const SETTLED_BY_THE_GATE = new Set(["expired", "stale"]);

function final<T extends { code: string }>(reasons: readonly T[]): T[] {
  return reasons.filter(({ code }) => !SETTLED_BY_THE_GATE.has(code));
}

function refused(reasons: { code: string; sentence: string }[]): Signed {
  const message = reasons.map(({ sentence }) => sentence).join(" ");
  return { ok: false, code: reasons[0]?.code ?? "refused", message, reasons };
}

type DecisionRow = {
  incident_id: string;
  kind: DecisionKind;
  state: DecisionState;
  proposer_id: string;
  statement_sha256: string;
  incident_version: bigint;
  evidence_root: string;
  claims_hash: string;
  expires_at: Date;
  now: Date;
  assignee_id: string | null;
  policy: RequirementWords | null;
  not_opened: number;
  sign_offs: SignOffFact[] | null;
};

async function refusals(
  db: Db,
  input: SignDecision,
  by: Actor,
): Promise<{ code: string; sentence: string }[]> {
  const decision = await readDecision(db, input.decisionId, by.id);
  const facts = decision ? await gateFacts(db, decision.incident_id) : null;
  if (!decision || !facts)
    throw new Problem("decision_not_found", 404, "There is no such decision.");
  const ruling = ruleSigning({
    decision: {
      state: decision.state,
      proposerId: decision.proposer_id,
      assigneeId: decision.assignee_id,
      statementSha256: decision.statement_sha256,
      incidentVersion: Number(decision.incident_version),
      evidenceRoot: decision.evidence_root,
      claimsHash: decision.claims_hash,
      expiresAt: decision.expires_at.toISOString(),
    },
    facts,
    policy: decision.policy && requirementFrom(decision.kind, decision.policy),
    signer: await findSigner(db, by.id),
    outcome: input.outcome,
    reason: input.reason,
    statementSha256: input.statementSha256,
    signOffs: decision.sign_offs ?? [],
    notOpened: decision.not_opened,
    now: decision.now.toISOString(),
  });
  return ruling.permitted ? [] : ruling.reasons;
}

async function readDecision(
  db: Db,
  decisionId: string,
  signerId: string,
): Promise<DecisionRow | null> {
  const rows = await db.$queryRaw<DecisionRow[]>`
    SELECT d.incident_id, d.kind, d.state, d.proposer_id, encode(d.statement_sha256, 'hex') AS statement_sha256,
           d.incident_version, encode(d.evidence_root, 'hex') AS evidence_root, encode(d.claims_hash, 'hex') AS claims_hash,
           d.expires_at, clock_timestamp() AS now,
           d.assignee_id, gate.rule_words(r) AS policy,
           CASE WHEN r.evidence_opened
             THEN (SELECT count(*)::int FROM gate.not_opened(d.incident_id, ${signerId}::uuid)) ELSE 0 END AS not_opened,
           (SELECT jsonb_agg(jsonb_build_object('personId', o.person_id, 'role', o.role, 'outcome', o.outcome,
              'statementSha256', encode(o.statement_sha256, 'hex'), 'assurance', o.assurance, 'at', o.at))
            FROM sign_off o WHERE o.decision_id = d.id) AS sign_offs
    FROM decision d LEFT JOIN LATERAL gate.rule_of(d) AS r ON true WHERE d.id = ${decisionId}::uuid`;
  return rows[0] ?? null;
}
