import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Shell } from "#components/layout/shell.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { deskKeys } from "#lib/browser/desk-data.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { queueCounts } from "#lib/queries/queue-counts.ts";
import { sealState } from "#lib/queries/seal-state.ts";
import { unreadNotices } from "#lib/queries/unread-notices.ts";

/** Every signed-in room of the house stands in the same frame, filled at first paint. */
export async function SignedInLayout({ children }: { children: ReactNode }) {
  const person = await requirePerson();
  const cache = new QueryClient();
  await Promise.all([
    cache.prefetchQuery({ queryKey: deskKeys.seal, queryFn: () => sealState(db()) }),
    may(person.role, "incident:read")
      ? cache.prefetchQuery({
          queryKey: deskKeys.counts,
          queryFn: () => queueCounts(db(), person.id),
        })
      : null,
    may(person.role, "notice:read")
      ? cache.prefetchQuery({
          queryKey: deskKeys.unread,
          queryFn: () => unreadNotices(db(), person.id),
        })
      : null,
  ]);
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <Shell person={{ id: person.id, name: person.name, role: person.role }}>{children}</Shell>
    </HydrationBoundary>
  );
}
