import Anthropic, { type ClientOptions } from "@anthropic-ai/sdk";
import type {
  MessageStreamParams,
  RawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/messages/messages";
import { parse } from "jsonriver";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { Model, ModelAnswer } from "./answer.ts";
import { classifyFailure } from "./failure.ts";
import { CLAIMS_MAX, readClaim } from "./output.ts";

export type ModelSettings = { model: string; apiKey: string | null; baseUrl: string | null };

const TIMEOUT_MS = 300_000;
const RESPONSE_CHARS_MAX = 8_000_000;

/** What has come back so far. */
type Progress = {
  claims: DraftClaim[];
  dropped: string[];
  items: number;
  isWhole: boolean;
  isStopped: boolean;
  stopReason: string | null;
  refusal: string | null;
  usage: Record<string, number>;
};

/**
 * A model behind the Messages protocol. Made only from settings of our own: without them nothing here looks for
 * credentials. Retries belong to the queue, so the SDK makes none; a tracer never sees a prompt.
 */
export function anthropicModel(settings: ModelSettings): Model {
  return { id: settings.model, answer: (request, signal) => ask(settings, request, signal) };
}

async function ask(
  settings: ModelSettings,
  request: { text: string; canary: string },
  signal?: AbortSignal,
): Promise<ModelAnswer> {
  const wire = recordingFetch(request.text);
  const stream = new Anthropic(clientOptions(settings, wire.fetch)).messages.stream(
    JSON.parse(request.text) as MessageStreamParams,
    { signal },
  );
  // kept from the start: the stream's iterator may end quietly although the stream failed
  const ended = stream.done().then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const progress = start();
  const failed =
    (await follow(stream[Symbol.asyncIterator](), progress, request.canary)) ?? (await ended);
  return conclude(progress, { failed, response: wire.response(), requestId: wire.requestId() });
}

function clientOptions(
  { apiKey, baseUrl }: ModelSettings,
  fetch: ClientOptions["fetch"],
): ClientOptions {
  // a server of one's own may need no key, but the SDK wants one, or it looks for others on disk
  const key = apiKey ?? "none";
  return {
    apiKey: key,
    baseURL: baseUrl ?? "https://api.anthropic.com",
    // local proxies read the older header
    defaultHeaders: { "x-api-key": key },
    maxRetries: 0,
    timeout: TIMEOUT_MS,
    openTelemetry: false,
    logLevel: "off",
    fetch,
  };
}

/** A fetch that keeps the exact body that came back, and sends nothing but the body that was stored. */
function recordingFetch(expected: string) {
  const chunks: string[] = [];
  let length = 0;
  let requestId: string | null = null;
  const decoder = new TextDecoder();
  const keep = (text: string): void => {
    if (length < RESPONSE_CHARS_MAX) chunks.push(text);
    length += text.length;
  };
  const recorder = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      keep(decoder.decode(bytes, { stream: true }));
      controller.enqueue(bytes);
    },
  });
  const record: NonNullable<ClientOptions["fetch"]> = async (url, init) => {
    if (init?.body !== expected)
      throw new Error("the request differs from the one that was stored");
    const response = await fetch(url as string, init as RequestInit);
    requestId = response.headers.get("request-id");
    if (!response.body) return response;
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(recorder), { status, statusText, headers });
  };
  return {
    fetch: record,
    requestId: () => requestId,
    response: () =>
      (chunks.join("") + decoder.decode()).toWellFormed().replaceAll("\u0000", "\u2400"),
  };
}

function start(): Progress {
  return {
    claims: [],
    dropped: [],
    items: 0,
    isWhole: false,
    isStopped: false,
    stopReason: null,
    refusal: null,
    usage: {},
  };
}

/** Reads the stream to its end, taking each claim as it closes. Returns what broke it, if anything did. */
async function follow(
  events: AsyncIterator<RawMessageStreamEvent>,
  progress: Progress,
  canary: string,
): Promise<{ error: unknown } | null> {
  let failed: { error: unknown } | null = null;
  async function nextEvent(): Promise<RawMessageStreamEvent | null> {
    try {
      const { done, value } = await events.next();
      if (done) return null;
      note(progress, value);
      return value;
    } catch (error) {
      failed = { error };
      return null;
    }
  }
  async function* texts(): AsyncGenerator<string> {
    for (let event = await nextEvent(); event; event = await nextEvent()) {
      // text deltas only, of whichever block: the first block is often an empty thinking block
      if (event.type === "content_block_delta" && event.delta.type === "text_delta")
        yield event.delta.text;
    }
  }
  await readClaims(fromFirstBrace(texts()), progress, canary);
  while (await nextEvent());
  return failed;
}

