import Anthropic from "@anthropic-ai/sdk";
import type {
  MessageCountTokensParams,
  MessageCreateParamsStreaming,
} from "@anthropic-ai/sdk/resources/messages/messages";
import type { ModelConfig, ModelProfile } from "#lib/domain/copilot/profile.ts";
import type { ModelAnswer, Provider, SentRequest, StreamOptions } from "./answer.ts";
import { concludeAnswer } from "./conclude-answer.ts";
import { classifyFailure, notAStream, stopFailure, type Failure } from "./failure.ts";
import { readAnswer, type AnswerReader } from "./read-answer.ts";
import { openWire, type Wire } from "./wire.ts";

/** What a client is made from: no credentials are looked for anywhere else. */
export type ProviderConfig = Pick<ModelConfig, "provider" | "model" | "baseUrl"> & {
  profile: Pick<ModelProfile, "countsTokens" | "timeoutSeconds" | "idleSeconds">;
};

const OWN_ADDRESS = "https://api.anthropic.com";
/** Counting tokens is a courtesy: it must not hold up a run. */
const COUNT_TIMEOUT_MS = 10_000;

/**
 * A model behind the Messages protocol. `key` null: the server needs none. Each request is made once and not again:
 * retries belong to the queue, which knows what they cost. A tracer never sees a prompt.
 */
export function openModel(config: ProviderConfig, key: string | null): Provider {
  return {
    id: config.model,
    stream: (request, options = {}) => stream(config, key, request, options),
    countTokens: (request, signal) => countTokens(config, key, request, signal),
  };
}

async function stream(
  config: ProviderConfig,
  key: string | null,
  request: SentRequest,
  { signal, onItem }: StreamOptions,
): Promise<ModelAnswer> {
  const { timeoutSeconds, idleSeconds } = config.profile;
  const wire = openWire({
    body: request.text,
    key,
    timeoutMs: timeoutSeconds * 1000,
    idleMs: idleSeconds * 1000,
    signal,
  });
  const startedAt = performance.now();
  let firstClaimMs: number | null = null;
  const thrown: { error: unknown }[] = [];
  const reader = readAnswer({
    canary: request.canary,
    key,
    onItem: (item) => {
      if (item.ok) firstClaimMs ??= Math.round(performance.now() - startedAt);
      try {
        onItem?.(item);
      } catch (error) {
        thrown.push({ error });
        throw error;
      }
    },
  });
  const failed = await follow(client(config, key, wire), wire, request, reader);
  wire.close();
  if (thrown[0]) throw thrown[0].error;
  const latencyMs = Math.round(performance.now() - startedAt);
  return concludeAnswer({ reader, wire, key, failed, request, latencyMs, firstClaimMs });
}

/** Reads the stream to its end. Returns what broke it, if anything did. */
async function follow(
  model: Anthropic,
  wire: Wire,
  request: SentRequest,
  reader: AnswerReader,
): Promise<(Failure & { cause?: unknown }) | null> {
  try {
    const { data, response } = await model.messages
      .create(JSON.parse(request.text) as MessageCreateParamsStreaming, { signal: wire.signal })
      .withResponse();
    if (!/^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "")) {
      data.controller.abort();
      return notAStream(wire.contentType());
    }
    for await (const event of data) {
      if (typeof event === "object" && event !== null) reader.take(event);
    }
  } catch (error) {
    const cause = wire.stopped();
    return cause ? stopFailure(cause) : { ...classifyFailure(error), cause: error };
  }
  // the iterator ends quietly when its request was given up
  const cause = wire.stopped();
  return cause ? stopFailure(cause) : null;
}

async function countTokens(
  config: ProviderConfig,
  key: string | null,
  request: SentRequest,
  signal?: AbortSignal,
): Promise<number | null> {
  if (!config.profile.countsTokens) return null;
  const {
    stream: _,
    max_tokens: __,
    ...counted
  } = JSON.parse(request.text) as Record<string, unknown>;
  const wire = openWire({
    body: JSON.stringify(counted),
    key,
    timeoutMs: COUNT_TIMEOUT_MS,
    idleMs: COUNT_TIMEOUT_MS,
    signal,
  });
  try {
    const { input_tokens: tokens } = await client(config, key, wire).messages.countTokens(
      counted as unknown as MessageCountTokensParams,
      { signal: wire.signal },
    );
    return Number.isSafeInteger(tokens) && tokens > 0 ? tokens : null;
  } catch {
    return null;
  } finally {
    wire.close();
  }
}

function client(
  { provider, baseUrl, profile }: ProviderConfig,
  apiKey: string | null,
  wire: Wire,
): Anthropic {
  // a server of one's own may need no key, but the SDK wants one, or it looks for others on disk
  const key = apiKey ?? "none";
  return new Anthropic({
    apiKey: key,
    authToken: null,
    baseURL: baseUrl ?? OWN_ADDRESS,
    // proxies of one's own may read the older header only
    ...(provider === "compatible" && { defaultHeaders: { "x-api-key": key } }),
    maxRetries: 0,
    timeout: profile.timeoutSeconds * 1000 + 1000, // the wire's own clock comes first
    openTelemetry: false,
    logLevel: "off",
    fetch: wire.fetch,
  });
}
