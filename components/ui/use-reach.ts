"use client";

import { useEffect, useRef, useState } from "react";
import type { FocusEvent, PointerEvent } from "react";
import { ahead } from "./later.tsx";

type Reach = {
  /** Milliseconds of rest before it opens; none while another that shares them has just been open. */
  delay: number;
  /** Milliseconds that the way from what was pointed at to what it opened may take. */
  grace: number;
  /** Fetches what is going to be opened. */
  load: () => Promise<unknown>;
};

/** When the last one was left or closed, in milliseconds of the page: those that follow each other open at once. */
let lastClosed = -Infinity;
const FOLLOWS_MS = 300;

/**
 * Opens what an element has to show when a pointer rests on it or the keyboard reaches it, and closes it when both it
 * and the element are left, when the element is pressed, and on Escape. Content on hover as WCAG 2.2, 1.4.13 has it:
 * it can be dismissed, pointed at, and stays until it is left.
 */
export function useReach({ delay, grace, load }: Reach) {
  const [anchor, setAnchor] = useState<Element | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // the window left while this had the focus: its coming back is nobody's wish to see more
  const isAway = useRef(false);
  const isOpen = anchor !== null;
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!isOpen) return;
    return () => {
      lastClosed = performance.now();
    };
  }, [isOpen]);
  const go = (next: Element | null, after = 0) => {
    clearTimeout(timer.current);
    if (after === 0) setAnchor(next);
    else timer.current = setTimeout(() => setAnchor(next), after);
  };
  const close = () => go(null);
  return {
    anchor,
    close,
    trigger: {
      onPointerEnter: (event: PointerEvent) => {
        if (event.pointerType === "touch") return;
        ahead(load);
        const follows = performance.now() - lastClosed < FOLLOWS_MS;
        go(event.currentTarget, follows ? 0 : delay);
      },
      onPointerLeave: () => {
        if (isOpen) lastClosed = performance.now();
        go(null, grace);
      },
      onPointerDown: close,
      onClick: close,
      onFocus: (event: FocusEvent) => {
        const { currentTarget } = event;
        if (!isAway.current && currentTarget.matches(":focus-visible")) go(currentTarget);
        isAway.current = false;
      },
      onBlur: ({ currentTarget }: FocusEvent) => {
        isAway.current = document.activeElement === currentTarget;
        close();
      },
    },
    popup: {
      onPointerEnter: () => clearTimeout(timer.current),
      onPointerLeave: () => go(null, grace),
    },
  };
}
