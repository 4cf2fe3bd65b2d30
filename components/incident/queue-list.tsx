"use client";

import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import type { RefObject } from "react";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { isHeld } from "#components/ui/use-keys.ts";
import { rowHeight, usePreferences } from "#components/ui/use-preferences.tsx";
import { presentOptions } from "#lib/browser/presence-data.ts";
import type { PersonView, QueueRow as Row } from "#lib/contracts/views.ts";
import { presentNames } from "./presence-words.ts";
import { FROM_LG, FROM_MD, FROM_SM, QUEUE_GRID } from "./queue-columns.ts";
import { QueueRow, rowLinkId } from "./queue-row.tsx";
import type { RowMark } from "./use-marks.ts";
import type { Selection } from "./use-selection.ts";

type Props = {
  /** Which list it is: another one begins at its top. */
  list: string;
  /** What is shown of it and how it is sorted: with another, too, one begins at the top. */
  order: string;
  rows: Row[];
  marks: ReadonlyMap<string, RowMark>;
  personId: string;
  selectedId: string | null;
  onSelect: (id: string) => void;
  onOpen: (row: Row) => void;
  /** Null where the person may not work incidents. */
  selection: Selection | null;
  dimmed: boolean;
  /** `count`: rows that are loaded, which may be more than are drawn yet. */
  more: { has: boolean; loading: boolean; failed: boolean; count: number; load: () => void };
};

/** Height in px of the row of column names, which stays in view. */
const HEAD_HEIGHT = 28;

/** The rows, only those in view in the document; further pages load as the end comes near. */
export function QueueList(props: Props) {
  const {
    list,
    order,
    rows,
    marks,
    personId,
    selectedId,
    onSelect,
    onOpen,
    selection,
    dimmed,
    more,
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRows(scroller, rows, order);
  const { data: present } = useQuery(presentOptions());
  const toggle = selection?.toggle;
  const onChoose = useCallback((id: string, extend: boolean) => toggle?.(id, extend), [toggle]);
  useLoadNearEnd(virtual.range?.endIndex ?? 0, more);
  useKeepInView(selectedId, rows, (index) => virtual.scrollToIndex(index, { align: "auto" }));
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto">
      <div
        key={list}
        role="table"
        aria-label="Incidents"
        aria-rowcount={more.has ? -1 : rows.length + 1}
        aria-busy={dimmed}
      >
        <QueueHead />
        <div
          role="rowgroup"
          className={cx("relative transition-opacity", dimmed && "opacity-60")}
          style={{ height: virtual.getTotalSize() }}
        >
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={item.key}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start - HEAD_HEIGHT}px)` }}
              >
                <QueueRow
                  row={row}
                  mark={marks.get(row.id)}
                  present={presentIn(present, row.id)}
                  index={item.index}
                  selected={row.id === selectedId}
                  mine={row.assignee?.id === personId}
                  onSelect={onSelect}
                  onOpen={onOpen}
                  chosen={selection && selection.ids.has(row.id)}
                  onChoose={onChoose}
                />
              </div>
            );
          })}
        </div>
      </div>
      <QueueFoot more={more} count={rows.length} />
    </div>
  );
}

/** Which rows are in view; another list begins at its top. */
function useRows(scroller: RefObject<HTMLDivElement | null>, rows: Row[], order: string) {
  const { density } = usePreferences();
  const height = rowHeight(density);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    scrollPaddingEnd: height,
    initialRect: { width: 1200, height: 1100 },
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const toTop = useEffectEvent(() => {
    if (virtual.scrollOffset) virtual.scrollToOffset(0);
  });
  useLayoutEffect(() => toTop(), [order]);
  return virtual;
}

function presentIn(present: ReadonlyMap<string, PersonView[]> | undefined, id: string) {
  const people = present?.get(id);
  return people && presentNames(people);
}

const QueueHead = memo(function QueueHead() {
  return (
    <div role="rowgroup" className="sticky top-0 z-10">
      <div
        role="row"
        aria-rowindex={1}
        className={cx(QUEUE_GRID, "h-7 border-b bg-bg text-2xs text-faint")}
      >
        <span role="columnheader">Number</span>
        <span role="columnheader">
          <span className="sr-only @min-[968px]/queue:not-sr-only">Severity</span>
        </span>
        <span role="columnheader">Incident</span>
        <span role="columnheader" className={FROM_SM}>
          <span className="sr-only @min-[1544px]/queue:not-sr-only">Summary</span>
        </span>
        <span role="columnheader" className={cx(FROM_LG, "justify-end")}>
          Alerts / events
        </span>
        <span role="columnheader" className={FROM_LG}>
          Sources
        </span>
        <span role="columnheader" className={FROM_MD}>
          Status
        </span>
        <span role="columnheader" className={FROM_SM}>
          Owner
        </span>
        <span role="columnheader" className={cx(FROM_MD, "justify-end")}>
          Age
        </span>
        <span role="columnheader" className="text-right">
          SLA
        </span>
      </div>
    </div>
  );
});

function QueueFoot({ more, count }: { more: Props["more"]; count: number }) {
  if (more.failed) {
    return (
      <div role="alert" className="flex items-center gap-3 px-4 py-3 text-xs text-dim">
        The next incidents could not be loaded; those above are complete.
        <Button size="sm" onClick={more.load}>
          Load more
        </Button>
      </div>
    );
  }
  if (!more.has) {
    return (
      <p className="px-4 py-3 text-2xs text-faint">
        {count.toLocaleString("en")} incident{count === 1 ? "" : "s"}, that is all of this view.
      </p>
    );
  }
  return (
    <div className="px-4 py-3">
      <Button size="sm" tone="quiet" pending={more.loading} onClick={more.load}>
        Load more
      </Button>
    </div>
  );
}

function useLoadNearEnd(endIndex: number, more: Props["more"]) {
  const { count, load } = more;
  const due = count > 0 && endIndex >= count - 15 && more.has && !more.loading && !more.failed;
  useEffect(() => {
    if (due) load();
  }, [due, load]);
}

/**
 * Brings the selected row into view and moves focus to it, wherever the selection came from. Rows may come while a
 * person types what to look for: then the row is only shown.
 */
function useKeepInView(selectedId: string | null, rows: Row[], reveal: (index: number) => void) {
  const show = useEffectEvent((id: string) => {
    const index = rows.findIndex((row) => row.id === id);
    if (index >= 0) reveal(index);
  });
  const drawn = rows.some((row) => row.id === selectedId);
  useEffect(() => {
    if (!selectedId || !drawn) return undefined;
    show(selectedId);
    const frame = requestAnimationFrame(() => {
      if (isHeld(document.activeElement)) return;
      document.getElementById(rowLinkId(selectedId))?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [selectedId, drawn]);
}
