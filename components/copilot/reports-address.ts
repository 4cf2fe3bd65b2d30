import type { ReportsFilter } from "./reports-filters.tsx";

/** Where the list stands under a filter, from a place on. */
export function reportsAddress(filter: ReportsFilter, cursor: string | null): string {
  const search = new URLSearchParams();
  if (filter.state) search.set("state", filter.state);
  if (filter.kind) search.set("kind", filter.kind);
  if (cursor) search.set("cursor", cursor);
  return `/reports?${search}`;
}
