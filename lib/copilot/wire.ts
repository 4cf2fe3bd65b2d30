import type { ClientOptions } from "@anthropic-ai/sdk";
import { isMetadata } from "#lib/egress/resolve.ts";
import { KEY_WORDS, withoutKey } from "./echoed-key.ts";

/**
 * Why a request was given up by us: too long in all, silent for too long, too long an answer, called off, or on its way
 * to a metadata service.
 */
export type StopCause = "timeout" | "idle" | "length" | "abort" | "address";

export type WireOptions = {
  /** The exact body: nothing else is sent. */
  body: string;
  /** Never to stand in what is kept. */
  key: string | null;
  timeoutMs: number;
  /** Between two lines of the answer, or before the first. */
  idleMs: number;
  signal: AbortSignal | undefined;
};

export type Wire = {
  fetch: NonNullable<ClientOptions["fetch"]>;
  signal: AbortSignal;
  /** What ended the request from our side, if anything did. */
  stopped: () => StopCause | null;
  /** A request left, whether or not it arrived. */
  wasSent: () => boolean;
  /** The server began to answer, with this status. */
  status: () => number | null;
  contentType: () => string | null;
  requestId: () => string | null;
  /** The body that came back, as text that Postgres can keep. */
  response: () => string;
  /** Ends the timers. Always to be called. */
  close: () => void;
};

const ANSWER_BYTES_MAX = 10_000_000;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * One request on the wire: a fetch that sends nothing but the body that was stored, keeps what comes back, follows no
 * redirect (it would carry the key elsewhere), and gives up by the clock or by length. A line of the answer is a sign
 * of life, a byte is not: one byte a second is silence.
 */
export function openWire(options: WireOptions): Wire {
  const controller = new AbortController();
  let cause: StopCause | null = null;
  const stop = (why: StopCause): void => {
    cause ??= why;
    controller.abort();
  };
  const timers = startTimers(options, stop);
  const onAbort = (): void => stop("abort");
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const record = recorder({ onLine: timers.alive, onTooLong: () => stop("length") });
  let wasSent = false;
  let head: { status: number; contentType: string | null; requestId: string | null } | null = null;
  const send: Wire["fetch"] = async (url, init) => {
    if (init?.body !== options.body)
      throw new Error("the request differs from the one that was stored");
    if (await isMetadata(new URL(url as string).hostname)) {
      stop("address");
      throw new Error("the name of the model leads to a metadata service");
    }
    wasSent = true;
    const response = await fetch(url as string, { ...(init as RequestInit), redirect: "manual" });
    timers.alive();
    const { status, statusText, headers } = response;
    head = {
      status,
      contentType: header(headers, "content-type", options.key),
      requestId: header(headers, "request-id", options.key),
    };
    const body = response.body?.pipeThrough(record.through) ?? null;
    return new Response(body, { status, statusText, headers });
  };
  return {
    fetch: send,
    signal: controller.signal,
    stopped: () => cause,
    wasSent: () => wasSent,
    status: () => head?.status ?? null,
    contentType: () => head?.contentType ?? null,
    requestId: () => head?.requestId ?? null,
    response: () => storable(record.text(), options.key),
    close: () => {
      timers.end();
      options.signal?.removeEventListener("abort", onAbort);
    },
  };
}

function startTimers(
  { timeoutMs, idleMs }: WireOptions,
  stop: (why: StopCause) => void,
): { alive: () => void; end: () => void } {
  const overall = setTimeout(() => stop("timeout"), timeoutMs);
  const idle = setTimeout(() => stop("idle"), idleMs);
  return {
    alive: () => void idle.refresh(),
    end: () => {
      clearTimeout(overall);
      clearTimeout(idle);
    },
  };
}

/** Keeps what flows through it, up to the longest answer. */
function recorder({ onLine, onTooLong }: { onLine: () => void; onTooLong: () => void }) {
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  let bytes = 0;
  const through = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > ANSWER_BYTES_MAX) {
        onTooLong();
        controller.error(new Error("the answer is too long"));
        return;
      }
      if (chunk.includes(LINE_FEED) || chunk.includes(CARRIAGE_RETURN)) onLine();
      chunks.push(decoder.decode(chunk, { stream: true }));
      controller.enqueue(chunk);
    },
  });
  return { through, text: () => chunks.join("") + decoder.decode() };
}

/** A server may echo what it was sent; the key is never kept. */
function storable(text: string, key: string | null): string {
  const safe = key ? text.replaceAll(key, KEY_WORDS) : text;
  return safe.toWellFormed().replaceAll("\u0000", "\u2400");
}

function header(headers: Headers, name: string, key: string | null): string | null {
  const value = headers.get(name);
  return value === null ? null : withoutKey(value, key).slice(0, 200);
}
