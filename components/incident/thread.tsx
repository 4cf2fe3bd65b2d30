"use client";

import { memo, useCallback, useDeferredValue, useEffect, useLayoutEffect } from "react";
import { useMemo, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import { rowHeight, usePreferences } from "#components/ui/use-preferences.tsx";
import { useHeld } from "#lib/browser/held.ts";
import type { Held } from "#lib/browser/held.ts";
import type { RecordStore } from "#lib/browser/record-store.ts";
import type { ThreadFilter } from "#lib/contracts/thread-views.ts";
import { drawnRange } from "./drawn-range.ts";
import type { Range } from "./drawn-range.ts";
import { keyOfRow, rowOfKey } from "./thread-keys.ts";
import { threadLayout } from "./thread-layout.ts";
import type { ThreadLayout } from "./thread-layout.ts";
import {
  ActsCapped,
  RecordsFailed,
  ThreadCapped,
  ThreadEmpty,
  ThreadSkeleton,
} from "./thread-states.tsx";
import { ThreadRow } from "./thread-row.tsx";
import { ThreadWhereBar } from "./thread-where.tsx";
import { useFirstPlace, useScrollToFirst } from "./use-first-place.ts";
import { useHeights } from "./use-heights.ts";
import { usePlaceOf, useRecordsFailed } from "./use-records.ts";
import { useLaid } from "./use-thread.ts";
import type { LaidThread, ThreadData } from "./use-thread.ts";
import { useGoTo, useStill, useView } from "./use-thread-scroll.ts";
import type { Drawn, GoTo, Spot, View } from "./use-thread-scroll.ts";

/** So that a key of the screen can go to it. */
export const THREAD_ID = "thread-list";

type Props = {
  thread: ThreadData;
  filter: ThreadFilter;
  filtered: boolean;
  onClearFilter: () => void;
  onClearWhere: () => void;
  spot: Held<Spot>;
  /** Where the records stand that are cited: a reader follows those links, so what they say is asked for early. */
  cited: readonly number[];
  /** The record whose raw view is open. */
  openedId: string | null;
  onOpen: (key: string) => void;
};

/** Everything that happened in the incident, in time; the scrollbar is true to all of it, only what is in view is rendered. */
export function Thread(props: Props) {
  const { filter, thread } = props;
  const found = thread.query.isPlaceholderData ? null : (thread.query.data?.where ?? null);
  return (
    <>
      {filter.where === undefined ? null : (
        <ThreadWhereBar where={filter.where} found={found} onClear={props.onClearWhere} />
      )}
      <ThreadLines {...props} />
    </>
  );
}

function ThreadLines(props: Props) {
  const { query, records } = props.thread;
  const { spot, cited, openedId } = props;
  const laid = useLaid(props.thread);
  const press = usePress(props);
  if (query.isPending) return <ThreadSkeleton />;
  if (!laid) {
    return (
      <ErrorState
        title="The thread could not be loaded"
        safe={`${query.error?.message ?? ""} The evidence is safe in the database.`}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    );
  }
  if (laid.rows.count === 0) {
    return <ThreadEmpty filtered={props.filtered} onClear={props.onClearFilter} />;
  }
  const settled = !query.isPlaceholderData;
  return (
    <>
      {laid.outline.capped ? <ThreadCapped records={laid.outline.records} /> : null}
      {laid.outline.actsCapped ? <ActsCapped /> : null}
      <Failed records={records} />
      <ThreadList {...{ laid, records, spot, cited, openedId, settled, press }} />
    </>
  );
}

function Failed({ records }: { records: RecordStore }) {
  const why = useRecordsFailed(records);
  return why === null ? null : <RecordsFailed why={why} onRetry={() => records.retry()} />;
}

/** What a press on a line does, as one function for good, so that no line renders because it was made anew. */
function usePress({ spot, onOpen }: Props): (key: string) => void {
  const latest = useRef(onOpen);
  useEffect(() => {
    latest.current = onOpen;
  });
  return useCallback(
    (key: string) => {
      spot.set({ ...spot.read(), selected: key });
      latest.current(key);
    },
    [spot],
  );
}

const HEADING = 28;
/** Lines whose words are asked for before they come into view, in the way of the reader and against it. */
const AHEAD = 100;
const BEHIND = 20;

type ListProps = Pick<Props, "spot" | "cited" | "openedId"> & {
  laid: LaidThread;
  records: RecordStore;
  /** The lines are those asked for, not the ones shown until they come. */
  settled: boolean;
  press: (key: string) => void;
};

/** It renders for what concerns the list; what a line says concerns that line alone. */
const ThreadList = memo(function ThreadList(props: ListProps) {
  const { laid, records, settled, press } = props;
  const { outline, rows } = laid;
  const { selected, goTo } = useHeld(props.spot);
  const row = rowHeight(usePreferences().density);
  const scroller = useRef<HTMLDivElement>(null);
  const { heights, measure } = useHeights();
  const layout = useMemo(
    () =>
      threadLayout(rows.count, row, rows.odd, (odd) =>
        rows.at(odd).kind === "day" ? HEADING : (heights.get(keyOfRow(outline, rows, odd)) ?? row),
      ),
    [rows, outline, row, heights],
  );
  const first = useFirstPlace(() => startOf(laid, layout, goTo));
  const drawnRef = useRef<Drawn>({ top: 0, bottom: 0 });
  const { view, look } = useView(scroller, { offset: first.offset, row, drawnRef });
  const seen = useSeen(layout, view);
  const { from, to } = drawnRange(seen, useSeen(layout, useDeferredValue(view)), rows.count);
  useLayoutEffect(() => {
    drawnRef.current = {
      top: from === 0 ? -Infinity : layout.top(from),
      bottom: to === rows.count ? Infinity : layout.top(to),
    };
  }, [layout, rows, from, to]);
  useStill({ laid, layout, scroller, look });
  useScrollToFirst(first, scroller);
  useGoTo(settled ? goTo : null, { laid, layout, scroller, look });
  useWanted(props, seen);
  const openedAt = usePlaceOf(records, props.openedId);
  const selectedRow = rowOfKey(outline, rows, selected);
  const active = selectedRow !== null && selectedRow >= from && selectedRow < to;
  return (
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-auto [contain:strict] [overflow-anchor:none]"
    >
      <div
        id={THREAD_ID}
        role="listbox"
        aria-label="Thread"
        tabIndex={0}
        aria-activedescendant={active ? `row-${selectedRow}` : undefined}
        className="relative w-full outline-offset-[-2px]"
        style={{ height: layout.total, marginTop: first.shift || undefined }}
      >
        {Array.from({ length: Math.max(0, to - from) }, (_, index) => (
          <Placed
            key={keyOfRow(outline, rows, from + index) ?? `row:${from + index}`}
            {...{ laid, records, openedAt, press, measure }}
            row={from + index}
            top={layout.top(from + index)}
            selected={from + index === selectedRow}
          />
        ))}
      </div>
    </div>
  );
});

type PlacedProps = Pick<ListProps, "laid" | "records" | "press"> & {
  row: number;
  top: number;
  selected: boolean;
  /** The place (E12 as 12) of the record whose raw view is open. */
  openedAt: number | undefined;
  measure: (key: string, element: HTMLElement | null) => void;
};

/** A line where it belongs; only what people and processes did has a height of its own to be measured. */
const Placed = memo(function Placed({ top, openedAt, measure, ...props }: PlacedProps) {
  const { laid, row } = props;
  const line = laid.rows.at(row);
  const key = keyOfRow(laid.outline, laid.rows, row);
  return (
    <div
      ref={line.kind === "act" && key ? (element) => measure(key, element) : undefined}
      data-row={row}
      role="presentation"
      className="absolute inset-x-0 top-0"
      style={{ transform: `translateY(${top}px)` }}
    >
      <ThreadRow
        {...props}
        line={line}
        lineKey={key}
        opened={line.kind === "record" && line.position === openedAt}
      />
    </div>
  );
});

/** Where the wanted line will begin, in px, as far as can be told before anything is measured. */
function startOf({ outline, rows }: LaidThread, layout: ThreadLayout, goTo: GoTo | null): number {
  const row = goTo && "key" in goTo ? rowOfKey(outline, rows, goTo.key) : null;
  return row === null ? 0 : layout.top(row);
}

function useSeen(layout: ThreadLayout, { top, height }: View): Range {
  const [from, to] = [layout.rowAt(top), layout.rowAt(top + height) + 1];
  return useMemo(() => ({ from, to }), [from, to]);
}

/** Asks for the words of the lines in view, then of those to which the reader moves, then of those to which links lead. */
function useWanted({ records, laid: { rows }, cited }: ListProps, { from, to }: Range) {
  const [before, setBefore] = useState({ from, down: true });
  if (before.from !== from) setBefore({ from, down: from > before.from });
  const { down } = before;
  useEffect(() => {
    const places = (start: number, end: number) => {
      const found: number[] = [];
      for (let row = Math.max(0, start); row < Math.min(rows.count, end); row += 1) {
        const line = rows.at(row);
        if (line.kind === "record" || line.kind === "fold") found.push(line.position);
      }
      return found;
    };
    const [below, above] = down ? [AHEAD, BEHIND] : [BEHIND, AHEAD];
    const near = [places(to, to + below), places(from - above, from).toReversed()];
    records.want(places(from, to), [...(down ? near : near.toReversed()).flat(), ...cited]);
  }, [records, rows, from, to, down, cited]);
}
