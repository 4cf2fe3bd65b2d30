import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import { indexEvidence, selectWhere } from "./evidence-index.ts";

/**
 * The omission guard: high and critical alerts that no claim cites, names by title, or counts under
 * their title. In the order of the records.
 */
export function notMentioned(records: EvidenceRecord[], claims: DraftClaim[]): EvidenceRecord[] {
  const high = records.filter(
    (r) => r.kind === "alert" && (r.severity === "high" || r.severity === "critical"),
  );
  if (high.length === 0) return [];
  const cited = new Set(claims.flatMap((c) => c.citations.map((q) => q.id.trim())));
  const counted = countedRecords(records, claims);
  return high.filter((r) => !cited.has(r.id) && !cited.has(`E${r.position}`) && !counted.has(r));
}

/** Claims may count a thousand equal alerts and cite three: the query must name what they are. */
function countedRecords(records: EvidenceRecord[], claims: DraftClaim[]): Set<EvidenceRecord> {
  const index = indexEvidence(records);
  const counted = new Set<EvidenceRecord>();
  for (const { op, where } of claims.flatMap((c) => c.predicates)) {
    if (op !== "count" && op !== "first_seen") continue;
    const selection = selectWhere(index, where);
    if (!selection.ok) continue;
    const named = selection.terms.some(
      (t) => t.op === "eq" && /^(alert\.title|rule\.|action$)/.test(t.field),
    );
    if (named) for (const record of selection.records) counted.add(record);
  }
  return counted;
}
