/** Everything that may go wrong with a model, by name, over an answer that would have been good. */
import type { Answer, FakeRequest, Script } from "./answer.ts";
import { textOf } from "./answer.ts";

const HALF_SECOND = { chunkDelayMs: 500 } as const;

/** The good answer that a fault spoils: claims, so that "after the first claim" has a meaning. */
export type GoodAnswer = { type: "claims"; claims: unknown[] };

/**
 * A fault is a function of the good answer. Those that take long are as short as their kind allows; whoever tests
 * them sets the profile's limits lower still.
 */
export const FAULTS = {
  rate_limited_wait: () => failing(429, "rate_limit_error", { headers: { "retry-after": "1" } }),
  rate_limited: () => failing(429, "rate_limit_error"),
  spend_limit: () => failing(429, "rate_limit_error", { code: "enforced_spend_limit_reached" }),
  overloaded: () => failing(529, "overloaded_error"),
  server_error: () => failing(500, "api_error"),
  bad_gateway_page: () => ({
    type: "raw",
    status: 502,
    headers: { "content-type": "text/html" },
    body: "<html><h1>502 Bad Gateway</h1></html>",
  }),
  wrong_key: () => failing(401, "authentication_error"),
  too_large: () => failing(413, "request_too_large"),
  bad_request: () => failing(400, "invalid_request_error"),
  silent: () => ({ type: "silent" }),
  reset_before: () => ({ type: "reset" }),
  reset_middle: (good) => ({ type: "broken", how: "reset", partial: firstClaim(good) }),
  cut_middle: (good) => ({ type: "broken", how: "cut", partial: firstClaim(good) }),
  stalled: (good) => ({ type: "stalled", partial: firstClaim(good) }),
  error_in_stream: (good) => ({
    type: "stream_error",
    errorType: "overloaded_error",
    partial: firstClaim(good),
  }),
  no_message_stop: (good) => ({ ...good, leaveOut: ["message_stop"] }),
  closed_early: (good) => ({ type: "broken", how: "closed", partial: firstClaim(good) }),
  malformed_json: (good) => ({ type: "text", text: `${firstClaim(good)} {"text": "no end` }),
  wrong_schema: () => ({ type: "text", text: '{"claims":[{"claim":"x"},7,{"text":1}],"more":{}}' }),
  no_claims_at_all: () => ({ type: "text", text: '{"answer":"nothing to say"}' }),
  flood_of_claims: () => ({ type: "flood", bytes: 10_000_000, of: "claims" }),
  flood_of_text: () => ({ type: "flood", bytes: 10_000_000, of: "text" }),
  one_byte_a_second: (good) => ({ ...good, bytesPerSecond: 1 }),
  never_done: (good) => ({ ...good, chunkChars: 2, chunkDelayMs: 200 }),
  wrong_content_type: (good) => ({ ...good, contentType: "text/html; charset=utf-8" }),
  plain_page: () => ({
    type: "raw",
    headers: { "content-type": "text/html" },
    body: "<html><p>Sign in to the guest network.</p></html>",
  }),
  broken_events: () => ({
    type: "raw",
    body: 'event: message_start\ndata: {"type":"message_start","message":{\n\nevent: nonsense\ndata: {]\n\n',
  }),
  refusal_before: () => ({ type: "refusal", category: "cyber" }),
  refusal_after: (good) => ({ type: "refusal", category: "cyber", partial: firstClaim(good) }),
  longest_length: (good) => ({ type: "text", text: firstClaim(good), stopReason: "max_tokens" }),
  window_exceeded: (good) => ({
    type: "text",
    text: firstClaim(good),
    stopReason: "model_context_window_exceeded",
  }),
  empty_thinking: (good) => ({ ...good, thinking: "empty" }),
  long_thinking: (good) => ({ ...good, thinking: { text: '{"claims":[{"text":"a thought"}]}' } }),
  prose: (good) => ({ ...good, as: "prose" }),
  fenced: (good) => ({ ...good, as: "fenced" }),
  bare_array: (good) => ({ ...good, as: "array" }),
  other_model: (good) => ({ ...good, answeredBy: "another-model" }),
  slow: (good) => ({ ...good, ...HALF_SECOND, chunkChars: 400 }),
} as const satisfies Record<string, (good: GoodAnswer) => Answer>;

export type FaultName = keyof typeof FAULTS;

/** A script that answers `good` spoilt by the fault. */
export function faulty(name: FaultName, good: (request: FakeRequest) => GoodAnswer): Script {
  const fault: (answer: GoodAnswer) => Answer = FAULTS[name];
  return (request) => fault(good(request));
}

/** The fault for so many requests, and the good answer after them. */
export function faultyAtFirst(
  name: FaultName,
  times: number,
  good: (request: FakeRequest) => GoodAnswer,
): Script {
  const bad = faulty(name, good);
  return (request) => (request.number <= times ? bad(request) : good(request));
}

function failing(
  status: number,
  errorType: string,
  more: { code?: string; headers?: Record<string, string> } = {},
): Answer {
  return { type: "error", status, errorType, ...more };
}

/** The answer up to just after its first claim and the comma that follows it. */
function firstClaim({ claims }: GoodAnswer): string {
  return `${textOf({ type: "claims", claims: claims.slice(0, 1) }).slice(0, -2)},`;
}
