"use client";

import { useLayoutEffect, useState } from "react";
import type { RefObject } from "react";
import { useAlive } from "#components/ui/use-alive.ts";

/** Height in px that is rendered before the browser says how high the pane is. */
export const FIRST_HEIGHT = 1000;
/** What stays in view above the wanted line, in px; it is in view in the lowest of panes too. */
const ABOVE = 96;

/**
 * The server cannot scroll. Until the page is alive the list is drawn higher up by as much as it will
 * then be scrolled, so that the line in the address is in the first paint and stays where it is.
 * `top` is where the wanted line begins, in px; it is read once.
 */
export function useFirstPlace(top: () => number) {
  const [offset] = useState(() => Math.max(0, top() - ABOVE));
  const alive = useAlive();
  return { offset, shift: alive ? 0 : -offset, alive };
}

/** Scrolls to the first place as soon as the shift is gone, before anything is painted. */
export function useScrollToFirst(
  { offset, alive }: { offset: number; alive: boolean },
  scroller: RefObject<HTMLDivElement | null>,
) {
  useLayoutEffect(() => {
    if (alive && offset > 0) scroller.current?.scrollTo({ top: offset });
  }, [alive, offset, scroller]);
}
