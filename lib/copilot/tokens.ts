import { MICRO_PER_DOLLAR } from "#lib/domain/copilot/run.ts";
import type { ModelProfile } from "#lib/domain/copilot/profile.ts";

/**
 * Tokens without a tokeniser: bytes per token of records and English prose lie between 2 (hex, base64) and 7 (long
 * words). The middle is for planning, the ends are for bounds.
 */
const BYTES_PER_TOKEN = { most: 2, usual: 3, fewest: 8 };
const MILLION = 1_000_000;

/** About how many tokens a text is. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN.usual);
}

/** More tokens than a text can be expected to have: what is reserved for. */
export function mostTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN.most);
}

/** Fewer tokens than a text can be expected to have: a server that counts less has not read it all. */
export function fewestTokens(text: string): number {
  return Math.floor(Buffer.byteLength(text) / BYTES_PER_TOKEN.fewest);
}

/** Bytes of evidence that a number of tokens has room for. */
export function bytesFor(tokens: number): number {
  return tokens * BYTES_PER_TOKEN.usual;
}

/** Tokens of the request that a server says it read, from cache or not; null when it gave no count, or none worth it. */
export function tokensRead(usage: Record<string, number> | null): number | null {
  if (!usage || usage["input_tokens"] === undefined) return null;
  const tokens =
    usage["input_tokens"] +
    (usage["cache_creation_input_tokens"] ?? 0) +
    (usage["cache_read_input_tokens"] ?? 0);
  return tokens === 0 ? null : tokens;
}

/** What token counts cost, in whole millionths of a US dollar, rounded up. */
export function costMicro(usage: Record<string, number>, { price }: ModelProfile): number {
  const perMillion =
    (usage["input_tokens"] ?? 0) * price.input +
    (usage["cache_creation_input_tokens"] ?? 0) * price.cacheWrite +
    (usage["cache_read_input_tokens"] ?? 0) * price.cacheRead +
    (usage["output_tokens"] ?? 0) * price.output;
  return Math.ceil(perMillion / MILLION);
}

/**
 * What an answer cost. 0 when the request was turned away; null when nobody knows, since it broke off after a model
 * began to read: then the whole reservation counts as spent.
 */
export function answerCostMicro(
  answer: { usage: Record<string, number> | null; isUsageFinal: boolean; billed: boolean },
  profile: ModelProfile,
): number | null {
  if (!answer.billed) return 0;
  return answer.usage && answer.isUsageFinal ? costMicro(answer.usage, profile) : null;
}

/** The most that a request can cost: its longest reading at the dearest price, and the longest answer. */
export function reserveMicro(request: { mostTokens: number }, profile: ModelProfile): number {
  const { price, outputTokens } = profile;
  const dearest = Math.max(price.input, price.cacheWrite);
  return Math.ceil((request.mostTokens * dearest + outputTokens * price.output) / MILLION);
}

/** A price per million tokens in dollars, as price lists have it, in millionths of a dollar. */
export function dollars(price: number): number {
  return Math.round(price * MICRO_PER_DOLLAR);
}
