"use client";

import { Suspense, useState } from "react";
import type { ComponentType, ReactNode } from "react";
import { PartBoundary } from "./part-boundary.tsx";
import { useAlive } from "./use-alive.ts";

type Load<Part> = () => Promise<Part>;

/**
 * A part that no first paint needs, as `later(dynamic(soon(load)))`: it is fetched when it is first shown, and `soon`
 * has it fetched before that. Where an address shows it at once, the document names its script.
 *
 * What the server drew of it stands until the part has come. A boundary of its own would not leave it there: React
 * throws away what is inside one when its props change before its script is here, and with it what somebody opened.
 * So a part that is drawn with the page has none, and the page listens once that part is here too.
 *
 * A part that does not come says so in its place, unless it only repeats what is there anyway (`quiet`).
 */
export function later<Props extends object>(
  Part: ComponentType<Props>,
  { quiet = false } = {},
): (props: Props) => ReactNode {
  return function Later(props: Props) {
    const alive = useAlive();
    const [cameWithThePage] = useState(!alive);
    const part = <Part {...props} />;
    return (
      <PartBoundary quiet={quiet}>
        {cameWithThePage ? part : <Suspense fallback={null}>{part}</Suspense>}
      </PartBoundary>
    );
  };
}

/** Fetches a part once the page has loaded and the browser has nothing to do, one part after the other. */
export function soon<Part>(load: Load<Part>): Load<Part> {
  fetchWhenQuiet(load);
  return load;
}

/** Fetches a part that somebody reaches for. */
export function ahead(load: Load<unknown>): void {
  // What does not come now is asked for once more when it is shown; if it does not come then, the part says so.
  load().catch(() => undefined);
}

const waiting: Load<unknown>[] = [];

function fetchWhenQuiet(load: Load<unknown>): void {
  if (typeof window === "undefined" || waiting.push(load) > 1) return;
  if (document.readyState === "complete") whenIdle(fetchNext);
  else window.addEventListener("load", () => whenIdle(fetchNext), { once: true });
}

async function fetchNext(): Promise<void> {
  try {
    await waiting[0]?.();
  } catch {
    // As with one that somebody reaches for
  }
  waiting.shift();
  if (waiting.length > 0) whenIdle(fetchNext);
}

function whenIdle(run: () => Promise<void>): void {
  // Safari has no such call
  if ("requestIdleCallback" in window) window.requestIdleCallback(() => void run());
  else setTimeout(() => void run(), 200);
}
