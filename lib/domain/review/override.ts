/** Where a person overruled the model, or the gate or a signer a proposal, and what a lead says of it. */
export const OVERRIDE_KINDS = ["disputed", "corrected", "refused", "rejected"] as const;
export type OverrideKind = (typeof OVERRIDE_KINDS)[number];

export const OVERRIDE_KIND_WORDS: Record<OverrideKind, string> = {
  disputed: "Claim disputed",
  corrected: "Claim corrected",
  refused: "Proposal refused by the gate",
  rejected: "Proposal rejected",
};

/** On keys 1 to 3, in this order. */
export const OVERRIDE_OUTCOMES = ["agree", "partly", "disagree"] as const;
export type OverrideOutcome = (typeof OVERRIDE_OUTCOMES)[number];

export const OVERRIDE_OUTCOME_WORDS: Record<OverrideOutcome, string> = {
  agree: "Agree",
  partly: "Agree in part",
  disagree: "Disagree",
};

/** Days back from now that a list or a figure looks at. */
export const PERIODS = [7, 30, 90, 365] as const;

/** Whether the claim was composed by rules, which have a version (`rules/1`), and not by a model. */
export function isOfRules({ model }: { model: string | null }): boolean {
  return model?.startsWith("rules/") ?? false;
}

type Judged = { personId: string; proposerId: string | null };

/** Whether this person may say what they make of it: a lead, and not of what they did or proposed themselves. */
export function mayJudge(
  { personId, proposerId }: Judged,
  reader: { id: string; isLead: boolean },
): boolean {
  return reader.isLead && reader.id !== personId && reader.id !== proposerId;
}
