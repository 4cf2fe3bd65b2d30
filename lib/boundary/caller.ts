import { createHash } from "node:crypto";
import { personOfCookie } from "#lib/auth/current-person.ts";
import { sessionCookieName } from "#lib/auth/cookie.ts";
import type { LivePerson } from "#lib/auth/session.ts";
import type { ResponderKind } from "#lib/domain/decision/responder.ts";
import type { SourceFormat } from "#lib/domain/evidence/record.ts";
import type { TokenScope } from "#lib/domain/people/permissions.ts";
import { db } from "./data.ts";

export type SourceCaller = { kind: "source"; id: string; name: string; format: SourceFormat };
export type TokenCaller = { kind: "token"; id: string; name: string; scopes: TokenScope[] };
export type PersonCaller = { kind: "person"; person: LivePerson };
/** The other side of a responder: what fetches its list, or reads what it was told of. */
export type ResponderCaller = { kind: "responder"; id: string; name: string; of: ResponderKind };
export type Caller = SourceCaller | TokenCaller | PersonCaller | ResponderCaller;

/**
 * Who is knocking: a bearer token wins over a cookie; null when neither stands for anyone.
 * `background` requests are made by a screen, not by its reader, and leave the idle clock alone.
 */
export async function findCaller(request: Request, background: boolean): Promise<Caller | null> {
  const bearer = bearerToken(request);
  if (bearer !== null) return callerOfToken(bearer);
  const person = await personOfCookie(cookieOf(request, sessionCookieName()), !background);
  return person && { kind: "person", person };
}

function bearerToken(request: Request): string | null {
  const header = request.headers.get("authorization");
  if (header === null) return null;
  const match = /^Bearer ([\x21-\x7e]{8,200})$/i.exec(header.trim());
  return match?.[1] ?? "";
}

/** Tokens are 200+ random bits, so a plain digest is enough to store and to look up by. */
async function callerOfToken(token: string): Promise<Caller | null> {
  if (token === "") return null;
  const sha256 = new Uint8Array(createHash("sha256").update(token).digest());
  const source = await db().source.findUnique({
    where: { tokenSha256: sha256 },
    select: { id: true, name: true, format: true, active: true },
  });
  if (source) {
    if (!source.active) return null;
    return {
      kind: "source",
      id: source.id,
      name: source.name,
      format: source.format as SourceFormat,
    };
  }
  // only a responder in force has one
  const responder = await db().responder.findUnique({
    where: { tokenSha256: sha256 },
    select: { id: true, name: true, kind: true },
  });
  if (responder) {
    const { id, name, kind } = responder;
    return { kind: "responder", id, name, of: kind as ResponderKind };
  }
  const api = await db().apiToken.findUnique({
    where: { sha256 },
    select: { id: true, name: true, scopes: true, expiresAt: true, revokedAt: true },
  });
  if (!api || api.revokedAt || (api.expiresAt && api.expiresAt < new Date())) return null;
  return { kind: "token", id: api.id, name: api.name, scopes: api.scopes as TokenScope[] };
}

function cookieOf(request: Request, name: string): string | undefined {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const eq = part.indexOf("=");
    if (eq > 0 && part.slice(0, eq).trim() === name) {
      return decoded(part.slice(eq + 1).trim());
    }
  }
  return undefined;
}

/** A cookie that is not percent-encoded properly is nobody's, and no fault of ours. */
function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
