"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import type { Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { RefObject } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import { rowHeight, usePreferences } from "#components/ui/use-preferences.tsx";
import type { ThreadPlace } from "#lib/browser/incident-data.ts";
import type { ThreadFilter } from "#lib/contracts/thread-views.ts";
import type { ThreadLine } from "./thread-lines.ts";
import { ThreadEmpty, ThreadSkeleton } from "./thread-states.tsx";
import { ThreadRow } from "./thread-row.tsx";
import { ThreadWhereBar } from "./thread-where.tsx";
import { FIRST_HEIGHT, useFirstPlace, useScrollToFirst } from "./use-first-place.ts";
import { useThread } from "./use-thread.ts";

/** So that a key of the screen can go to it. */
export const THREAD_ID = "thread-list";

/** Bring a line into view: by its key, or the first one at or after a time. A new `turn` asks again. */
export type GoTo = { turn: number; align: "center" | "auto" } & (
  | { key: string }
  | { time: string }
);

type Props = {
  incidentId: string;
  filter: ThreadFilter;
  filtered: boolean;
  onClearFilter: () => void;
  onClearWhere: () => void;
  /** Where the thread is opened: at its first line, around a record, or at a time. */
  start: ThreadPlace;
  selected: string | null;
  /** The record whose raw view is open. */
  openedId: string | null;
  goTo: GoTo | null;
  onLines: (lines: ThreadLine[]) => void;
  onSelect: (key: string) => void;
  onOpen: (key: string) => void;
};

/** Everything that happened in the incident, in time; only what is in view is rendered. */
export function Thread(props: Props) {
  const { query, lines } = useThread(props.incidentId, props.filter, props.start);
  const { onLines, filter } = props;
  useEffect(() => onLines(lines), [lines, onLines]);
  const found = query.isPlaceholderData ? null : (query.data?.pages[0]?.where ?? null);
  return (
    <>
      {filter.where === undefined ? null : (
        <ThreadWhereBar where={filter.where} found={found} onClear={props.onClearWhere} />
      )}
      <ThreadLines {...props} query={query} lines={lines} />
    </>
  );
}

type LinesProps = Props & { query: ReturnType<typeof useThread>["query"]; lines: ThreadLine[] };

function ThreadLines({ query, lines, ...props }: LinesProps) {
  if (query.isPending) return <ThreadSkeleton />;
  if (query.isError && lines.length === 0) {
    return (
      <ErrorState
        title="The thread could not be loaded"
        safe={`${query.error.message} The evidence is safe in the database.`}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    );
  }
  if (lines.length === 0) {
    return <ThreadEmpty filtered={props.filtered} onClear={props.onClearFilter} />;
  }
  return (
    <ThreadList
      {...props}
      lines={lines}
      settled={!query.isPlaceholderData}
      more={{
        before:
          !query.isPlaceholderData &&
          query.hasPreviousPage &&
          !query.isFetchingPreviousPage &&
          !query.isError,
        after:
          !query.isPlaceholderData &&
          query.hasNextPage &&
          !query.isFetchingNextPage &&
          !query.isError,
        loadBefore: () => void query.fetchPreviousPage({ cancelRefetch: false }),
        loadAfter: () => void query.fetchNextPage({ cancelRefetch: false }),
      }}
    />
  );
}

type More = { before: boolean; after: boolean; loadBefore: () => void; loadAfter: () => void };

const HEADING = 28;
const NEAR = 30;

/** `settled`: the lines are those asked for, not the ones shown until they come. */
type ListProps = Props & { lines: ThreadLine[]; more: More; settled: boolean };

