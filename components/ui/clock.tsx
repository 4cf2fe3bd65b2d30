"use client";

import { createContext, useContext, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";

type Anchor = { serverNow: number; skew: number };
const ClockContext = createContext<Anchor>({ serverNow: 0, skew: 0 });

/**
 * Anchors every clock on the screen to the server's time: the first paint uses exactly `serverNow` (ms),
 * later ticks add the difference between the two machines when it is more than the trip can explain.
 */
export function ClockProvider({ serverNow, children }: { serverNow: number; children: ReactNode }) {
  const [anchor] = useState<Anchor>(() => {
    const difference = typeof window === "undefined" ? 0 : serverNow - Date.now();
    return { serverNow, skew: Math.abs(difference) > 5_000 ? difference : 0 };
  });
  return <ClockContext value={anchor}>{children}</ClockContext>;
}

const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && ticking) {
      clearInterval(ticking);
      ticking = null;
    }
  };
}

/** The server's time in ms, refreshed every `everyMs` (a whole number of seconds). One timer serves all. */
export function useNow(everyMs = 1000): number {
  const { serverNow, skew } = useContext(ClockContext);
  const step = Math.max(1000, everyMs);
  return useSyncExternalStore(
    subscribe,
    () => Math.floor((Date.now() + skew) / step) * step,
    () => Math.floor(serverNow / step) * step,
  );
}
