import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** What arrived at the fake model. */
export type FakeRequest = {
  path: string;
  headers: IncomingMessage["headers"];
  text: string;
  body: FakeBody;
  number: number;
};
export type FakeBody = {
  model?: string;
  stream?: boolean;
  system?: { text: string }[];
  messages?: { content: { text: string }[] }[];
};

/** What the fake model answers; the test's script decides. */
export type Answer =
  | { type: "text"; text: string; stopReason?: string; chunkChars?: number; chunkDelayMs?: number }
  | {
      type: "claims";
      claims: unknown[];
      stopReason?: string;
      chunkChars?: number;
      chunkDelayMs?: number;
    }
  /** A refusal, before any output or after `partial`. */
  | { type: "refusal"; category?: string; partial?: string }
  /** An HTTP error before the stream: 429, 529 and the like. */
  | { type: "error"; status: number; errorType: string; headers?: Record<string, string> }
  /** An `error` event inside a stream that began with 200. */
  | { type: "stream_error"; partial: string; errorType: string }
  /** The connection dies after `partial`. */
  | { type: "broken"; partial: string }
  /** Nothing at all, until the caller gives up. */
  | { type: "silent" };

export type FakeModel = { url: string; requests: FakeRequest[]; close: () => Promise<void> };
export type Script = (request: FakeRequest) => Answer | Promise<Answer>;

/** A local HTTP server that speaks the Messages protocol (plain JSON and SSE) and answers from a script. */
export async function startFakeModel({
  script,
  port = 0,
}: {
  script: Script;
  port?: number;
}): Promise<FakeModel> {
  const requests: FakeRequest[] = [];
  const server = createServer((incoming, response) => {
    serve(incoming, response, requests, script).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 500, "api_error", {});
      response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  requests: FakeRequest[],
  script: Script,
): Promise<void> {
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
  if (incoming.method !== "POST" || incoming.url?.split("?")[0] !== "/v1/messages")
    return sendError(response, 404, "not_found_error", {});
  if (!incoming.headers.authorization && !incoming.headers["x-api-key"])
    return sendError(response, 401, "authentication_error", {});
  const body = JSON.parse(text) as FakeBody;
  const request = {
    path: incoming.url,
    headers: incoming.headers,
    text,
    body,
    number: requests.length + 1,
  };
  requests.push(request);
  const answer = await script(request);
  if (answer.type === "silent") return;
  if (answer.type === "error")
    return sendError(response, answer.status, answer.errorType, answer.headers ?? {});
  await (body.stream ? sendStream(response, body, answer) : sendPlain(response, body, answer));
}

type Reply = Exclude<Answer, { type: "silent" | "error" }>;

function textOf(answer: Reply): string {
  if (answer.type === "text") return answer.text;
  if (answer.type === "claims") return JSON.stringify({ claims: answer.claims });
  return answer.partial ?? "";
}

function stopOf(answer: Reply): { stop_reason: string; stop_details: unknown } {
  if (answer.type !== "refusal")
    return {
      stop_reason: ("stopReason" in answer && answer.stopReason) || "end_turn",
      stop_details: null,
    };
  return {
    stop_reason: "refusal",
    stop_details: { type: "refusal", category: answer.category ?? "cyber", explanation: null },
  };
}

async function sendStream(response: ServerResponse, body: FakeBody, answer: Reply): Promise<void> {
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    "request-id": "req_fake",
  });
  const send = (type: string, data: object): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const usage = {
    input_tokens: 1234,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 1,
  };
  send("message_start", {
    message: { ...messageOf(body), content: [], stop_reason: null, stop_details: null, usage },
  });
  // as today's models do: the first block is an empty thinking block
  send("content_block_start", {
    index: 0,
    content_block: { type: "thinking", thinking: "", signature: "" },
  });
  send("content_block_stop", { index: 0 });
  const text = textOf(answer);
  if (text !== "" || answer.type !== "refusal") {
    send("content_block_start", {
      index: 1,
      content_block: { type: "text", text: "", citations: null },
    });
    for (const piece of pieces(text, "chunkChars" in answer ? answer.chunkChars : undefined)) {
      send("content_block_delta", { index: 1, delta: { type: "text_delta", text: piece } });
      if ("chunkDelayMs" in answer && answer.chunkDelayMs) await pause(answer.chunkDelayMs);
      if (response.destroyed) return;
    }
  }
  if (answer.type === "broken") return void setImmediate(() => response.destroy());
  if (answer.type === "stream_error") {
    send("error", { error: { type: answer.errorType, message: "told so by the script" } });
    return void response.end();
  }
  if (text !== "") send("content_block_stop", { index: 1 });
  send("message_delta", {
    delta: { ...stopOf(answer), stop_sequence: null },
    usage: { output_tokens: Math.ceil(text.length / 4) },
  });
  send("message_stop", {});
  response.end();
}

async function sendPlain(response: ServerResponse, body: FakeBody, answer: Reply): Promise<void> {
  if (answer.type === "broken") return void response.destroy();
  if (answer.type === "stream_error") return sendError(response, 500, answer.errorType, {});
  const text = textOf(answer);
  const content = [
    { type: "thinking", thinking: "", signature: "" },
    ...(text ? [{ type: "text", text, citations: null }] : []),
  ];
  response.writeHead(200, { "content-type": "application/json", "request-id": "req_fake" });
  response.end(
    JSON.stringify({
      ...messageOf(body),
      content,
      ...stopOf(answer),
      usage: { input_tokens: 1234, output_tokens: Math.ceil(text.length / 4) },
    }),
  );
}

function messageOf(body: FakeBody) {
  return {
    id: "msg_fake",
    type: "message",
    role: "assistant",
    model: body.model ?? "fake",
    stop_sequence: null,
  };
}

function sendError(
  response: ServerResponse,
  status: number,
  type: string,
  headers: Record<string, string>,
): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "request-id": "req_fake",
    ...headers,
  });
  response.end(
    JSON.stringify({
      type: "error",
      error: { type, message: "told so by the script" },
      request_id: "req_fake",
    }),
  );
}

/** Small uneven pieces, so that no reader can rely on where a delta ends. */
function* pieces(text: string, size = 17): Generator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
