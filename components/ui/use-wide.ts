"use client";

import { useSyncExternalStore } from "react";

const WIDE = "(min-width: 1024px)";

/** Whether there is room for panes side by side; the server assumes there is. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(WIDE);
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
    () => window.matchMedia(WIDE).matches,
    () => true,
  );
}
