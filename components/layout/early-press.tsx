"use client";

import { useEffect, useLayoutEffect, useRef } from "react";
import { pressAgain, takeEarlyKey, takeEarlyPress, typeAgain } from "#lib/browser/early-press.ts";

/** Does what was pressed before the page listened, as soon as all of it does. It comes after what listens to keys. */
export function EarlyPress() {
  const kept = useRef<MouseEvent | null>(null);
  useLayoutEffect(() => {
    kept.current = takeEarlyPress();
  }, []);
  useEffect(() => {
    const key = takeEarlyKey();
    if (kept.current) pressAgain(kept.current);
    else if (key) typeAgain(key);
    kept.current = null;
  }, []);
  return null;
}