function ThreadList(props: ListProps) {
  const { lines, selected, openedId, onSelect, onOpen } = props;
  const row = rowHeight(usePreferences().density);
  const scroller = useRef<HTMLDivElement>(null);
  const height = (line: ThreadLine | undefined) => (line?.type === "day" ? HEADING : row);
  const first = useFirstPlace(() => startOf(lines, props.goTo, height));
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => height(lines[index]),
    initialOffset: first.offset,
    initialRect: { width: 800, height: FIRST_HEIGHT },
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 16,
  });
  const items = virtual.getVirtualItems();
  const selectedShown = items.some((item) => lines[item.index]?.key === selected);
  useStill(virtual, lines, scroller);
  useScrollToFirst(first, scroller);
  const going = useGoTo(props.settled ? props.goTo : null, lines, (index, align) =>
    virtual.scrollToIndex(index, { align }),
  );
  useEdges({
    first: items[0]?.index ?? 0,
    last: items.at(-1)?.index ?? 0,
    count: lines.length,
    more: props.more,
    going,
  });

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto [overflow-anchor:none]">
      <div
        id={THREAD_ID}
        role="listbox"
        aria-label="Thread"
        tabIndex={0}
        aria-activedescendant={selected && selectedShown ? rowId(selected) : undefined}
        className="relative w-full outline-offset-[-2px]"
        style={{ height: virtual.getTotalSize(), marginTop: first.shift || undefined }}
      >
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              role="presentation"
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <ThreadRow
                line={line}
                selected={line.key === selected}
                opened={line.type === "entry" && line.entry.id === openedId}
                onSelect={onSelect}
                onOpen={onOpen}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Where the wanted line will begin, in px, as far as can be told before anything is measured. */
function startOf(
  lines: ThreadLine[],
  goTo: GoTo | null,
  height: (line: ThreadLine) => number,
): number {
  const index = goTo ? lines.findIndex((line) => isWanted(line, goTo)) : -1;
  return lines.slice(0, Math.max(0, index)).reduce((sum, line) => sum + height(line), 0);
}

function rowId(key: string): string {
  return `line-${key}`;
}

type Edges = {
  first: number;
  last: number;
  count: number;
  more: More;
  /** A line is about to be brought into view: where the list stands now says nothing. */
  going: RefObject<boolean>;
};

function useEdges({ first, last, count, more, going }: Edges) {
  useEffect(() => {
    if (going.current) return;
    if (more.after && last >= count - NEAR) more.loadAfter();
    if (more.before && first <= NEAR) more.loadBefore();
  });
}

type List = Virtualizer<HTMLDivElement, Element>;

/** Lines that load above or arrive in between do not move what is being read. */
function useStill(virtual: List, lines: ThreadLine[], scroller: RefObject<HTMLDivElement | null>) {
  const read = useRef<{ key: string; below: number } | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !read.current) return;
    const index = lines.findIndex((line) => line.key === read.current?.key);
    const start = virtual.measurementsCache[index]?.start;
    if (start === undefined) return;
    const top = start + read.current.below;
    if (Math.abs(element.scrollTop - top) > 1) element.scrollTo({ top });
  }, [lines, virtual, scroller]);
  useEffect(() => {
    const top = scroller.current?.scrollTop ?? 0;
    const item = virtual
      .getVirtualItems()
      .find(({ index, end }) => end > top && lines[index]?.type === "entry");
    const key = item ? lines[item.index]?.key : undefined;
    read.current = item && key ? { key, below: top - item.start } : null;
  });
}

/** Scrolls once per request, as soon as the wanted line is among the loaded ones. */
function useGoTo(
  goTo: GoTo | null,
  lines: ThreadLine[],
  scrollTo: (index: number, align: GoTo["align"]) => void,
) {
  const done = useRef(0);
  const going = useRef(false);
  const scroll = useRef(scrollTo);
  useEffect(() => {
    scroll.current = scrollTo;
  });
  useEffect(() => {
    const index =
      goTo && done.current !== goTo.turn ? lines.findIndex((line) => isWanted(line, goTo)) : -1;
    going.current = index >= 0;
    if (!goTo || index < 0) return;
    const frame = requestAnimationFrame(() => {
      done.current = goTo.turn;
      going.current = false;
      scroll.current(index, goTo.align);
    });
    return () => cancelAnimationFrame(frame);
  }, [goTo, lines]);
  return going;
}

function isWanted(line: ThreadLine, goTo: GoTo): boolean {
  if ("key" in goTo) return line.key === goTo.key;
  return line.type === "entry" && (line.entry.time === null || line.entry.time >= goTo.time);
}
