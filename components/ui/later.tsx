"use client";

import { lazy, Suspense } from "react";
import type { ComponentType, ReactNode } from "react";

type Load = () => Promise<unknown>;

/**
 * A part that no first paint needs. It is fetched when it is first shown, and before that, one part after the other,
 * once the page has loaded and the browser has nothing to do: so it is there when somebody asks for it.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => ReactNode {
  const Part = lazy(async () => ({ default: await load() })) as unknown as ComponentType<Props>;
  fetchWhenQuiet(load);
  return function Later(props: Props) {
    return (
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    );
  };
}

const waiting: Load[] = [];

function fetchWhenQuiet(load: Load): void {
  if (typeof window === "undefined" || waiting.push(load) > 1) return;
  if (document.readyState === "complete") whenIdle(fetchNext);
  else window.addEventListener("load", () => whenIdle(fetchNext), { once: true });
}

async function fetchNext(): Promise<void> {
  try {
    await waiting[0]?.();
  } catch {
    // What does not come now is asked for again when it is shown.
  }
  waiting.shift();
  if (waiting.length > 0) whenIdle(fetchNext);
}

function whenIdle(run: () => Promise<void>): void {
  // Safari has no such call
  if ("requestIdleCallback" in window) window.requestIdleCallback(() => void run());
  else setTimeout(() => void run(), 200);
}
