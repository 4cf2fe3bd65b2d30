import type { SignOffView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { iso } from "./shape.ts";

type Row = {
  id: string;
  decision_id: string;
  outcome: "approved" | "rejected";
  assurance: string;
  reason: string | null;
  at: Date;
  role: Role;
  person_id: string;
  person_name: string;
  void: SignOffView["void"];
};

/**
 * The sign-offs of decisions, the oldest first, and of each why it does not count (any more). The rule is the gate's
 * (`gate.count_sign_offs`): what a decision needed when it took effect stays as it was, so only a revocation before
 * that voids one, and a signature's age and its signer matter while it is open.
 */
export async function decisionSignOffs(
  db: Db,
  decisionIds: string[],
): Promise<(SignOffView & { decisionId: string })[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT s.id, s.decision_id, s.outcome, s.assurance, s.reason, s.at, s.role, s.person_id, m.name AS person_name,
      CASE
        WHEN s.outcome <> 'approved' THEN NULL
        WHEN k.revoked_at <= coalesce(d.settled_at, 'infinity') THEN 'passkey_revoked'
        WHEN d.state <> 'proposed' THEN NULL
        WHEN s.at <= clock_timestamp() - make_interval(mins => r.sign_off_minutes) THEN 'too_old'
        WHEN NOT (m.active AND m.human AND (m.role = 'lead' OR m.role = r.min_role)) THEN 'signer_changed'
      END AS void
    FROM sign_off s JOIN decision d ON d.id = s.decision_id JOIN person m ON m.id = s.person_id
    LEFT JOIN passkey k ON k.id = s.passkey_id
    LEFT JOIN LATERAL gate.rule_of(d) AS r ON true
    WHERE s.decision_id = ANY(${decisionIds}::uuid[]) ORDER BY s.at, s.id`;
  return rows.map((row) => ({
    id: row.id,
    decisionId: row.decision_id,
    person: { id: row.person_id, name: row.person_name, role: row.role },
    outcome: row.outcome,
    assurance: row.assurance,
    reason: row.reason,
    at: iso(row.at),
    void: row.void,
  }));
}
