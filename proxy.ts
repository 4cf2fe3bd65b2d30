import { NextResponse } from "next/server";
import type { NextRequest } from "next/server";
import { isHttps } from "#lib/auth/cookie.ts";

/**
 * Headers for pages: a nonce-based content security policy and its companions. It is never the
 * gate; pages and doors ask for themselves who is there (lib/auth/current-person.ts).
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const development = process.env.NODE_ENV === "development";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // Virtualised lists and panes set sizes through style attributes, which have no nonce.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("referrer-policy", "no-referrer");
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("x-frame-options", "DENY");
  response.headers.set("cross-origin-opener-policy", "same-origin");
  response.headers.set("cross-origin-resource-policy", "same-origin");
  response.headers.set("permissions-policy", "camera=(), microphone=(), geolocation=()");
  response.headers.set("cache-control", "private, no-store");
  if (isHttps()) response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

// Doors under /api set their own headers, and a proxied body over 10 MB would arrive cut short.
export const config = { matcher: ["/((?!api/|_next/static|_next/image|favicon.svg).*)"] };
