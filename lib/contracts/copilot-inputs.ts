/** What people send about models, runs and questions, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { addressFault, isReadable, READABLE_REFUSED } from "#lib/domain/copilot/address.ts";
import { isModelAlias, MODEL_ALIAS_REFUSED, PROVIDERS, TLP } from "#lib/domain/copilot/profile.ts";
import { DRAFT_KINDS, MICRO_PER_DOLLAR, RUN_KINDS, RUN_STATES } from "#lib/domain/copilot/run.ts";
import { COPILOT_LIMITS, TEXT_LIMITS } from "./limits.ts";

/** Bounds of the numbers of a profile: a slip of the hand is refused, a large model is not. */
export const PROFILE_BOUNDS = {
  windowTokens: [2_048, 10_000_000],
  outputTokens: [256, 200_000],
  evidenceTokens: [512, 5_000_000],
  concurrency: [1, 64],
  timeoutSeconds: [10, 3_600],
  idleSeconds: [5, 600],
} as const;

/** The most a million tokens may cost, and the highest limit a budget may have, in millionths of a US dollar. */
const PRICE_MAX_MICRO = 1_000 * MICRO_PER_DOLLAR;
export const BUDGET_MAX_MICRO = 1_000_000 * MICRO_PER_DOLLAR;

const id = z.uuid();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "This is not a SHA-256.");
const NO_NULL = "Remove the null character.";

function text(max: number, what: string) {
  return z
    .string()
    .trim()
    .min(1, `Write ${what}.`)
    .max(max, `At most ${max.toLocaleString("en-GB")} characters.`)
    .refine((value) => !value.includes("\u0000"), NO_NULL);
}

const reason = text(COPILOT_LIMITS.reason, "a reason");
const password = z.string().min(1, "Enter your password.").max(TEXT_LIMITS.password);

function whole([min, max]: readonly [number, number]) {
  const words = `A whole number from ${min.toLocaleString("en-GB")} to ${max.toLocaleString("en-GB")}.`;
  return z.int(words).min(min, words).max(max, words);
}

const price = z
  .int("A price in dollars.")
  .min(0, "A price is not below nothing.")
  .max(PRICE_MAX_MICRO, "At most $1,000 for a million tokens.");

export const modelProfileInput = z.strictObject({
  schema: z.enum(["enforced", "prompted"]),
  countsTokens: z.boolean(),
  caches: z.boolean(),
  effort: z.enum(["low", "medium", "high"]).nullable(),
  windowTokens: whole(PROFILE_BOUNDS.windowTokens),
  outputTokens: whole(PROFILE_BOUNDS.outputTokens),
  evidenceTokens: whole(PROFILE_BOUNDS.evidenceTokens),
  concurrency: whole(PROFILE_BOUNDS.concurrency),
  timeoutSeconds: whole(PROFILE_BOUNDS.timeoutSeconds),
  idleSeconds: whole(PROFILE_BOUNDS.idleSeconds),
  price: z.strictObject({ input: price, output: price, cacheRead: price, cacheWrite: price }),
  accepts: z.enum(TLP),
  pseudonyms: z.boolean(),
  repairs: z.boolean(),
});

/**
 * A new version of a profile; versions of one name are numbered by the database. `apiKey` is sealed before it is
 * stored and belongs to this version only: a sealed key cannot be moved to another row, so each version is given
 * its own.
 */
