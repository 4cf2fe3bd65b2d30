"use client";

import { useEffect, useLayoutEffect, useRef } from "react";
import { pressAgain, takeEarlyPress } from "#lib/browser/early-press.ts";

/** Does what was pressed before the page listened, as soon as all of it does. */
export function EarlyPress() {
  const kept = useRef<MouseEvent | null>(null);
  useLayoutEffect(() => {
    kept.current = takeEarlyPress();
  }, []);
  useEffect(() => {
    if (kept.current) pressAgain(kept.current);
    kept.current = null;
  }, []);
  return null;
}
