import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { ClaimCheck, Standing } from "#lib/domain/summary/claim.ts";

/** One row of the "said / found / where" table. */
export function check(
  name: string,
  effect: Standing,
  said: string,
  found: string,
  records: EvidenceRecord[] = [],
): ClaimCheck {
  const where = records.slice(0, 10).map((r) => evidenceLabel(r.position));
  return { check: name, effect, said: clip(said), found: clip(found), where };
}

function clip(text: string): string {
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}
