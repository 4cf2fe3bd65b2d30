"use client";

import { useState } from "react";
import type { SummaryView } from "#lib/contracts/views.ts";

/** A version that was issued after the one on the screen. */
export type Newer = { held: SummaryView; latest: SummaryView };

/**
 * What is being read stays on the screen: a newer version is offered and shown when the reader asks for it. What
 * belongs to the version itself (reviews, whether it is stale) goes on being brought up to date.
 */
export function useHeld(latest: readonly SummaryView[]): {
  shown: readonly SummaryView[];
  newer: Newer[];
  showLatest: () => void;
} {
  const [held, setHeld] = useState(latest);
  const next = heldAfter(held, latest);
  if (next !== held) setHeld(next);
  return {
    shown: next,
    newer: next.flatMap((one) => {
      const current = latest.find(({ origin }) => origin === one.origin);
      return current && current.id !== one.id ? [{ held: one, latest: current }] : [];
    }),
    showLatest: () => setHeld(latest),
  };
}

/** The held versions as they are now, and the first one of an origin that had none; the same array when nothing moved. */
export function heldAfter(
  held: readonly SummaryView[],
  latest: readonly SummaryView[],
): readonly SummaryView[] {
  const next = latest.map((current) => {
    const before = held.find(({ origin }) => origin === current.origin);
    return before && before.id !== current.id ? before : current;
  });
  const same = next.length === held.length && next.every((one, at) => one === held[at]);
  return same ? held : next;
}
