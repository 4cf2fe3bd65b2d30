import type { z } from "zod";
import type { Db } from "#lib/db/prisma.ts";
import type { ResponderKind } from "#lib/domain/decision/responder.ts";
import { may, permissionSentence } from "#lib/domain/people/permissions.ts";
import type { Permission, TokenScope } from "#lib/domain/people/permissions.ts";
import type { Caller, ResponderCaller, SourceCaller } from "./caller.ts";
import { findCaller } from "./caller.ts";
import { db } from "./data.ts";
import { withDoorHeaders } from "./door-headers.ts";
import { problemResponse, responseOfError } from "./problem-response.ts";
import { routeWait } from "./rate-limit.ts";
import { tellRefused } from "./tell-refused.ts";

/**
 * Who may knock. `public`: anyone. `source`: a source token. `responder`: the token of one of this kind. `reader`: a person with `permission`,
 * or a token with `scope` (null: people only).
 */
export type RouteAccess =
  | { kind: "public" }
  | { kind: "source" }
  | { kind: "responder"; of: ResponderKind }
  | { kind: "reader"; permission: Permission; scope: TokenScope | null };

type Callers = {
  public: null;
  source: SourceCaller;
  responder: ResponderCaller;
  reader: Exclude<Caller, SourceCaller | ResponderCaller>;
};

type Definition<Access extends RouteAccess, Query extends z.ZodType, Params extends z.ZodType> = {
  name: string;
  access: Access;
  /** Asked by screens on their own (polling, live updates). */
  background?: true;
  query: Query;
  params: Params;
  run: (context: {
    caller: Callers[Access["kind"]];
    query: z.output<Query>;
    params: z.output<Params>;
    request: Request;
    db: Db;
  }) => Promise<unknown>;
};

type RouteContext = { params: Promise<Record<string, string | string[] | undefined>> };
type Handler = (request: Request, context: RouteContext) => Promise<Response>;

/**
 * A door for machines, downloads and polling. In order: who are you, may you, not too often, is the
 * input well formed, call, shape the answer. A returned Response goes out as it is; anything else as JSON.
 */
export function defineRoute<
  Access extends RouteAccess,
  Query extends z.ZodType,
  Params extends z.ZodType,
>(definition: Definition<Access, Query, Params>): Handler & { definition: unknown } {
  async function handler(request: Request, context: RouteContext): Promise<Response> {
    return withDoorHeaders(await answer(request, context));
  }

  async function answer(request: Request, context: RouteContext): Promise<Response> {
    try {
      const found = await admit(definition, request);
      if (found instanceof Response) return found;
      const input = await readInput(definition, request, context);
      if (input instanceof Response) return input;
      const result = await definition.run({
        caller: found.caller as Callers[Access["kind"]],
        ...input,
        request,
        db: db(),
      });
      return result instanceof Response ? result : jsonResponse(result);
    } catch (error) {
      return responseOfError(error, definition.name);
    }
  }
  return Object.assign(handler, { definition });
}

export function jsonResponse(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json", "cache-control": "private, no-store" },
  });
}

async function admit(
  { name, access, background }: { name: string; access: RouteAccess; background?: true },
  request: Request,
): Promise<{ caller: Caller | null } | Response> {
  if (access.kind === "public") return { caller: null };
  const caller = await findCaller(request, background ?? false);
  if (!caller) {
    return problemResponse(401, "not_signed_in", howToSignIn(access), {
      headers: { "www-authenticate": "Bearer" },
    });
  }
  const refused = refuse(access, caller);
  if (refused) {
    const permission = access.kind === "reader" ? access.permission : null;
    if (caller.kind === "person")
      await tellRefused(db(), caller.person, { door: name, permission });
    return problemResponse(403, "not_allowed", refused);
  }
  const wait = await routeWait(caller);
  if (wait > 0) {
    return problemResponse(429, "too_many_requests", `Too many requests; try again in ${wait} s.`, {
      headers: { "retry-after": String(wait) },
    });
  }
  return { caller };
}

function refuse(access: RouteAccess, caller: Caller): string | null {
  if (access.kind === "source") {
    return caller.kind === "source" ? null : "Only a source's token may post alerts.";
  }
  if (access.kind === "responder") {
    const isIt = caller.kind === "responder" && caller.of === access.of;
    return isIt ? null : "Only the token of a responder of this kind may read this.";
  }
  if (access.kind !== "reader") return null;
  switch (caller.kind) {
    case "person":
      if (may(caller.person.role, access.permission)) return null;
      return `Your role (${caller.person.role}) may not do this: ${permissionSentence(access.permission)}`;
    case "token":
      if (access.scope && caller.scopes.includes(access.scope)) return null;
      return `This token does not have the scope ${access.scope ?? "for this; only people do"}.`;
    case "source":
      return "A source's token may post alerts and nothing else.";
    case "responder":
      return "A responder's token may read what is meant for it and nothing else.";
  }
}

function howToSignIn(access: RouteAccess): string {
  if (access.kind === "responder")
    return "Send the responder's token: Authorization: Bearer <token>. An admin makes one under Respond.";
  return access.kind === "source"
    ? "Send a source's token: Authorization: Bearer <token>. An admin makes one under Sources."
    : "Sign in, or send a token: Authorization: Bearer <token>.";
}

async function readInput<Query extends z.ZodType, Params extends z.ZodType>(
  definition: { query: Query; params: Params },
  request: Request,
  context: RouteContext,
): Promise<{ query: z.output<Query>; params: z.output<Params> } | Response> {
  const params = definition.params.safeParse((await context.params) ?? {});
  if (!params.success) {
    return problemResponse(404, "not_found", "There is nothing at this address.");
  }
  const search = Object.fromEntries(new URL(request.url).searchParams);
  const nul = Object.keys(search).find((name) => search[name]?.includes("\u0000"));
  if (nul !== undefined) {
    return problemResponse(400, "query_invalid", `${nul}: must not hold a null character`);
  }
  const query = definition.query.safeParse(search);
  if (!query.success) {
    const issue = query.error.issues[0];
    const field = issue?.path.join(".") ?? "query";
    return problemResponse(400, "query_invalid", `${field}: ${issue?.message ?? "not valid"}`);
  }
  return { query: query.data, params: params.data };
}
