/**
 * The caller's address as the nearest proxy saw it: the last entry of X-Forwarded-For, which Next
 * itself appends. Earlier entries are whatever the caller wrote.
 */
export function addressOf(headers: Record<string, string | string[] | undefined>): string {
  const forwarded = headers["x-forwarded-for"];
  const text = Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? "");
  const last = text.split(",").at(-1)?.trim();
  return last ? last.slice(0, 64) : "unknown";
}
