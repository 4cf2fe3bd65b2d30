"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import { rowHeight, usePreferences } from "#components/ui/use-preferences.tsx";
import type { ThreadFilter } from "#lib/contracts/thread-views.ts";
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
import type { LaidThread, ThreadData } from "./use-thread.ts";
import { useGoTo, useStill, useView } from "./use-thread-scroll.ts";
import type { GoTo } from "./use-thread-scroll.ts";

/** So that a key of the screen can go to it. */
export const THREAD_ID = "thread-list";

type Props = {
  thread: ThreadData;
  filter: ThreadFilter;
  filtered: boolean;
  onClearFilter: () => void;
  onClearWhere: () => void;
  selected: string | null;
  /** The record whose raw view is open. */
  openedId: string | null;
  goTo: GoTo | null;
  onSelect: (key: string) => void;
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
  const { query, laid, records } = props.thread;
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
  return (
    <>
      {laid.outline.capped ? <ThreadCapped records={laid.outline.records} /> : null}
      {laid.outline.actsCapped ? <ActsCapped /> : null}
      {records.failed === null ? null : (
        <RecordsFailed why={records.failed} onRetry={() => records.retry()} />
      )}
      <ThreadList {...props} laid={laid} settled={!query.isPlaceholderData} />
    </>
  );
}

const HEADING = 28;
/** Lines drawn beyond each edge, so that a fast hand meets lines and not emptiness. */
const BEYOND = 20;
/** Lines whose words are asked for before they come into view. */
const AHEAD = 100;

/** `settled`: the lines are those asked for, not the ones shown until they come. */
type ListProps = Props & { laid: LaidThread; settled: boolean };

function ThreadList(props: ListProps) {
  const { laid, selected, thread } = props;
  const { outline, rows } = laid;
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
  const first = useFirstPlace(() => startOf(laid, layout, props.goTo));
  const { view, look } = useView(scroller, first.offset, row);
  const from = Math.max(0, layout.rowAt(view.top) - BEYOND);
  const to = Math.min(rows.count, layout.rowAt(view.top + view.height) + 1 + BEYOND);
  useStill({ laid, layout, scroller, look });
  useScrollToFirst(first, scroller);
  useGoTo(props.settled ? props.goTo : null, { laid, layout, scroller, look });
  useWanted(thread, laid, from, to);
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
            {...props}
            row={from + index}
            top={layout.top(from + index)}
            selectedRow={selectedRow}
            measure={measure}
          />
        ))}
      </div>
    </div>
  );
}

type PlacedProps = ListProps & {
  row: number;
  top: number;
  selectedRow: number | null;
  measure: (key: string, element: HTMLElement | null) => void;
};

/** A line where it belongs; only what people and processes did has a height of its own to be measured. */
function Placed({ row, top, selectedRow, measure, ...props }: PlacedProps) {
  const { laid, thread } = props;
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
        row={row}
        line={line}
        lineKey={key}
        laid={laid}
        records={thread.records}
        selected={row === selectedRow}
        openedId={props.openedId}
        onSelect={props.onSelect}
        onOpen={props.onOpen}
      />
    </div>
  );
}

/** Where the wanted line will begin, in px, as far as can be told before anything is measured. */
function startOf({ outline, rows }: LaidThread, layout: ThreadLayout, goTo: GoTo | null): number {
  const row = goTo && "key" in goTo ? rowOfKey(outline, rows, goTo.key) : null;
  return row === null ? 0 : layout.top(row);
}

/** Asks for the words of the lines in view, then of those to which the reader moves. */
function useWanted({ records }: ThreadData, { rows }: LaidThread, from: number, to: number) {
  const [before, setBefore] = useState({ from, down: true });
  if (before.from !== from) setBefore({ from, down: from > before.from });
  const { down } = before;
  useEffect(() => {
    const start = down ? from : Math.max(0, from - AHEAD);
    const end = down ? Math.min(rows.count, to + AHEAD) : to;
    const wanted: number[] = [];
    const add = (row: number) => {
      const line = rows.at(row);
      if (line.kind === "record" || line.kind === "fold") wanted.push(line.position);
    };
    for (let row = from; row < to; row += 1) add(row);
    for (let row = to; row < end; row += 1) add(row);
    for (let row = from - 1; row >= start; row -= 1) add(row);
    records.want(wanted);
  }, [records, rows, from, to, down]);
}
