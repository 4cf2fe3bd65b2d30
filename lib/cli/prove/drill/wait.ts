import { setTimeout as pause } from "node:timers/promises";

/** Asks again and again until the answer is yes. @throws after `seconds`, with what it waited for */
export async function waitFor(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds: number,
  everyMs = 100,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited ${seconds} s in vain: ${what}.`);
    await pause(everyMs);
  }
}

/** The same numbers for the same seed (mulberry32), from 0 to below 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
