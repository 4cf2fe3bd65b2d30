"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useQueryStates } from "nuqs";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { trailOptions } from "#lib/browser/desk-data.ts";
import { TrailEntries, TrailSkeleton } from "./trail-entries.tsx";
import { TrailExport } from "./trail-export.tsx";
import { TrailFilters } from "./trail-filters.tsx";
import { filterOf, trailParams } from "./trail-params.ts";

type Props = { kinds: readonly string[]; mayExport: boolean };

/** The record of what was done, newest first; of one incident or of the whole desk. */
export function Trail({ kinds, mayExport }: Props) {
  const [params, setParams] = useQueryStates(trailParams, { history: "replace" });
  const filter = filterOf(params);
  const list = useInfiniteQuery(trailOptions(filter));
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-1.5">
        <h1 className="font-semibold">Trail</h1>
        <TrailFilters filter={filter} kinds={kinds} onChange={(change) => void setParams(change)} />
        <Button
          size="md"
          tone="quiet"
          pending={list.isRefetching}
          onClick={() => void list.refetch()}
          className="ml-auto"
        >
          Refresh
        </Button>
        {mayExport ? <TrailExport incident={filter.incident} /> : null}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto" aria-busy={list.isPending}>
        {list.isPending ? <TrailSkeleton /> : null}
        {list.isError && entries.length === 0 ? (
          <ErrorState
            title="The trail could not be read"
            safe={`${list.error.message} The trail itself is append-only and unchanged.`}
            action={<Button onClick={() => void list.refetch()}>Try again</Button>}
          />
        ) : null}
        {list.isSuccess && entries.length === 0 ? (
          <EmptyState
            icon={<ScrollText strokeWidth={1.5} aria-hidden />}
            title="No entry matches"
            action={
              <Button onClick={() => void setParams({ incident: null, kind: null })}>
                Show the whole trail
              </Button>
            }
          >
            {filter.incident
              ? `Nothing ${filter.kind ? "of this kind " : ""}is recorded for ${filter.incident}.`
              : "Nothing of this kind is recorded yet."}
          </EmptyState>
        ) : null}
        {entries.length > 0 ? <TrailEntries entries={entries} incident={filter.incident} /> : null}
        {list.hasNextPage ? (
          <div className="px-4 py-3">
            <Button
              size="sm"
              pending={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              Load older entries
            </Button>
          </div>
        ) : null}
      </div>
    </div>
  );
}
