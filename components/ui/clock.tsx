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

const SECOND_MS = 1000;

const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    for (const each of listeners) each();
  }, SECOND_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && ticking) {
      clearInterval(ticking);
      ticking = null;
    }
  };
}

/** The server's time in ms, to the second and never ahead of it: a coarser step would tell a deadline longer than it is. */
export function useNow(): number {
  const { serverNow, skew } = useContext(ClockContext);
  return useSyncExternalStore(
    subscribe,
    () => Math.floor((Date.now() + skew) / SECOND_MS) * SECOND_MS,
    () => Math.floor(serverNow / SECOND_MS) * SECOND_MS,
  );
}