async function readClaims(
  texts: AsyncIterable<string>,
  progress: Progress,
  canary: string,
): Promise<void> {
  try {
    const values = parse(texts, {
      completeCallback(value, path) {
        const [first, index, ...deeper] = path.segments();
        if (first === undefined) progress.isWhole = true;
        if (first === "claims" && index !== undefined && deeper.length === 0)
          takeClaim(progress, value, canary);
      },
    });
    for await (const _ of values);
  } catch {
    // not the JSON asked for, or cut short: what was whole by then is kept, and `isWhole` says the rest
  }
}

function takeClaim(progress: Progress, value: unknown, canary: string): void {
  progress.items += 1;
  const read = readClaim(value, canary);
  if (!read.ok) progress.dropped.push(`Claim ${progress.items} was left out: ${read.reason}.`);
  else if (progress.claims.length < CLAIMS_MAX) progress.claims.push(read.claim);
  else
    progress.dropped.push(`Claim ${progress.items} was left out: more than ${CLAIMS_MAX} claims.`);
}

/** Servers that do not enforce the schema may put words or a code fence before the object. */
async function* fromFirstBrace(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let hasBegun = false;
  for await (const text of texts) {
    const at = hasBegun ? 0 : text.indexOf("{");
    if (at < 0) continue;
    hasBegun = true;
    yield text.slice(at);
  }
}

function note(progress: Progress, event: RawMessageStreamEvent): void {
  if (event.type === "message_start") Object.assign(progress.usage, counts(event.message.usage));
  if (event.type === "message_stop") progress.isStopped = true;
  if (event.type !== "message_delta") return;
  Object.assign(progress.usage, counts(event.usage));
  progress.stopReason = event.delta.stop_reason;
  if (event.delta.stop_reason === "refusal")
    progress.refusal = event.delta.stop_details?.category ?? "no category given";
}

function counts(usage: object): Record<string, number> {
  return Object.fromEntries(
    Object.entries(usage).filter((entry): entry is [string, number] =>
      Number.isSafeInteger(entry[1]),
    ),
  );
}

type Ending = { failed: { error: unknown } | null; response: string; requestId: string | null };

function conclude(progress: Progress, { failed, response, requestId }: Ending): ModelAnswer {
  const { claims, dropped, stopReason } = progress;
  const usage = Object.keys(progress.usage).length > 0 ? progress.usage : null;
  const answer = {
    claims,
    dropped,
    stopReason,
    response,
    usage,
    requestId,
    isComplete: false,
    mayRetry: false,
    retryAfterSeconds: null,
  };
  if (progress.refusal !== null) {
    const reason = `The model refused to answer (${progress.refusal}).`;
    return { ...answer, state: "refused", claims: [], reason };
  }
  if (failed) {
    const { isAbort, reason, mayRetry, retryAfterSeconds } = classifyFailure(failed.error);
    return {
      ...answer,
      state: isAbort ? "cancelled" : "failed",
      reason,
      mayRetry,
      retryAfterSeconds,
    };
  }
  if (!progress.isStopped) {
    return {
      ...answer,
      state: "failed",
      reason: "The connection to the model broke off.",
      mayRetry: true,
    };
  }
  const reason =
    stopSentence(stopReason) ??
    (progress.isWhole ? null : "The answer is not the JSON object that was asked for.");
  return { ...answer, state: "finished", isComplete: reason === null, reason };
}

function stopSentence(stopReason: string | null): string | null {
  if (stopReason === "end_turn" || stopReason === "stop_sequence") return null;
  if (stopReason === "max_tokens") return "The answer was cut off at its longest allowed length.";
  if (stopReason === "model_context_window_exceeded")
    return "The evidence and the answer together are too long for the model.";
  return `The model stopped for another reason (${stopReason ?? "none given"}).`;
}
