import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { createLoader } from "nuqs/server";
import { PREVIEW_COOKIE, previewLook } from "#components/incident/preview-cookie.ts";
import { queuePlace } from "#components/incident/queue-place.ts";
import { queueParams, sortOf } from "#components/incident/queue-params.ts";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { deskKeys, QUEUE_PAGE } from "#lib/browser/desk-data.ts";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";
import { listSavedViews } from "#lib/queries/list-saved-views.ts";
import { QueueDesk } from "./queue-desk.tsx";

export const metadata: Metadata = { title: "Incidents" };

const loadParams = createLoader(queueParams);

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The queue; its first page is in the first paint. */
export default async function QueuePage({ searchParams }: SearchProps) {
  const person = await requirePerson("incident:read");
  const views = await listSavedViews(db(), person.id);
  const place = queuePlace(await searchParams, views);
  if (place !== null) redirect(place);
  const { saved: _saved, ...params } = await loadParams(searchParams);
  const filter: QueueFilter = { ...params, sort: sortOf(params.view, params.sort) };
  const cache = new QueryClient();
  cache.setQueryData(deskKeys.views, views);
  await cache.prefetchInfiniteQuery({
    queryKey: deskKeys.queue(filter),
    queryFn: () => listIncidents(db(), { ...filter, personId: person.id }, null, QUEUE_PAGE),
    initialPageParam: null as string | null,
  });
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <QueueDesk
        person={{ id: person.id, name: person.name, role: person.role }}
        look={previewLook((await cookies()).get(PREVIEW_COOKIE)?.value)}
      />
    </HydrationBoundary>
  );
}
