"use client";

import { useCallback, useEffect, useRef, useState } from "react";

type Heights = ReadonlyMap<string | null, number>;

/** The heights of lines that are measured, by key, as they are and as they change with the width of the pane. */
export function useHeights() {
  const [heights, setHeights] = useState<Heights>(() => new Map());
  const watched = useRef(new Map<string, HTMLElement>());
  const observer = useRef<ResizeObserver>(null);
  useEffect(() => {
    const keys = watched.current;
    const made = new ResizeObserver(() =>
      setHeights((before) => {
        const after = new Map(before);
        for (const [key, element] of keys) {
          if (element.offsetHeight > 0) after.set(key, element.offsetHeight);
        }
        const same = [...after].every(([key, height]) => before.get(key) === height);
        return same ? before : after;
      }),
    );
    for (const element of keys.values()) made.observe(element);
    observer.current = made;
    return () => made.disconnect();
  }, []);
  const measure = useCallback((key: string, element: HTMLElement | null) => {
    const before = watched.current.get(key);
    if (before === element) return;
    if (before) observer.current?.unobserve(before);
    if (element) {
      watched.current.set(key, element);
      observer.current?.observe(element);
    } else {
      watched.current.delete(key);
    }
  }, []);
  return { heights, measure };
}
