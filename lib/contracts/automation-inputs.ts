/** What people send about what runs by itself, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { AUTOMATIC_ACTIONS, AUTOMATION_BOUNDS } from "#lib/domain/decision/automation.ts";
import { INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { TEXT_LIMITS } from "./limits.ts";

export const AUTOMATION_REASON_MAX = 1_000;
/** Rules of one version. */
export const AUTOMATION_RULES_MAX = 20;
/** Above this share of claims that do not hold, an incident is always stopped. */
export const DOUBT_PERCENT_MAX = 50;

const id = z.uuid();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "This is not a SHA-256.");
const password = z.string().min(1, "Enter your password.").max(TEXT_LIMITS.password);
const reason = z
  .string()
  .trim()
  .min(1, "Write a reason.")
  .max(AUTOMATION_REASON_MAX, `At most ${AUTOMATION_REASON_MAX} characters.`)
  .refine((value) => !value.includes("\u0000"), "Remove the null character.");

const whole = (min: number, max: number, what: string) => {
  const words = `${what}: a whole number from ${min} to ${max}.`;
  return z.int(words).min(min, words).max(max, words);
};

const rule = z
  .object({
    action: z.enum(AUTOMATIC_ACTIONS),
    severities: z.array(z.enum(SEVERITIES)).min(1, "Choose a severity, or all.").nullable(),
    incidentTypes: z.array(z.enum(INCIDENT_TYPES)).min(1, "Choose a type, or all.").nullable(),
    minConfidence: whole(0, 100, "Confidence"),
    minSources: whole(1, 10, "Sources"),
    maxPerHour: z.int(),
    maxPerIncident: z.int(),
  })
  .superRefine(({ action, maxPerHour, maxPerIncident }, context) => {
    const { perHour, perIncident } = AUTOMATION_BOUNDS[action];
    const limits = [
      whole(1, perHour, "In one hour").safeParse(maxPerHour),
      whole(1, perIncident, "In one incident").safeParse(maxPerIncident),
    ];
    for (const limit of limits) {
      const message = limit.error?.issues[0]?.message;
      if (message) context.addIssue({ code: "custom", message });
    }
  });

export const automationRulesInput = z.object({
  rules: z.array(rule).max(AUTOMATION_RULES_MAX, `At most ${AUTOMATION_RULES_MAX} rules.`),
  doubtPercent: whole(0, DOUBT_PERCENT_MAX, "Share of claims"),
});
export const proposeAutomationInput = automationRulesInput.extend({ reason });
const version = z.int().min(1).max(2_000_000_000);
export const signAutomationInput = z.object({ version, statementSha256: sha256, password });
export const withdrawAutomationInput = z.object({ version, reason });

export const stopAutomationInput = z.discriminatedUnion("scope", [
  z.object({ scope: z.literal("global"), reason }),
  z.object({ scope: z.literal("incident_type"), incidentType: z.enum(INCIDENT_TYPES), reason }),
  z.object({ scope: z.literal("incident"), incidentId: id, reason }),
]);
export const liftStatementInput = z.object({ stopId: id, reason });
export const liftAutomationInput = liftStatementInput.extend({ statementSha256: sha256, password });

export const automationLogQuery = z.object({ cursor: z.string().max(200).optional() });
