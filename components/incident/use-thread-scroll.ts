"use client";

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { flushSync } from "react-dom";
import { keyOfRow, rowOfKey } from "./thread-keys.ts";
import type { ThreadLayout } from "./thread-layout.ts";
import { FIRST_HEIGHT } from "./use-first-place.ts";
import type { LaidThread } from "./use-thread.ts";

/** Bring a line into view: by its key, or the first one at or after a time (seconds since 1970). A new `turn` asks again. */
export type GoTo = { turn: number; align: "center" | "auto" } & (
  | { key: string }
  | { second: number }
);

/** The selected line, and where the thread is told to go. */
export type Spot = { selected: string | null; goTo: GoTo | null };

export type View = { top: number; height: number };
type Scroller = RefObject<HTMLDivElement | null>;

/**
 * The stretch of the thread that is seen, in steps of a few lines, so that not every pixel renders. `drawnRef` says
 * between which px lines stand: beyond them nothing would be seen until there is time, so what is there is drawn at once,
 * in the same frame.
 */
export function useView(
  scrollerRef: Scroller,
  { offset, row, drawnRef }: { offset: number; row: number; drawnRef: RefObject<Drawn> },
) {
  const [view, setView] = useState<View>({ top: offset, height: FIRST_HEIGHT });
  const look = useCallback(() => {
    if (scrollerRef.current) setView(viewOf(scrollerRef.current, row * 4));
  }, [scrollerRef, row]);
  useEffect(() => {
    const element = scrollerRef.current;
    if (!element) return undefined;
    const follow = () => {
      const { scrollTop, clientHeight } = element;
      const { top, bottom } = drawnRef.current;
      if (scrollTop < top || scrollTop + clientHeight > bottom) flushSync(look);
      else look();
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", follow, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", follow);
    };
  }, [scrollerRef, drawnRef, look]);
  return { view, look };
}

/** Between which px of the thread lines are drawn. */
export type Drawn = { top: number; bottom: number };

/** The same view again when nothing of it changed. */
function viewOf({ scrollTop, clientHeight }: HTMLElement, step: number) {
  const top = Math.floor(scrollTop / step) * step;
  const height = clientHeight + step;
  return (before: View): View =>
    before.top === top && before.height === height ? before : { top, height };
}

type Stage = { laid: LaidThread; layout: ThreadLayout; scroller: Scroller; look: () => void };

/** Lines that come in above, or open, or turn out higher, do not move what is being read. */
export function useStill({ laid, layout, scroller, look }: Stage) {
  const read = useRef<{ key: string; below: number } | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !read.current) return;
    const row = rowOfKey(laid.outline, laid.rows, read.current.key);
    if (row === null) return;
    const top = layout.top(row) + read.current.below;
    if (Math.abs(element.scrollTop - top) <= 1) return;
    element.scrollTo({ top });
    look();
  }, [laid, layout, scroller, look]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const remember = () => {
      let row = layout.rowAt(element.scrollTop);
      let key = keyOfRow(laid.outline, laid.rows, row);
      // a heading has no key of its own; the line under it stands for it
      if (key === null) key = keyOfRow(laid.outline, laid.rows, (row += 1));
      read.current =
        key && element.scrollTop > 0 ? { key, below: element.scrollTop - layout.top(row) } : null;
    };
    remember();
    element.addEventListener("scroll", remember, { passive: true });
    return () => element.removeEventListener("scroll", remember);
  }, [laid, layout, scroller]);
}

/** Scrolls once per request, as soon as the wanted line is told. */
export function useGoTo(goTo: GoTo | null, { laid, layout, scroller, look }: Stage) {
  const done = useRef(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!goTo || !element || done.current === goTo.turn) return;
    const row = wantedRow(goTo, laid);
    if (row === null) return;
    done.current = goTo.turn;
    const top = layout.top(row);
    const bottom = top + layout.heightOf(row);
    const { scrollTop, clientHeight } = element;
    const inView = top >= scrollTop && bottom <= scrollTop + clientHeight;
    if (goTo.align === "center") element.scrollTo({ top: (top + bottom - clientHeight) / 2 });
    else if (!inView) element.scrollTo({ top: top < scrollTop ? top : bottom - clientHeight });
    look();
  }, [goTo, laid, layout, scroller, look]);
}

function wantedRow(goTo: GoTo, { outline, rows }: LaidThread): number | null {
  if ("key" in goTo) return rowOfKey(outline, rows, goTo.key);
  // in a glimpse a time may lie in what is not told yet
  return outline.above + outline.below > 0 ? null : rows.rowAtSecond(goTo.second);
}
