import { NextRequest } from "next/server";
import { log } from "./log.ts";
import { problemResponse } from "./problem-response.ts";
import { withDoorHeaders } from "./door-headers.ts";

/** What of next-auth is used here. Its own pages, its log door and its other providers are not. */
const USED = {
  GET: ["csrf", "providers", "session", "signin", "error"],
  POST: ["callback/credentials", "signout"],
} as const;

const BODY_BYTES_MAX = 16_384;

type Context = { params: Promise<{ nextauth: string[] }> };
type Handler = (request: Request, context: Context) => Promise<Response>;

/** next-auth behind our own rules: known paths, a small body, our headers, and no stack for anyone. */
export function authDoor(handler: Handler): Handler {
  return async function authDoorHandler(request, context) {
    const path = (await context.params).nextauth.join("/");
    const used: readonly string[] = request.method === "POST" ? USED.POST : USED.GET;
    if (!used.includes(path)) {
      return withDoorHeaders(
        problemResponse(404, "not_found", "There is nothing at this address."),
      );
    }
    try {
      const whole = request.method === "POST" ? await withSmallBody(request) : request;
      if (!whole) {
        return withDoorHeaders(problemResponse(413, "body_too_large", "That is no sign-in form."));
      }
      const response = await handler(whole, context);
      // next-auth calls a callbackUrl that is no address a fault of the server's configuration.
      return response.status < 500 ? withDoorHeaders(response) : malformed();
    } catch (error) {
      log().warn({ err: error, path }, "next-auth refused a request");
      return malformed();
    }
  };
}

function malformed(): Response {
  return withDoorHeaders(
    problemResponse(400, "request_invalid", "The request is not well formed."),
  );
}

async function withSmallBody(request: Request): Promise<Request | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX) return null;
    parts.push(chunk);
  }
  return new NextRequest(request.url, {
    method: request.method,
    headers: request.headers,
    body: Buffer.concat(parts),
  });
}