export const saveModelConfigInput = z
  .strictObject({
    name: text(COPILOT_LIMITS.name, "a name").regex(
      /^[a-z0-9][a-z0-9._-]*$/,
      "Use small letters, digits and . _ -",
    ),
    provider: z.enum(PROVIDERS),
    model: text(COPILOT_LIMITS.model, "the model's id")
      .regex(/^[\w.:/@+-]+$/, "A model id has letters, digits and . _ : / @ + -")
      .refine((value) => !isModelAlias(value), { message: MODEL_ALIAS_REFUSED }),
    baseUrl: text(COPILOT_LIMITS.address, "an address")
      .superRefine((address, context) => {
        const message = addressFault(address);
        if (message) context.addIssue({ code: "custom", message });
      })
      .nullable(),
    isLocal: z.boolean(),
    profile: modelProfileInput,
    apiKey: z
      .string()
      .trim()
      .min(8, "This is too short for a key.")
      .max(COPILOT_LIMITS.key, "This is too long for a key.")
      .regex(/^[\x21-\x7e]+$/, "A key has no spaces and no characters outside ASCII.")
      .nullable(),
  })
  .superRefine((value, context) => {
    const refuse = (path: string[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    const { profile } = value;
    if (value.provider === "anthropic" && value.apiKey === null)
      refuse(["apiKey"], "Enter the provider's key; nobody is shown it again.");
    if (value.provider === "compatible" && value.baseUrl === null)
      refuse(["baseUrl"], "Write the server's address.");
    if (value.baseUrl !== null && !value.isLocal && isReadable(value.baseUrl))
      refuse(["baseUrl"], READABLE_REFUSED);
    if (value.isLocal && value.baseUrl === null)
      refuse(["isLocal"], "The provider's own address is not on your premises.");
    if (profile.accepts === "red" && !value.isLocal)
      refuse(
        ["profile", "accepts"],
        "TLP:RED never leaves: only a model on your premises takes it.",
      );
    if (profile.outputTokens + profile.evidenceTokens > profile.windowTokens)
      refuse(
        ["profile", "evidenceTokens"],
        "Evidence and answer together do not fit into the window.",
      );
    if (profile.idleSeconds > profile.timeoutSeconds)
      refuse(["profile", "idleSeconds"], "This is longer than a request may take at all.");
  });
export type SaveModelConfigInput = z.infer<typeof saveModelConfigInput>;

/** The page of one version of a profile. */
export const modelConfigParams = z.object({ configId: id });

/** `idem` is made once per click, so that a double one asks once. */
export const requestProbeInput = z.strictObject({ configId: id, idem: id });
export const requestEvaluationInput = z.strictObject({ configId: id, idem: id });

/** What an activation of this configuration, evaluation and reason would sign, word for word. */
export const activationStatementInput = z.strictObject({
  configId: id,
  evaluationId: id,
  reason,
});

/** `statementSha256` is the digest of the statement the signer was shown. */
export const activateModelInput = activationStatementInput.extend({
  statementSha256: sha256,
  password,
});

export const stopModelInput = z.strictObject({ reason });

const micro = z
  .int("A limit in dollars.")
  .min(0, "A limit is not below nothing.")
  .max(BUDGET_MAX_MICRO, "At most $1,000,000.");

export const setBudgetInput = z
  .strictObject({
    runMicro: micro,
    incidentMicro: micro,
    dayMicro: micro,
    allMicro: micro,
    reason,
  })
  .superRefine((value, context) => {
    const steps = ["runMicro", "incidentMicro", "dayMicro", "allMicro"] as const;
    for (const [at, wider] of steps.slice(1).entries()) {
      if (value[steps[at]!] > value[wider])
        context.addIssue({
          code: "custom",
          path: [wider],
          message: "This is less than the narrower limit before it.",
        });
    }
  });
export type SetBudgetInput = z.infer<typeof setBudgetInput>;

/** What the model is asked about an incident. A draft may be given a wish of what it should say. */
export const requestRunInput = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("summary"), incidentId: id, idem: id }),
  z.strictObject({
    kind: z.literal("answer"),
    incidentId: id,
    question: text(COPILOT_LIMITS.question, "a question"),
    idem: id,
  }),
  z.strictObject({
    kind: z.enum(["note", "handover", "message"]),
    incidentId: id,
    question: text(COPILOT_LIMITS.question, "what it should say").nullable(),
    idem: id,
  }),
]);
export type RequestRunInput = z.infer<typeof requestRunInput>;

export const runInput = z.strictObject({ runId: id });

/** What may stand behind the question mark of the list of runs; `incident` is a number such as INC-000123. */
export const runsQuery = z.object({
  kind: z.enum(RUN_KINDS).optional(),
  state: z.enum(RUN_STATES).optional(),
  incident: z
    .string()
    .regex(/^INC-\d{1,15}$/i)
    .optional(),
  cursor: z
    .string()
    .max(500)
    .regex(/^[\w=.:~-]+$/)
    .optional(),
});

/** What may stand behind the question mark of "what would be sent"; what does not fit is left out. */
export const previewQuery = z.object({
  kind: z.enum(["summary", "answer", ...DRAFT_KINDS]).catch("summary"),
  question: z.string().trim().min(1).max(COPILOT_LIMITS.question).nullable().catch(null),
});
export type PreviewQuery = z.infer<typeof previewQuery>;
