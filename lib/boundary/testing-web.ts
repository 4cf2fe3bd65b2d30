/** A small web server around one door, for tests that need several of them, and to kill them. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Handle = (request: Request, runId: string) => Promise<Response>;
export type TestWeb = { url: string; port: number; stop: () => Promise<void> };

/** Serves `GET /api/runs/ID/events` on 127.0.0.1 as Next would: streamed, and told when the reader leaves. */
export async function startTestWeb(handle: Handle, port = 0): Promise<TestWeb> {
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, handle).catch(() => outgoing.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handle: Handle,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  const [, runId = ""] = /^\/api\/runs\/([^/]+)\/events$/.exec(url.pathname) ?? [];
  const response = await handle(new Request(url, { headers, signal: gone.signal }), runId);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (!response.body) return void outgoing.end();
  const reader = response.body.getReader();
  outgoing.once("close", () => void reader.cancel().catch(() => undefined));
  for (let read = await reader.read(); !read.done; read = await reader.read())
    outgoing.write(read.value);
  outgoing.end();
}
