import { CLAIM_KINDS, PREDICATE_OPS } from "#lib/domain/summary/claim.ts";

const text = { type: "string" } as const;
const ids = { type: "array", items: { type: "string" } } as const;

/** Every property required and none of a union type: what providers can enforce while they generate. */
function object(properties: Record<string, unknown>) {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

const predicateSchema = object({
  op: { type: "string", enum: [...PREDICATE_OPS] },
  evidence: ids,
  where: text,
  field: text,
  value: text,
  cmp: { type: "string", enum: ["eq", "gte", "lte", "none"] },
  n: { type: "integer" },
  within_s: { type: "integer" },
});

const claimSchema = object({
  text,
  kind: { type: "string", enum: [...CLAIM_KINDS] },
  polarity: { type: "string", enum: ["affirmed", "negated"] },
  citations: { type: "array", items: object({ id: text, quote: text }) },
  predicates: { type: "array", items: predicateSchema },
});

/** The JSON schema of a model's answer: shape only; whether a claim is so is for the verifier. */
export const ANSWER_SCHEMA = object({ claims: { type: "array", items: claimSchema } });
