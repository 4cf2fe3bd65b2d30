import type { Page } from "playwright";

/** One interaction of a person: a key or a pointer, until the frame that shows what came of it. */
export type Interaction = { name: string; ms: number };

type Bench = {
  lcp: number;
  longest: number;
  interactions: Map<number, Interaction>;
  forget: () => void;
};
export type Watched = typeof globalThis & { bench: Bench };

/** The least that Event Timing tells; what is faster counts as this. */
export const SHORTEST_MS = 16;

/** Runs in every page before its own scripts: largest paint, longest task, and every interaction by its number. */
export function watch(): void {
  const bench: Bench = {
    ...{ lcp: 0, longest: 0, interactions: new Map() },
    forget: () => {
      bench.longest = 0;
      bench.interactions.clear();
    },
  };
  (globalThis as Watched).bench = bench;
  new PerformanceObserver((list) => {
    bench.lcp = list.getEntries().at(-1)?.startTime ?? bench.lcp;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) bench.longest = Math.max(bench.longest, duration);
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceEventTiming[]) {
      const { interactionId: id, duration, name } = entry;
      if (!id) continue;
      const known = bench.interactions.get(id);
      if (!known || known.ms < duration) bench.interactions.set(id, { name, ms: duration });
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
}

/**
 * Does each act in turn and tells how long each of its interactions took. An act that raised none above `SHORTEST_MS`
 * is told once with that.
 */
export async function timeActs(
  page: Page,
  acts: readonly [what: string, act: () => Promise<unknown>][],
): Promise<Interaction[]> {
  const found: Interaction[] = [];
  for (const [what, act] of acts) {
    await page.evaluate(() => (globalThis as Watched).bench.forget());
    await act();
    const taken = await page.evaluate(interactionsAfterPaint);
    const slow = taken.map((ms) => ({ name: what, ms }));
    found.push(...(slow.length > 0 ? slow : [{ name: what, ms: SHORTEST_MS }]));
  }
  return found;
}

/** Entries come after the frame that they time: one idle turn behind the second frame from now. */
async function interactionsAfterPaint(): Promise<number[]> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 500 }));
  return [...(globalThis as Watched).bench.interactions.values()].map(({ ms }) => ms);
}

/** Interaction to Next Paint as Chromium reports it: the slowest, leaving one out of every fifty. */
export function nextPaint(interactions: readonly Interaction[]): Interaction {
  const slowest = interactions.toSorted((a, b) => b.ms - a.ms);
  const at = Math.min(slowest.length - 1, Math.floor(slowest.length / 50));
  return slowest[at] ?? { name: "none", ms: Number.NaN };
}
