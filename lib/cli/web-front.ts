/**
 * Loaded before Next (`node --import`), in front of all it does with a request: remembers who is at the other end of
 * the connection, refuses an address that is no address, and takes off headers that only Next's own parts or a proxy may send.
 */
import { Server } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { proxyCount } from "#lib/env.ts";
import { withPeer } from "#lib/auth/peer.ts";

type Emit = (this: Server, event: string | symbol, ...values: unknown[]) => boolean;

const INTERNAL_HEADERS = ["x-middleware-subrequest", "x-middleware-subrequest-id", "next-resume"];
/** What a reverse proxy says about the outside. Without one it is the caller who says it. */
const PROXY_HEADERS = [
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "forwarded",
];

const notBelieved = [...INTERNAL_HEADERS, ...(proxyCount() === 0 ? PROXY_HEADERS : [])];

// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const emit = Server.prototype.emit as Emit;

Server.prototype.emit = function emitInFront(
  this: Server,
  event: string | symbol,
  ...values: unknown[]
) {
  if (event !== "request") return emit.call(this, event, ...values);
  const [request, response] = values as [IncomingMessage, ServerResponse];
  if (!isDecodable(request.url ?? "/")) return refuse(response);
  for (const name of notBelieved) delete request.headers[name];
  return withPeer(request.socket?.remoteAddress ?? "unknown", () =>
    emit.call(this, event, ...values),
  );
} as typeof Server.prototype.emit;

/** Next answers 500 to a path whose percent signs make no UTF-8. */
function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0]!);
    return true;
  } catch {
    return false;
  }
}

function refuse(response: ServerResponse): boolean {
  const problem = {
    status: 400,
    code: "address_invalid",
    detail: "The address is not percent-encoded UTF-8.",
  };
  response.writeHead(400, {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify(problem));
  return true;
}
