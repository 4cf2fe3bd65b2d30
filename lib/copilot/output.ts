import { z } from "zod";
import { CLAIM_KINDS, PREDICATE_OPS, type DraftClaim } from "#lib/domain/summary/claim.ts";
import { holdsKey, KEY_REPEATED } from "./echoed-key.ts";
import { withHiddenBack } from "./visible.ts";

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
 * out what is unused), strict about what is there. An item that repeats the canary, or the key
 * that the server was sent, is not used. Quotes get back the
 * hidden characters that the model was shown by name.
 */
export function readClaim(item: unknown, canary: string, key: string | null): ReadClaim {
  const texts = textsOf(item);
  if (repeats(texts.join(" "), canary))
    return { ok: false, reason: "it repeats the private marker of the request" };
  if (texts.some((text) => holdsKey(text, key))) return { ok: false, reason: KEY_REPEATED };
  const parsed = claimSchema.safeParse(item);
  if (parsed.success) {
    const citations = parsed.data.citations.map(({ id, quote }) => ({
      id,
      quote: withHiddenBack(quote).toWellFormed().replaceAll("\u0000", "\u2400"),
    }));
    return { ok: true, claim: { ...parsed.data, citations } };
  }
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    reason: `${issue?.path.join(".") || "the item"}: ${issue?.message ?? "not a claim"}`,
  };
}

/** Whether `text` holds the marker, spelt with whatever between its letters and in either case. */
export function repeats(text: string, marker: string): boolean {
  return lettersOf(text).includes(lettersOf(marker));
}

/** Every text in plain data, of keys too. Not for data of unknown depth. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}
