/** What admins send about the policy, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { DECISION_KINDS } from "#lib/domain/decision/decision.ts";
import { BLAST_RADII, INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { TEXT_LIMITS } from "./limits.ts";

export const POLICY_LIMITS = {
  /** Longest reason, in UTF-16 units. */
  reason: 1_000,
  /** Most rules of one version. */
  rules: 60,
  signOffs: 5,
  /** Longest life of a proposal or a signature. */
  minutes: 7 * 24 * 60,
  /** The least and the most that a weaker policy waits. The database holds the least. */
  delayMinutes: [24 * 60, 30 * 24 * 60],
} as const;

function whole(min: number, max: number) {
  const words = `A whole number from ${min} to ${max.toLocaleString("en-GB")}.`;
  return z.int(words).min(min, words).max(max, words);
}

function some<const T extends readonly string[]>(all: T, what: string) {
  return z.array(z.enum(all)).min(1, `Choose at least one ${what}.`).max(all.length).nullable();
}

const rank = z.enum(["analyst", "lead"]);

export const policyRuleInput = z
  .strictObject({
    kind: z.enum(DECISION_KINDS),
    severities: some(SEVERITIES, "severity"),
    incidentTypes: some(INCIDENT_TYPES, "type"),
    blastRadii: some(BLAST_RADII, "reach"),
    minProposerRole: rank,
    signOffs: whole(1, POLICY_LIMITS.signOffs),
    leadSignOffs: whole(0, POLICY_LIMITS.signOffs),
    minRole: rank,
    distinctFromProposer: z.boolean(),
    distinctFromAssignee: z.boolean(),
    assurance: z.enum(["password", "passkey"]),
    proposalMinutes: whole(1, POLICY_LIMITS.minutes),
    signOffMinutes: whole(1, POLICY_LIMITS.minutes),
    claimsSettled: z.boolean(),
    summaryComplete: z.boolean(),
    evidenceOpened: z.boolean(),
  })
  .refine(({ leadSignOffs, signOffs }) => leadSignOffs <= signOffs, {
    path: ["leadSignOffs"],
    message: "Not more than there are signatures.",
  });

function reasonOf(what: string) {
  return z
    .string()
    .trim()
    .min(1, `Write ${what}.`)
    .max(POLICY_LIMITS.reason, "At most 1,000 characters.")
    .refine((value) => !value.includes("\u0000"), "Remove the null character.");
}

const reason = reasonOf("a reason");
const version = z.int().min(1).max(2_147_483_647);
const signature = {
  statementSha256: z.string().regex(/^[0-9a-f]{64}$/, "This is not a SHA-256."),
  password: z.string().min(1, "Enter your password.").max(TEXT_LIMITS.password),
};
const change = {
  /** The version in force that was changed; null when there is none. */
  base: version.nullable(),
  rules: z
    .array(policyRuleInput)
    .min(1, "A policy has at least one rule; without one every decision is refused.")
    .max(POLICY_LIMITS.rules, `At most ${POLICY_LIMITS.rules} rules.`),
  reason,
  delayMinutes: whole(...POLICY_LIMITS.delayMinutes),
};

export const previewPolicyInput = z.strictObject(change);
export const proposePolicyInput = z.strictObject({ ...change, ...signature });
export const signPolicyInput = z.strictObject({ version, ...signature });
export const endPolicyInput = z.strictObject({ version, reason });

const number = z.coerce.number().pipe(version);

/** The addresses of the policy's pages. */
export const policyVersionParams = z.object({ version: number });
export const policyQuery = z.object({
  /** Versions before this one. */
  before: number.optional(),
});
export const policyVersionQuery = z.object({ against: number.optional() });

export type PolicyChangeInput = z.output<typeof previewPolicyInput>;
