import type { Actor } from "#lib/commands/actor.ts";
import { issueRulesSummary, type IssueResult } from "#lib/commands/issue-summary.ts";
import type { Model } from "#lib/copilot/answer.ts";
import type { Db } from "#lib/db/prisma.ts";
import { attachQuotes, evidenceToRead } from "#lib/grounding/quotes.ts";
import { writeRulesSummary } from "#lib/grounding/rules-summary.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import { loadEvidence, loadRawTexts, type IncidentEvidence } from "./load-evidence.ts";
import { summariseByModel, type ModelOutcome } from "./summarise-by-model.ts";

/** Stepped whenever the rules write other sentences from the same records. */
const RULES_GENERATOR = "rules/1";
const WORKER: Actor = { kind: "system", id: "worker" };

export type SummariseOptions = {
  db: Db;
  /** Null when no model is configured: then the rules summary stands alone. */
  model: Model | null;
  signal?: AbortSignal;
};
export type SummariseOutcome = { rules: IssueResult; model: ModelOutcome | null };

/** Writes the summaries of an incident over its evidence as it stands; null when there is no such incident. */
export async function summarise(
  incidentId: string,
  options: SummariseOptions,
): Promise<SummariseOutcome | null> {
  const evidence = await loadEvidence(options.db, incidentId);
  if (!evidence || evidence.count === 0) return null;
  const rules = await summariseByRules(options.db, evidence);
  const model = options.model
    ? await summariseByModel(evidence, { ...options, model: options.model })
    : null;
  return { rules, model };
}

async function summariseByRules(db: Db, evidence: IncidentEvidence): Promise<IssueResult> {
  const { incidentId, records, capped } = evidence;
  const draft = writeRulesSummary(records, { sources: [], capped });
  const texts = await loadRawTexts(db, evidenceToRead(draft));
  const quoted = attachQuotes(draft, (id) => texts.get(id) ?? "");
  const verified = verifyClaims(quoted, {
    records,
    capped,
    rawText: (id) => texts.get(id) ?? null,
  });
  const claims = verified.map((claim, at) => ({ ...claim, front: quoted[at]?.front ?? false }));
  const { root: evidenceRoot, count: evidenceCount } = evidence;
  return issueRulesSummary(
    db,
    { incidentId, generator: RULES_GENERATOR, claims, evidenceRoot, evidenceCount },
    WORKER,
  );
}
