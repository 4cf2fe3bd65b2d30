import type { VerifierInput } from "#lib/contracts/passkey-inputs.ts";
import type { ReviewVerifierInput } from "#lib/contracts/second-review-inputs.ts";
import { Problem } from "#lib/domain/problem.ts";
import { verifierPort } from "#lib/env.ts";
import { log } from "./log.ts";

const ANSWER_MS_MAX = 15_000;

type Verdict =
  | { ok: true; state: "proposed" | "in_effect" | "rejected"; signOffs: number; needed: number }
  | { ok: false; code: string; message: string; reasons: { code: string; sentence: string }[] };

/** Hands an assertion to the verifier process on this machine. Throws its problem, or `verifier_unreachable`. */
export function askVerifier(input: VerifierInput): Promise<Verdict> {
  return knock<Verdict>("/sign-offs", input);
}

/** The same of a second review. */
export function askVerifierOfReview(input: ReviewVerifierInput): Promise<{ ok: true }> {
  return knock<{ ok: true }>("/second-reviews", input);
}

async function knock<Answer extends object>(path: string, input: object): Promise<Answer> {
  const response = await fetch(door(path), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  }).catch(unreachable);
  const body = (await response.json().catch(unreachable)) as
    | Answer
    | { code: string; detail: string; guard?: string };
  if ("detail" in body) {
    const { code, detail, guard } = body;
    throw new Problem(code, response.status, detail, guard === undefined ? {} : { guard });
  }
  return body;
}

function door(path: string): string {
  try {
    return `http://127.0.0.1:${verifierPort()}${path}`;
  } catch (error) {
    return unreachable(error);
  }
}

function unreachable(error: unknown): never {
  log().error({ err: error }, "the verifier does not answer");
  throw new Problem(
    "verifier_unreachable",
    503,
    "What verifies passkeys does not answer. Look whether your signature stands before you try again.",
  );
}
