/** One rule while it is edited: what is typed, read by the schema that the door uses too. */
import { policyRuleInput } from "#lib/contracts/policy-inputs.ts";
import type { RuleWords } from "#lib/domain/decision/policy-change.ts";

export type RuleInput = Omit<RuleWords, "number">;

/** Numbers as they are typed; a list without a choice fits everything. */
export type RuleForm = Omit<
  RuleInput,
  | "severities"
  | "incidentTypes"
  | "blastRadii"
  | "signOffs"
  | "leadSignOffs"
  | "proposalMinutes"
  | "signOffMinutes"
> & {
  severities: string[];
  incidentTypes: string[];
  blastRadii: string[];
  signOffs: string;
  leadSignOffs: string;
  proposalMinutes: string;
  signOffMinutes: string;
};

export type RuleErrors = Partial<Record<keyof RuleForm, string>>;

export function ruleFormOf(rule: RuleInput): RuleForm {
  return {
    kind: rule.kind,
    minProposerRole: rule.minProposerRole,
    minRole: rule.minRole,
    distinctFromProposer: rule.distinctFromProposer,
    distinctFromAssignee: rule.distinctFromAssignee,
    assurance: rule.assurance,
    claimsSettled: rule.claimsSettled,
    summaryComplete: rule.summaryComplete,
    evidenceOpened: rule.evidenceOpened,
    severities: rule.severities ?? [],
    incidentTypes: rule.incidentTypes ?? [],
    blastRadii: rule.blastRadii ?? [],
    signOffs: String(rule.signOffs),
    leadSignOffs: String(rule.leadSignOffs),
    proposalMinutes: String(rule.proposalMinutes),
    signOffMinutes: String(rule.signOffMinutes),
  };
}

export function readRuleForm(
  form: RuleForm,
): { ok: true; rule: RuleInput } | { ok: false; errors: RuleErrors } {
  const listed = (list: string[]) => (list.length === 0 ? null : list);
  const parsed = policyRuleInput.safeParse({
    ...form,
    severities: listed(form.severities),
    incidentTypes: listed(form.incidentTypes),
    blastRadii: form.kind === "containment" ? listed(form.blastRadii) : null,
    signOffs: numberOf(form.signOffs),
    leadSignOffs: numberOf(form.leadSignOffs),
    proposalMinutes: numberOf(form.proposalMinutes),
    signOffMinutes: numberOf(form.signOffMinutes),
  });
  if (parsed.success) return { ok: true, rule: parsed.data };
  const errors = Object.fromEntries(
    parsed.error.issues.toReversed().map(({ path, message }) => [String(path[0]), message]),
  );
  return { ok: false, errors };
}

/** NaN for what is no whole number, which the schema refuses with its bounds. */
function numberOf(text: string): number {
  return /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN;
}
