"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useRef } from "react";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { trailOptions } from "#lib/browser/desk-data.ts";
import type { TrailFilter } from "#lib/browser/desk-data.ts";
import type { TrailChoices } from "#lib/contracts/trail-views.ts";
import { TrailChips } from "./trail-chips.tsx";
import { TrailEntries, TrailSkeleton } from "./trail-entries.tsx";
import { TrailExport } from "./trail-export.tsx";
import { TrailFilters } from "./trail-filters.tsx";
import { filterOf, NO_FILTER, trailParams } from "./trail-params.ts";

type Props = { choices: TrailChoices; mayExport: boolean };

/** Where counting stops. */
const COUNT_MAX = 1_000;

/** The record of what was done, newest first; all of it, or what is asked for. */
export function Trail({ choices, mayExport }: Props) {
  const [params, setParams] = useQueryStates(trailParams, { history: "replace" });
  const filter = filterOf(params);
  const list = useInfiniteQuery(trailOptions(filter));
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  const count = list.data?.pages[0]?.count ?? null;
  const first = useRef<HTMLInputElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  useKeys([
    { key: "/", what: "Search", run: () => first.current?.focus() },
    { key: "j", what: "Next entry", run: () => step(rows.current, 1) },
    { key: "k", what: "Previous entry", run: () => step(rows.current, -1) },
  ]);
  const clear = (keys: (keyof TrailFilter)[]) =>
    void setParams(Object.fromEntries(keys.map((key) => [key, null])));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-col gap-1.5 border-b px-4 py-2">
        <div className="flex min-h-7 items-center gap-x-3">
          <h1 className="font-semibold">Trail</h1>
          <output className="text-xs text-dim tabular-nums">{countWords(count)}</output>
          <Button
            size="md"
            tone="quiet"
            pending={list.isRefetching}
            onClick={() => void list.refetch()}
            className="ml-auto"
          >
            Refresh
          </Button>
          {mayExport ? <TrailExport filter={filter} choices={choices} /> : null}
        </div>
        <TrailFilters
          filter={filter}
          choices={choices}
          first={first}
          onChange={(change) => void setParams(change)}
        />
        <TrailChips filter={filter} choices={choices} onClear={clear} />
      </header>
      <div ref={rows} className="min-h-0 flex-1 overflow-y-auto" aria-busy={list.isPending}>
        {list.isPending ? <TrailSkeleton /> : null}
        {list.isError && entries.length === 0 ? (
          <Unread words={list.error.message} again={() => void list.refetch()} />
        ) : null}
        {list.isSuccess && entries.length === 0 ? (
          <NothingMatches whole={() => void setParams(NO_FILTER)} />
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

function Unread({ words, again }: { words: string; again: () => void }) {
  return (
    <ErrorState
      title="The trail could not be read"
      safe={`${words} The trail itself is append-only and unchanged.`}
      action={<Button onClick={again}>Try again</Button>}
    />
  );
}

function NothingMatches({ whole }: { whole: () => void }) {
  return (
    <EmptyState
      icon={<ScrollText strokeWidth={1.5} aria-hidden />}
      title="No entry matches"
      action={<Button onClick={whole}>Show the whole trail</Button>}
    >
      Nothing on the trail is all of what is asked for. Stop asking for one of the things above, or
      ask for an earlier time.
    </EmptyState>
  );
}

function countWords(count: number | null): string {
  if (count === null) return "";
  if (count > COUNT_MAX) return `${COUNT_MAX.toLocaleString("en")}+ entries`;
  return count === 1 ? "1 entry" : `${count.toLocaleString("en")} entries`;
}

/** Moves the focus to the next entry's own button, which opens it with Enter. */
function step(rows: HTMLElement | null, by: 1 | -1) {
  const buttons = [...(rows?.querySelectorAll<HTMLButtonElement>("button[aria-expanded]") ?? [])];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const next = at === -1 ? (by === 1 ? 0 : buttons.length - 1) : at + by;
  buttons[next]?.focus();
}
