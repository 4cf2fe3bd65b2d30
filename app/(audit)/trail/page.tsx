import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { createLoader } from "nuqs/server";
import { filterOf, trailParams } from "#components/trail/trail-params.ts";
import { Trail } from "#components/trail/trail.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { deskKeys } from "#lib/browser/desk-data.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { listTrailRows } from "#lib/queries/list-trail.ts";
import { trailChoices } from "#lib/queries/trail-choices.ts";
import { kindsAsked } from "#lib/contracts/trail-kinds.ts";

export const metadata: Metadata = { title: "Trail" };

const loadParams = createLoader(trailParams);

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function TrailPage({ searchParams }: SearchProps) {
  const person = await requirePerson("trail:read");
  const filter = filterOf(await loadParams(searchParams));
  const { kind, ...asked } = filter;
  const cache = new QueryClient();
  const [choices] = await Promise.all([
    trailChoices(db()),
    cache.prefetchInfiniteQuery({
      queryKey: deskKeys.trail(filter),
      queryFn: () => listTrailRows(db(), { ...asked, kinds: kindsAsked(kind) }),
      initialPageParam: null as string | null,
    }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <Trail choices={choices} mayExport={may(person.role, "trail:export")} />
    </HydrationBoundary>
  );
}
