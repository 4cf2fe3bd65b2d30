import { z } from "zod";
import { CLAIM_KINDS, PREDICATE_OPS, type DraftClaim } from "#lib/domain/summary/claim.ts";

export const CLAIMS_MAX = 60;

/** A claim as a model gave it, or why it cannot be used. */
export type ReadClaim = { ok: true; claim: DraftClaim } | { ok: false; reason: string };

// Postgres text holds no U+0000, and a lone surrogate has no bytes
const storable = z.string().transform((text) => text.toWellFormed().replaceAll("\u0000", "\u2400"));
const shortText = storable.pipe(z.string().max(500)).default("");
const wholeNumber = z
  .number()
  .int()
  .min(-Number.MAX_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)
  .default(0);

const predicateSchema = z.object({
  op: z.enum(PREDICATE_OPS),
  evidence: z.array(shortText).max(200).default([]),
  where: shortText,
  field: shortText,
  value: shortText,
  cmp: z.enum(["eq", "gte", "lte", "none"]).default("none"),
  n: wholeNumber,
  within_s: wholeNumber,
});

const claimSchema = z.object({
  text: storable.pipe(z.string().trim().min(1).max(1000)),
  kind: z.enum(CLAIM_KINDS),
  polarity: z.enum(["affirmed", "negated"]).default("affirmed"),
  citations: z
    .array(z.object({ id: shortText, quote: shortText }))
    .max(30)
    .default([]),
  predicates: z.array(predicateSchema).max(30).default([]),
});

/**
 * Reads one item of a model's `claims`. Lenient about what is left out (a server without schema enforcement leaves
 * out what is unused), strict about what is there. An item that repeats the canary is not used.
 */
export function readClaim(item: unknown, canary: string): ReadClaim {
  if (JSON.stringify(item)?.includes(canary))
    return { ok: false, reason: "it repeats the private marker of the request" };
  const parsed = claimSchema.safeParse(item);
  if (parsed.success) return { ok: true, claim: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    reason: `${issue?.path.join(".") || "the item"}: ${issue?.message ?? "not a claim"}`,
  };
}
