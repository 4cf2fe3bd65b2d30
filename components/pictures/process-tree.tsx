"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, RefObject } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { cx } from "#components/ui/cx.ts";
import { utcClock } from "#components/ui/time-words.ts";
import type { ProcessView } from "#lib/contracts/picture-views.ts";
import { processRows } from "#lib/domain/pictures/process-tree.ts";
import type { TreeRow } from "#lib/domain/pictures/process-tree.ts";

const ROW = 28;
const INDENT = 14;
/** Deeper than this is told by the level alone. */
const DEEPEST = 16;

type Row = TreeRow<ProcessView>;
type Props = {
  starts: readonly ProcessView[];
  cited: ReadonlySet<number>;
  onOpenRecord: (evidenceId: string) => void;
};

/** The tree as WAI-ARIA describes one: arrows move, open and close, Enter opens the record of the start. */
export function ProcessTree({ starts, cited, onOpenRecord }: Props) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => processRows(starts, closed), [starts, closed]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 16,
  });
  const { current, setAt, goTo } = useRoving(scroller, rows.length, virtual.scrollToIndex);
  const toggle = (row: Row, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(row.key);
    else next.add(row.key);
    setClosed(next);
  };
  const onKeyDown = (event: KeyboardEvent, row: Row, index: number) => {
    const act = keyAct(event.key, row, { index, rows, closed: closed.has(row.key) });
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (act.goTo !== undefined) goTo(act.goTo);
    if (act.open !== undefined) toggle(row, act.open);
    if (act.record && row.start) onOpenRecord(row.start.id);
  };
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
      <div
        role="tree"
        aria-label="Processes by what started them"
        style={{ height: virtual.getTotalSize() }}
        className="relative"
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!;
          return (
            <ProcessRow
              key={row.key}
              row={row}
              index={index}
              top={start}
              open={!closed.has(row.key)}
              tabbable={index === current}
              cited={row.start !== null && cited.has(row.start.position)}
              onPress={() => {
                setAt(index);
                if (row.start) onOpenRecord(row.start.id);
              }}
              onToggle={() => toggle(row, closed.has(row.key))}
              onKeyDown={(event) => onKeyDown(event, row, index)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** One stop for the Tab key; what is gone to is brought into view and focused once it is there. */
function useRoving(
  scroller: RefObject<HTMLDivElement | null>,
  count: number,
  show: (index: number) => void,
) {
  const [at, setAt] = useState(0);
  const current = Math.min(at, count - 1);
  const focusing = useRef(false);
  useEffect(() => {
    if (!focusing.current) return;
    focusing.current = false;
    scroller.current?.querySelector<HTMLElement>(`[data-row="${current}"]`)?.focus();
  });
  const goTo = (index: number) => {
    if (index < 0 || index >= count) return;
    focusing.current = true;
    show(index);
    setAt(index);
  };
  return { current, setAt, goTo };
}

type Act = { goTo?: number; open?: boolean; record?: true };

function keyAct(
  key: string,
  row: Row,
  { index, rows, closed }: { index: number; rows: readonly Row[]; closed: boolean },
): Act | null {
  const parent = () => rows.findLastIndex(({ depth }, at) => at < index && depth < row.depth);
  switch (key) {
    case "ArrowDown":
      return { goTo: index + 1 };
    case "ArrowUp":
      return { goTo: index - 1 };
    case "Home":
      return { goTo: 0 };
    case "End":
      return { goTo: rows.length - 1 };
    case "ArrowRight":
      if (row.children === 0) return {};
      return closed ? { open: true } : { goTo: index + 1 };
    case "ArrowLeft":
      return row.children > 0 && !closed ? { open: false } : { goTo: parent() };
    case "Enter":
      return { record: true };
    default:
      return null;
  }
}

type RowProps = {
  row: Row;
  index: number;
  top: number;
  open: boolean;
  tabbable: boolean;
  cited: boolean;
  onPress: () => void;
  onToggle: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

function ProcessRow({ row, index, top, open, tabbable, cited, ...on }: RowProps) {
  const { start, depth, name, children, host } = row;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- its keys are the tree's
    <div
      role="treeitem"
      data-row={index}
      tabIndex={tabbable ? 0 : -1}
      aria-level={depth + 1}
      aria-expanded={children > 0 ? open : undefined}
      aria-selected={false}
      onClick={on.onPress}
      onKeyDown={on.onKeyDown}
      style={{ top, height: ROW, paddingLeft: 8 + Math.min(depth, DEEPEST) * INDENT }}
      className={cx(
        "record absolute inset-x-0 flex items-center gap-1.5 pr-3 text-xs outline-offset-[-2px]",
        start ? "cursor-pointer hover:bg-hover" : "",
        cited && "shadow-[inset_2px_0_0_var(--model)]",
      )}
    >
      <span
        aria-hidden
        onClick={(event) => {
          event.stopPropagation();
          on.onToggle();
        }}
        className={cx(
          "flex size-4 shrink-0 items-center justify-center text-faint",
          children === 0 && "invisible",
        )}
      >
        <ChevronRight className={cx("size-3.5 transition-transform", open && "rotate-90")} />
      </span>
      <span className="shrink-0 font-medium">
        <HostileText text={name} />
      </span>
      {depth === 0 && host ? (
        <span className="shrink-0 text-faint">
          <HostileText text={host} />
        </span>
      ) : null}
      <span className="min-w-0 flex-1 truncate text-dim">
        {start === null ? "its own start is not in the evidence" : null}
        {start?.commandLine ? <HostileText text={start.commandLine} /> : null}
      </span>
      {start?.time ? (
        <time dateTime={start.time} className="shrink-0 text-faint">
          {utcClock(start.time)}
        </time>
      ) : null}
    </div>
  );
}
