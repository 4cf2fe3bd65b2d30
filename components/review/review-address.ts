import type { OverrideFilter } from "#lib/contracts/override-inputs.ts";

/** A filter as it stands behind a question mark, from a place on. */
export function overridesSearch(filter: OverrideFilter, more: Record<string, string> = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...filter, ...more })) {
    if (value !== null) search.set(key, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}
