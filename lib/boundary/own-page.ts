import { Problem } from "#lib/domain/problem.ts";
import type { Caller } from "./caller.ts";

/**
 * The id of the person behind a request that changes something and was made by one of our own pages. Throws Problem 403
 * for a machine's token, or for a page of somebody else.
 */
export function fromOwnPage(request: Request, caller: Caller): string {
  if (caller.kind !== "person")
    throw new Problem("people_only", 403, "Only a person may do this; a token may not.");
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin")
    throw new Problem("origin_foreign", 403, "Only a page of this desk may ask for this.");
  return caller.person.id;
}
