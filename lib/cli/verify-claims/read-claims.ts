import { z } from "zod";
import { CLAIM_KINDS, PREDICATE_OPS, type DraftClaim } from "#lib/domain/summary/claim.ts";

/** One item of a claims file: a claim to judge, or why it is none. `number` counts from 1. */
export type GivenClaim =
  | { number: number; ok: true; claim: DraftClaim }
  | { number: number; ok: false; reason: string };

/** How the claims came: an object with `claims`, a list, one claim, or one claim a line. */
export type ClaimsForm = "object" | "list" | "single" | "lines";
export type ReadClaims =
  | { ok: true; form: ClaimsForm; claims: GivenClaim[] }
  | { ok: false; reason: string };

const text = z.string().default("");
// JSON has no NaN: `JSON.stringify` writes null, and the verifier names it
const number = z
  .custom<number | null>((n) => n === null || typeof n === "number", "Invalid input: not a number")
  .default(0)
  .transform((n) => n ?? Number.NaN);

const predicateSchema = z.object({
  op: z.enum(PREDICATE_OPS),
  evidence: z.array(z.string()).default([]),
  where: text,
  field: text,
  value: text,
  cmp: z.enum(["eq", "gte", "lte", "none"]).default("none"),
  n: number,
  within_s: number,
});

const claimSchema = z.object({
  text: z.string(),
  kind: z.enum(CLAIM_KINDS).default("observation"),
  polarity: z.enum(["affirmed", "negated"]).default("affirmed"),
  citations: z.array(z.object({ id: z.string(), quote: text })).default([]),
  predicates: z.array(predicateSchema).default([]),
});

/**
 * Reads the text of a claims file: the model's answer (`{"claims": [...]}`), a bare list, one claim, or
 * one claim a line. An item that is no claim is refused by name and the others are kept. Only the whole
 * is refused when nothing of it is JSON.
 */
export function readClaims(content: string): ReadClaims {
  const source = content.replace(/^\uFEFF/, "");
  if (source.trim() === "") return { ok: false, reason: "the file is empty" };
  const whole = parseJson(source);
  if (whole.ok) return readValue(whole.value);
  const lines = readLines(source);
  return lines ?? { ok: false, reason: whole.reason };
}

/** A value that is already parsed, in the same forms. */
export function readValue(value: unknown): ReadClaims {
  if (Array.isArray(value)) return { ok: true, form: "list", claims: value.map(readItem) };
  if (typeof value !== "object" || value === null)
    return { ok: false, reason: `not claims but ${kindOf(value)}` };
  if (!("claims" in value)) return { ok: true, form: "single", claims: [readItem(value, 0)] };
  if (!Array.isArray(value.claims))
    return { ok: false, reason: `\`claims\` is not a list but ${kindOf(value.claims)}` };
  return { ok: true, form: "object", claims: value.claims.map(readItem) };
}

/** One claim a line; blank lines keep their number. Null when no line is an object. */
function readLines(source: string): ReadClaims | null {
  const claims: GivenClaim[] = [];
  let objects = 0;
  for (const [at, line] of source.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parsed = parseJson(line);
    if (!parsed.ok) claims.push({ number: at + 1, ok: false, reason: parsed.reason });
    else {
      if (kindOf(parsed.value) === "an object") objects += 1;
      claims.push(readItem(parsed.value, at));
    }
  }
  return objects > 0 ? { ok: true, form: "lines", claims } : null;
}

function readItem(item: unknown, at: number): GivenClaim {
  const parsed = claimSchema.safeParse(item);
  if (parsed.success) return { number: at + 1, ok: true, claim: parsed.data };
  if (kindOf(item) !== "an object")
    return { number: at + 1, ok: false, reason: `not a claim but ${kindOf(item)}` };
  const issues = parsed.error.issues.slice(0, 3).map(({ path, message }) => {
    return `${path.join(".")}: ${message}`;
  });
  return { number: at + 1, ok: false, reason: issues.join("; ") };
}

type Parsed = { ok: true; value: unknown } | { ok: false; reason: string };

/** The engine's message without the excerpt it quotes. */
function parseJson(source: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(source) };
  } catch (error) {
    const at = /at position \d+/.exec(String(error))?.[0];
    const where = at ? `it breaks ${at}` : "it ends too early or holds an unknown word";
    return { ok: false, reason: `not valid JSON: ${where}` };
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
