import type { Actor } from "#lib/commands/actor.ts";
import { issueRulesSummary, type IssueResult } from "#lib/commands/issue-summary.ts";
import type { Db } from "#lib/db/prisma.ts";
import { attachQuotes, evidenceToRead } from "#lib/grounding/quotes.ts";
import { writeRulesSummary } from "#lib/grounding/rules-summary.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import { silentSources } from "#lib/queries/source-health.ts";
import { loadEvidence, loadRawTexts } from "#lib/queries/load-evidence.ts";

/** Stepped whenever the rules write other sentences from the same records. */
const RULES_GENERATOR = "rules/2";
const WORKER: Actor = { kind: "system", id: "worker" };

/**
 * Writes the rules summary of an incident over its evidence as it stands, every claim verified like a model's.
 * Null when there is no such incident or it has no evidence.
 */
export async function summarise(db: Db, incidentId: string): Promise<IssueResult | null> {
  const evidence = await loadEvidence(db, incidentId);
  if (!evidence) return null;
  const { records, capped, root: evidenceRoot, count: evidenceCount } = evidence;
  const draft = writeRulesSummary(records, {
    sources: await silentSources(db, incidentId),
    capped,
  });
  const texts = await loadRawTexts(db, evidenceToRead(draft));
  const quoted = attachQuotes(draft, (id) => texts.get(id) ?? "");
  const verified = verifyClaims(quoted, {
    records,
    capped,
    rawText: (id) => texts.get(id) ?? null,
  });
  const claims = verified.map((claim, at) => ({ ...claim, front: quoted[at]?.front ?? false }));
  const summary = { incidentId, generator: RULES_GENERATOR, claims, evidenceRoot, evidenceCount };
  return issueRulesSummary(db, summary, WORKER);
}
