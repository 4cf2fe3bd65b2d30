import type { ModelConfig, ModelProfile, PromptSet } from "#lib/domain/copilot/profile.ts";
import type { ClaimCheck, DraftClaim, Predicate } from "#lib/domain/summary/claim.ts";
import { type BuiltRequest, measured } from "./build-request.ts";
import { canonicalJson } from "./canonical-json.ts";
import { promptFor } from "./prompts/published.ts";
import { type Redact, textFor } from "./record-line.ts";
import { type RequestBody, textBlock } from "./request-body.ts";
import { fenced } from "./write-evidence.ts";

/** A claim that did not hold, in restored words, with all its checks. */
export type FailedClaim = { claim: DraftClaim; checks: readonly ClaimCheck[] };

export type RepairInput = {
  config: Pick<ModelConfig, "model" | "profile">;
  prompts: PromptSet;
  /** The run that is repaired: its stored request, and the text of its answer (`answerText`). */
  first: { request: string; answer: string; fence: string; canary: string };
  failed: readonly FailedClaim[];
  /** How many records the first request withheld: then what was found in them is not told. */
  withheld: number;
  redactor: { redact: Redact };
};

const FAILED_MAX = 20;
const CHECKS_MAX = 8;
const TEXT_MAX = 1_000;
/** A longer answer than any list of claims; sending it back would cost more than it mends. */
const ANSWER_CHARS_MAX = 200_000;

/** Whether an answer can be gone on from: whole, and not steered by its input. */
export function mayRepair(
  answer: { text: string; isComplete: boolean; canary: "kept" | "leaked" },
  profile: Pick<ModelProfile, "repairs">,
): boolean {
  const { text, isComplete, canary } = answer;
  const isUsable = text.trim() !== "" && text.length <= ANSWER_CHARS_MAX;
  return profile.repairs && isComplete && canary === "kept" && isUsable;
}

/**
 * The one request that sends failed claims back. It goes on in the conversation of the first: the same body word for
 * word, the model's answer, then what failed, under the same fence and marker, so that a provider reads all but the
 * end from its cache. Pure.
 */
export function buildRepair(input: RepairInput): BuiltRequest {
  const { config, prompts, first, failed, withheld, redactor } = input;
  const opening = JSON.parse(first.request) as RequestBody;
  const lines = failed
    .slice(0, FAILED_MAX)
    .map((one) => failedLine(one, { redact: redactor.redact, tellsFound: withheld === 0 }));
  const body: RequestBody = {
    ...opening,
    messages: [
      ...opening.messages,
      { role: "assistant", content: [textBlock(first.answer.trimEnd())] },
      {
        role: "user",
        content: [
          textBlock(promptFor("repair", prompts).text),
          textBlock(fenced(first.fence, "checks", lines)),
          textBlock("Mend these claims."),
        ],
      },
    ],
  };
  return {
    kind: "repair",
    body,
    fence: first.fence,
    canary: first.canary,
    shownIds: [],
    leftOut: { alerts: 0, events: 0, withheld },
    ...measured(body, config),
  };
}

function failedLine(
  { claim, checks }: FailedClaim,
  { redact, tellsFound }: { redact: Redact; tellsFound: boolean },
): string {
  const short = (text: string): string => textFor(text, TEXT_MAX, (bare) => redact(bare));
  const bad = checks.filter(({ effect }) => effect !== "supported").slice(0, CHECKS_MAX);
  return canonicalJson({
    claim: {
      text: short(claim.text),
      kind: claim.kind,
      polarity: claim.polarity,
      citations: claim.citations.map(({ id, quote }) => ({ id: short(id), quote: short(quote) })),
      predicates: claim.predicates.map((predicate) => shortPredicate(predicate, short)),
    },
    failed: bad.map(({ check, said, found }) => ({
      check,
      said: short(said),
      found: tellsFound ? short(found) : undefined,
    })),
  });
}

function shortPredicate(predicate: Predicate, short: (text: string) => string): Predicate {
  const { evidence, where, field, value } = predicate;
  return {
    ...predicate,
    evidence: evidence.map(short),
    where: short(where),
    field: short(field),
    value: short(value),
  };
}
