"use client";

import { useEffect, useRef } from "react";

/** Once, when what is followed comes to its end: what came of it is asked for at once. */
export function useOnEnd(ended: boolean, onEnd: () => void) {
  const told = useRef(false);
  useEffect(() => {
    if (!ended || told.current) return;
    told.current = true;
    onEnd();
  }, [ended, onEnd]);
}
