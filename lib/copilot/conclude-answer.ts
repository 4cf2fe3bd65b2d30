import { APIConnectionError } from "@anthropic-ai/sdk";
import type { ModelAnswer, SentRequest } from "./answer.ts";
import { holdsKey, KEY_REPEATED, withoutKey } from "./echoed-key.ts";
import { brokenOff, type Failure } from "./failure.ts";
import type { AnswerReader, AnswerSoFar } from "./read-answer.ts";
import { tokensRead } from "./tokens.ts";
import type { Wire } from "./wire.ts";

type Ending = {
  reader: AnswerReader;
  wire: Pick<Wire, "wasSent" | "status" | "response" | "requestId">;
  /** The key the server was sent: never to stand in the answer. */
  key: string | null;
  failed: (Failure & { cause?: unknown }) | null;
  request: SentRequest;
  latencyMs: number;
  firstClaimMs: number | null;
};

/** Errors of a connection that was never made: nothing was sent. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** What came of a request, from what was read and what broke it. */
export function concludeAnswer(ending: Ending): ModelAnswer {
  const { reader, wire, key, request, latencyMs, firstClaimMs } = ending;
  const soFar = reader.soFar();
  const { claims, dropped, stopReason, hadPreamble, modelAnswered, text, isStopped } = soFar;
  const cut = cutSentence(soFar, request);
  const answer = {
    claims,
    dropped,
    notices: cut ? [cut] : [],
    stopReason,
    text: withoutKey(text, key),
    hadPreamble,
    modelAnswered,
    latencyMs,
    firstClaimMs,
    response: tellsKey(soFar, key) ? KEY_IN_ANSWER : wire.response(),
    requestId: wire.requestId(),
    usage: Object.keys(soFar.usage).length > 0 ? soFar.usage : null,
    isUsageFinal: isStopped,
    billed: wasSeen(ending),
    canary: reader.hasLeaked() || dropped.some(isLeak) ? "leaked" : "kept",
    isComplete: false,
    fault: null,
    mayRetry: false,
    retryAfterSeconds: null,
  } as const;
  // what steered it once may have steered all of it
  if (answer.canary === "leaked")
    return { ...answer, state: "failed", fault: "answer", reason: LEAKED };
  if (soFar.refusal !== null) {
    const reason = `The model refused to answer (${soFar.refusal}).`;
    return { ...answer, state: "refused", reason };
  }
  const failed = ending.failed ?? (isStopped ? null : brokenOff());
  if (failed) {
    const { isAbort, fault, reason, mayRetry, retryAfterSeconds } = failed;
    const state = isAbort ? "cancelled" : "failed";
    return { ...answer, state, fault, reason, mayRetry, retryAfterSeconds };
  }
  const reason = stopSentence(stopReason) ?? shapeSentence(soFar) ?? cut;
  const isComplete = reason === null;
  return { ...answer, state: "finished", fault: isComplete ? null : "answer", isComplete, reason };
}

/** The events of a body cut the model's text into pieces, and so the key in it: there it cannot be replaced. */
const KEY_IN_ANSWER = "[The body is not kept: the model's text repeats the key of its server.]";

/** In a claim it may be spelt with the escapes of JSON. */
function tellsKey({ text, dropped }: AnswerSoFar, key: string | null): boolean {
  return holdsKey(text, key) || dropped.some((sentence) => sentence.includes(KEY_REPEATED));
}

const LEAKED =
  "The answer repeated the request's private marker: something in the evidence steered it, so none of it is used.";

function isLeak(sentence: string): boolean {
  return sentence.includes("repeats the private marker");
}

/** False when the request was turned away, or never arrived. */
function wasSeen({ wire, failed }: Ending): boolean {
  const status = wire.status();
  if (status !== null) return status >= 200 && status < 300;
  if (!wire.wasSent()) return false;
  if (!(failed?.cause instanceof APIConnectionError)) return true;
  return !NEVER_CONNECTED.has(codeOf(failed.cause.cause));
}

/** The system's own error code, under however many wrappings; "" without one. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return "";
}

/** Some servers cut what does not fit into their window and say nothing. */
function cutSentence({ usage }: AnswerSoFar, { fewestTokens }: SentRequest): string | null {
  const read = tokensRead(usage);
  if (read === null || !fewestTokens || read >= fewestTokens) return null;
  return `The model's server read ${read} tokens of a request of at least ${fewestTokens}: it cut the evidence. Raise the server's context length or lower the profile's evidence.`;
}

function shapeSentence({ isWhole, claims, dropped }: AnswerSoFar): string | null {
  if (!isWhole) return "The answer is not the JSON object that was asked for.";
  return claims.length === 0 && dropped.length > 0 ? "The answer holds no claim." : null;
}

function stopSentence(stopReason: string | null): string | null {
  if (stopReason === "end_turn" || stopReason === "stop_sequence") return null;
  if (stopReason === "max_tokens") return "The answer was cut off at its longest allowed length.";
  if (stopReason === "model_context_window_exceeded")
    return "The evidence and the answer together are too long for the model.";
  return `The model stopped for another reason (${stopReason ?? "none given"}).`;
}
