import { defineRoute } from "#lib/boundary/define-route.ts";
import { serveBlockList } from "#lib/commands/responses/serve-block-list.ts";
import { blockListQuery } from "#lib/contracts/responder-inputs.ts";
import { noParams } from "#lib/contracts/queries.ts";
import { Problem } from "#lib/domain/problem.ts";

/** The addresses or the domains that signed decisions block: plain text, one a line, for firewalls with the list's token. */
export const GET = defineRoute({
  name: "block_list",
  access: { kind: "responder", of: "block_list" },
  background: true,
  query: blockListQuery,
  params: noParams,
  run: async ({ caller, query, request, db }) => {
    const list = await serveBlockList(db, { responderId: caller.id, kind: query.kind });
    if (!list) throw new Problem("not_found", 404, "There is no such list.");
    const { text, etag } = list;
    const headers = { etag, "cache-control": "private, no-cache" };
    if (names(request.headers.get("if-none-match"), etag))
      return new Response(null, { status: 304, headers });
    return new Response(text, {
      headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
    });
  },
});

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2). */
function names(header: string | null, etag: string): boolean {
  const wanted = (header ?? "").split(",").map((one) => one.trim().replace(/^W\//, ""));
  return wanted.includes(etag) || wanted.includes("*");
}
