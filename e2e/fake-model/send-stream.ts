import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { claimEnds, stopOf, textOf } from "./answer.ts";
import type { FakeRequest, Reply } from "./answer.ts";
import { tokensOf } from "./usage.ts";
import type { Usage } from "./usage.ts";

export type SendOptions = { usage: Usage; request: FakeRequest; requestId: string };

/** One message as a stream of server-sent events, as well or as badly as the answer says. */
export async function sendStream(
  response: ServerResponse,
  answer: Reply,
  { usage, request, requestId }: SendOptions,
): Promise<void> {
  response.writeHead(200, {
    "content-type": answer.contentType ?? "text/event-stream",
    "cache-control": "no-cache",
    "request-id": requestId,
  });
  const send = eventSender(response, answer);
  const message = { ...messageOf(request, answer), content: [], stop_reason: null };
  await send("message_start", {
    message: { ...message, usage: { ...usage, output_tokens: 1, ...answer.usage } },
  });
  const text = textOf(answer);
  const index = await sendThinking(send, answer);
  const hasText = text !== "" || answer.type !== "refusal";
  if (hasText) await sendText(response, answer, { send, text, index, request });
  if (response.destroyed || (await sendFault(response, answer, send))) return;
  if (hasText) await send("content_block_stop", { index });
  await send("message_delta", {
    delta: { ...stopOf(answer), stop_sequence: null },
    usage: { output_tokens: tokensOf(text), ...answer.usage },
  });
  await send("message_stop", {});
  response.end();
}

type Send = (type: string, data: object) => Promise<void>;

function eventSender(response: ServerResponse, answer: Reply): Send {
  return async (type, data) => {
    if (response.destroyed || answer.leaveOut?.includes(type)) return;
    const bytes = `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
    if (answer.bytesPerSecond) return drip(response, bytes, answer.bytesPerSecond);
    if (!response.write(bytes)) await drained(response);
  };
}

async function drip(response: ServerResponse, text: string, perSecond: number): Promise<void> {
  for (const byte of Buffer.from(text)) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await pause(1000 / perSecond);
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    function end(): void {
      response.off("drain", end).off("close", end);
      resolve();
    }
    response.on("drain", end).on("close", end);
  });
}

/** Gives the index of the block that follows. */
async function sendThinking(send: Send, { thinking = "empty" }: Reply): Promise<number> {
  if (thinking === "none") return 0;
  const block = { type: "thinking", thinking: "", signature: "" };
  await send("content_block_start", { index: 0, content_block: block });
  if (thinking !== "empty") {
    const delta = { type: "thinking_delta", thinking: thinking.text };
    await send("content_block_delta", { index: 0, delta });
  }
  await send("content_block_stop", { index: 0 });
  return 1;
}

type Text = { send: Send; text: string; index: number; request: FakeRequest };

async function sendText(
  response: ServerResponse,
  answer: Reply,
  { send, text, index, request }: Text,
): Promise<void> {
  const ends = claimEnds(answer);
  const block = { type: "text", text: "", citations: null };
  await send("content_block_start", { index, content_block: block });
  let sent = 0;
  for (const piece of pieces(text, answer.chunkChars ?? (text.length > 1e6 ? 4096 : 17))) {
    await send("content_block_delta", { index, delta: { type: "text_delta", text: piece } });
    sent += piece.length;
    while (ends[request.claimEndedAt.length]! <= sent) request.claimEndedAt.push(now());
    if (answer.chunkDelayMs) await pause(answer.chunkDelayMs);
    if (response.destroyed) return;
  }
}

/** Small pieces of a size that divides nothing, so that no reader can rely on where a delta ends. */
function* pieces(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

/** Ends the answer the bad way, when it is one of those; true then. */
async function sendFault(response: ServerResponse, answer: Reply, send: Send): Promise<boolean> {
  switch (answer.type) {
    case "stalled":
      return true;
    case "stream_error":
      await send("error", { error: { type: answer.errorType, message: "told so by the script" } });
      response.end();
      return true;
    case "broken":
      breakOff(response, answer.how ?? "cut");
      return true;
    case "text":
    case "claims":
    case "flood":
    case "refusal":
      return false;
  }
}

function breakOff(response: ServerResponse, how: "cut" | "reset" | "closed"): void {
  if (how === "closed") return void response.end();
  // what was written goes out first
  setImmediate(() => {
    if (how === "reset") response.socket?.resetAndDestroy();
    else response.destroy();
  });
}

/** The parts of a message that every answer has. */
export function messageOf({ body }: FakeRequest, { answeredBy }: Reply) {
  return {
    id: "msg_fake",
    type: "message",
    role: "assistant",
    model: answeredBy ?? body.model ?? "fake",
    stop_sequence: null,
    stop_details: null,
  };
}

/** Milliseconds since 1970, with a fraction. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
