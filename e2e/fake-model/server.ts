import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { stopOf, textOf } from "./answer.ts";
import type { FakeBody, FakeRequest, Reply, Script } from "./answer.ts";
import { messageOf, now, sendStream, type SendOptions } from "./send-stream.ts";
import { asBlocks, inputTokens, PromptCache, tokensOf } from "./usage.ts";

export type { Answer, FakeRequest, Script } from "./answer.ts";

/** What kind of server this is; without any of it, one that does everything. */
export type ServerTraits = {
  /** Answers `POST /v1/messages/count_tokens`; false: 404, as several local servers. */
  countsTokens?: boolean;
  /** The schema never reaches the model. */
  ignoresSchema?: boolean;
  /** Only the last block of a message reaches the model: the evidence does not. */
  dropsBlocks?: boolean;
  /** What is longer than so many tokens is cut at its beginning, without a word. */
  contextTokens?: number;
  /** The key that must be sent; any when left out. */
  key?: string;
};

/** How a server that is down behaves. */
export type Downtime = "refuses" | "overloaded" | "silent";

export type FakeModel = {
  url: string;
  requests: FakeRequest[];
  /** The requests that only counted tokens. */
  counted: FakeRequest[];
  /** Requests being answered now, and the most there ever were at one time. */
  open: { now: number; most: number };
  /** Every request, new or being answered, fails until `comeUp`. */
  goDown: (how: Downtime) => Promise<void>;
  comeUp: () => Promise<void>;
  close: () => Promise<void>;
};

type State = {
  script: Script;
  traits: ServerTraits;
  cache: PromptCache;
  requests: FakeRequest[];
  counted: FakeRequest[];
  open: { now: number; most: number };
  down: Downtime | null;
};

/**
 * A local HTTP server that speaks the Messages protocol (plain JSON and SSE) and answers from a script. It listens on
 * 127.0.0.1; `port` 0 takes a free one.
 */
export async function startFakeModel({
  script,
  port = 0,
  ...traits
}: ServerTraits & { script: Script; port?: number }): Promise<FakeModel> {
  const requests: FakeRequest[] = [];
  const counted: FakeRequest[] = [];
  const open = { now: 0, most: 0 };
  const cache = new PromptCache();
  const state: State = { script, traits, cache, requests, counted, open, down: null };
  let server = await listen(state, port);
  const address = server.address() as AddressInfo;
  async function back(): Promise<void> {
    if (server.listening) server.closeAllConnections();
    else server = await listen(state, address.port);
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    counted,
    open,
    async goDown(how) {
      state.down = how;
      if (how === "refuses") await stop(server);
      else await back();
    },
    async comeUp() {
      state.down = null;
      await back();
    },
    close: () => stop(server),
  };
}

async function listen(state: State, port: number): Promise<Server> {
  const server = createServer((incoming, response) => {
    state.open.now += 1;
    state.open.most = Math.max(state.open.most, state.open.now);
    response.once("close", () => (state.open.now -= 1));
    // the caller may go away in the middle of anything
    response.on("error", () => undefined);
    serve(incoming, response, state).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, { status: 500, errorType: "api_error" });
      response.destroy(error as Error);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  state: State,
): Promise<void> {
  if (state.down === "silent") return;
  if (state.down) return sendError(response, { status: 529, errorType: "overloaded_error" });
  const path = incoming.url?.split("?")[0] ?? "";
  const isCount = path === "/v1/messages/count_tokens" && state.traits.countsTokens !== false;
  if (incoming.method !== "POST" || (path !== "/v1/messages" && !isCount))
    return sendError(response, { status: 404, errorType: "not_found_error" });
  if (!isLetIn(incoming.headers, state.traits.key))
    return sendError(response, { status: 401, errorType: "authentication_error" });
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
  const body = seen(JSON.parse(text) as FakeBody, state.traits);
  const kept = isCount ? state.counted : state.requests;
  const request: FakeRequest = {
    path: incoming.url!,
    headers: incoming.headers,
    text,
    body,
    number: kept.length + 1,
    at: now(),
    claimEndedAt: [],
    isAbandoned: false,
  };
  kept.push(request);
  response.once("close", () => (request.isAbandoned = !response.writableFinished));
  if (isCount) return sendJson(response, 200, { input_tokens: inputTokens(body) });
  await answerIt(response, request, state);
}

function isLetIn(headers: IncomingMessage["headers"], key: string | undefined): boolean {
  const bearer = headers.authorization?.replace(/^Bearer /, "");
  return key === undefined ? Boolean(bearer ?? headers["x-api-key"]) : bearer === key;
}

/** What is left of a request when it reaches the model behind such a server. */
function seen(body: FakeBody, { ignoresSchema, dropsBlocks, contextTokens }: ServerTraits) {
  const left = structuredClone(body);
  if (ignoresSchema) delete left.output_config;
  for (const message of left.messages ?? []) {
    const blocks = asBlocks(message.content);
    message.content = dropsBlocks ? blocks.slice(-1) : blocks;
  }
  if (contextTokens === undefined) return left;
  const first = asBlocks(left.messages?.[0]?.content ?? [])[0];
  const over = inputTokens(left) - contextTokens;
  if (first?.text !== undefined && over > 0) first.text = first.text.slice(Math.ceil(over * 3.5));
  return left;
}

async function answerIt(
  response: ServerResponse,
  request: FakeRequest,
  { script, cache }: State,
): Promise<void> {
  const answer = await script(request);
  const usage = cache.usageOf(request.body);
  const options = { usage, request, requestId: "req_fake" };
  switch (answer.type) {
    case "silent":
      return;
    case "reset":
      return void response.socket?.resetAndDestroy();
    case "error":
      return sendError(response, { ...answer, requestId: options.requestId });
    case "raw": {
      const type = { "content-type": "text/event-stream", "request-id": options.requestId };
      return void response
        .writeHead(answer.status ?? 200, { ...type, ...answer.headers })
        .end(answer.body);
    }
    default:
      if (request.body.stream) return sendStream(response, answer, options);
      sendPlain(response, answer, options);
  }
}

function sendPlain(
  response: ServerResponse,
  answer: Reply,
  { usage, request, requestId }: SendOptions,
): void {
  if (answer.type === "stalled") return;
  if (answer.type === "broken") return void response.destroy();
  if (answer.type === "stream_error")
    return sendError(response, { status: 500, errorType: answer.errorType, requestId });
  const text = textOf(answer);
  const content = [
    ...(answer.thinking === "none" ? [] : [{ type: "thinking", thinking: "", signature: "" }]),
    ...(text ? [{ type: "text", text, citations: null }] : []),
  ];
  const figures = { ...usage, output_tokens: tokensOf(text), ...answer.usage };
  const message = { ...messageOf(request, answer), content, ...stopOf(answer), usage: figures };
  sendJson(response, 200, message, { "request-id": requestId });
}

type ErrorAnswer = {
  status: number;
  errorType: string;
  code?: string;
  headers?: Record<string, string>;
  requestId?: string;
};

function sendError(
  response: ServerResponse,
  { status, errorType, code, headers, requestId = "req_fake" }: ErrorAnswer,
): void {
  const details = code === undefined ? {} : { details: { error_code: code } };
  const error = { type: errorType, message: "told so by the script", ...details };
  const body = { type: "error", error, request_id: requestId };
  sendJson(response, status, body, { "request-id": requestId, ...headers });
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
