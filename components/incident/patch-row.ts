import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { deskKeys } from "#lib/browser/desk-data.ts";
import type { QueuePage, QueueRow } from "#lib/contracts/views.ts";

/** Changes one row wherever it is shown, without asking the server. */
export function patchRow(cache: QueryClient, id: string, patch: Partial<QueueRow>) {
  const patched = (page: QueuePage): QueuePage => ({
    ...page,
    incidents: page.incidents.map((row) => (row.id === id ? { ...row, ...patch } : row)),
  });
  cache.setQueriesData<InfiniteData<QueuePage>>({ queryKey: ["queue", "list"] }, (data) =>
    data ? { ...data, pages: data.pages.map(patched) } : data,
  );
  cache.setQueriesData<QueuePage>({ queryKey: deskKeys.peeks }, (page) =>
    page ? patched(page) : page,
  );
}
