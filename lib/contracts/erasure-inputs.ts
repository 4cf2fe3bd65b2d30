/** What people send about erasures and legal holds, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { LEGAL_BASES } from "#lib/domain/incident/erasure.ts";
import { TEXT_LIMITS } from "./limits.ts";

export const ERASURE_REASON_MAX = 1_000;

const id = z.uuid();
const reason = z
  .string()
  .trim()
  .min(1, "Write a reason.")
  .max(ERASURE_REASON_MAX, `At most ${ERASURE_REASON_MAX} characters.`)
  .refine((value) => !value.includes("\u0000"), "Remove the null character.");
const incident = z
  .string()
  .trim()
  .regex(/^(?:INC-)?\d{1,15}$/i, "Write an incident's number, such as INC-000123.");
const signed = {
  statementSha256: z.string().regex(/^[0-9a-f]{64}$/, "This is not a SHA-256."),
  password: z.string().min(1, "Enter your password.").max(TEXT_LIMITS.password),
};

export const erasureStatementInput = z.object({
  incident,
  legalBasis: z.enum(LEGAL_BASES, "Choose a legal basis."),
  reason,
});
export const askErasureInput = erasureStatementInput.extend(signed);
export const approvalStatementInput = z.object({ erasureId: id });
export const approveErasureInput = approvalStatementInput.extend(signed);
export const endErasureInput = approvalStatementInput.extend({ reason });
export const placeHoldInput = z.object({ incident: incident.nullable(), reason });
export const holdLiftStatementInput = z.object({ holdId: id, reason });
export const liftHoldInput = holdLiftStatementInput.extend(signed);

export const erasuresQuery = z.object({
  cursor: z.string().max(200).optional(),
  holdCursor: z.string().max(200).optional(),
  incident: incident.optional(),
});
