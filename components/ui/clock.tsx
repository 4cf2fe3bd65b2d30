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

/** What is read off the server's time, in ms to the second and never ahead of it; drawn anew when that changes. */
export function useOnClock<T extends string | number | boolean>(read: (now: number) => T): T {
  const { serverNow, skew } = useContext(ClockContext);
  const at = (ms: number) => read(Math.floor(ms / SECOND_MS) * SECOND_MS);
  return useSyncExternalStore(
    subscribe,
    () => at(Date.now() + skew),
    () => at(serverNow),
  );
}

/** The server's time: a coarser step would tell a deadline longer than it is. */
export function useNow(): number {
  return useOnClock(itself);
}

function itself(now: number): number {
  return now;
}
