import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { parseNetworks } from "#lib/egress/address.ts";
import type { Egress } from "#lib/egress/resolve.ts";

/** For tests: a real server on 127.0.0.1 that keeps what it was asked and can break in every way. */

export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
};

/** An object is answered as JSON, a text as it is. `rate` and the like go into `headers`. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

/** Ways of a server to break, instead of answering. */
export type Breakage =
  | "reset" // the connection is cut without an answer
  | "silent" // it never answers
  | "slow_body" // a head, half a body, then nothing
  | "cut_body" // a head, half a body, then a cut
  | "oversized" // more than any answer may have
  | "malformed" // 200, JSON by its type, not by its text
  | "html" // 200, a page
  | "wrong_shape" // 200, JSON of something else
  | "gzip" // 200, compressed though not asked for
  | "redirect"; // 302 to the address in `elsewhere`

export type Answering = (asked: Asked) => Reply | Breakage;

export type TestServer = {
  url: string;
  port: number;
  asked: Asked[];
  /** What was asked beside reading and tokens. */
  writes: () => Asked[];
  /** Every further request ends so, until it is null again; `which` says of which requests. */
  breakDown: (how: Reply | Breakage | null, which?: (asked: Asked) => boolean) => void;
  close: () => Promise<void>;
};

/** Loopback opened, as an operator opens a network of their own. */
export const LOOPBACK: Egress = { allow: parseNetworks(["127.0.0.0/8"]) };

const SPACE = " ".repeat(65_536);

export async function startServer(
  answering: Answering,
  { tls, elsewhere = "" }: { tls?: { key: string; cert: string }; elsewhere?: string } = {},
): Promise<TestServer> {
  const asked: Asked[] = [];
  let broken: { how: Reply | Breakage; which: (asked: Asked) => boolean } | null = null;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = await readAsked(request);
    asked.push(one);
    send(response, broken?.which(one) ? broken.how : answering(one), elsewhere);
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void =>
    void serve(request, response);
  const server: Server = tls ? createTlsServer(tls, handle) : createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    asked,
    writes: () => asked.filter(({ method, path }) => method !== "GET" && !path.endsWith("/token")),
    breakDown: (how, which = () => true) => {
      broken = how === null ? null : { how, which };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    // cut off by the test itself
  }
  const url = new URL(request.url ?? "/", "http://server.test");
  return {
    method: request.method ?? "",
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function send(response: ServerResponse, how: Reply | Breakage, elsewhere: string): void {
  if (typeof how === "object") return reply(response, how);
  switch (how) {
    case "reset":
      response.socket?.destroy();
      return;
    case "silent":
      return;
    case "slow_body":
      response.writeHead(200, { "content-type": "application/json" }).write('{"value":');
      return;
    case "cut_body":
      response.writeHead(200, { "content-type": "application/json", "content-length": "400" });
      response.write('{"value":', () => response.socket?.destroy());
      return;
    case "oversized":
      response.writeHead(200, { "content-type": "application/json" });
      for (let part = 0; part < 40; part += 1) response.write(SPACE);
      response.end("{}");
      return;
    case "malformed":
      return reply(response, { status: 200, body: '{"value": [' });
    case "html":
      return reply(response, {
        status: 200,
        body: "<h1>Sign in</h1>",
        headers: { "content-type": "text/html" },
      });
    case "wrong_shape":
      return reply(response, { status: 200, body: { unexpected: [1, 2, 3] } });
    case "gzip":
      return reply(response, { status: 200, body: "{}", headers: { "content-encoding": "gzip" } });
    case "redirect":
      return reply(response, { status: 302, headers: { location: elsewhere } });
  }
}

function reply(response: ServerResponse, { status, body, headers }: Reply): void {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, {
    ...(text && { "content-type": "application/json; charset=utf-8" }),
    ...headers,
  });
  response.end(text);
}
