import type { Page } from "playwright";
import { atMost, percentile, round, told } from "../../figures.ts";
import type { Figure } from "../../figures.ts";
import type { Watched } from "./watch.ts";

const HELD_MS = 5_000;
/** What a keyboard does while a key is held down. */
const REPEATS_A_SECOND = 30;
const FRAME_MS = 1000 / 60;
const FRAMES = 300;

/** Frames while j is held on the screen that is open, and what stood in their way. */
export async function benchHeldKey(page: Page, screen: string): Promise<Figure[]> {
  await page.evaluate(() => (globalThis as Watched).bench.forget());
  const counting = page.evaluate(frameTimes, HELD_MS);
  const repeats = (HELD_MS / 1000) * REPEATS_A_SECOND;
  const startedAt = performance.now();
  for (let press = 0; press < repeats; press += 1) {
    await page.keyboard.down("j");
    const left = startedAt + (press + 1) * (1000 / REPEATS_A_SECOND) - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  }
  await page.keyboard.up("j");
  const frames = await counting;
  const longest = await page.evaluate(() => (globalThis as Watched).bench.longest);
  const p95 = round(percentile(frames, 0.95));
  const dropped = frames.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / FRAME_MS) - 1), 0);
  const rate = 1000 / (frames.reduce((sum, ms) => sum + ms, 0) / frames.length);
  const held = `j held for ${HELD_MS / 1000} s, ${repeats} times`;
  return [
    {
      ...{ id: `${screen}.held_key_fps`, value: round(rate), unit: "fps", n: frames.length },
      // of 60 a second a browser's own clock gives one more or less
      ...{ target: ">= 59", holds: rate >= 59 },
      note: `${held}; p95 of a frame ${p95} ms`,
    },
    told(`${screen}.held_key_dropped`, dropped, frames.length, "frames that were not drawn then"),
    atMost(`${screen}.held_key_long_task_ms`, longest, 100, {
      n: frames.length,
      note: "longest task then",
    }),
  ];
}

async function frameTimes(forMs: number): Promise<number[]> {
  const frames: number[] = [];
  const end = performance.now() + forMs;
  let before = await new Promise<number>(requestAnimationFrame);
  while (before < end) {
    const now = await new Promise<number>(requestAnimationFrame);
    frames.push(now - before);
    before = now;
  }
  return frames;
}

/** The longest task while what holds `inside` is scrolled, frame by frame. */
export async function benchScroll(page: Page, screen: string, inside: string): Promise<Figure> {
  await page.evaluate(() => (globalThis as Watched).bench.forget());
  await page.evaluate(scrollDown, { inside, frames: FRAMES });
  const longest = await page.evaluate(() => (globalThis as Watched).bench.longest);
  const note = `longest task while scrolling ${FRAMES} frames`;
  return atMost(`${screen}.scroll_long_task_ms`, longest, 100, { n: FRAMES, note });
}

export async function scrollDown(given: { inside: string; frames: number }): Promise<void> {
  const scroller = document.querySelector(given.inside)!.parentElement!;
  for (let frame = 0; frame < given.frames; frame += 1) {
    const end = scroller.scrollHeight - scroller.clientHeight;
    scroller.scrollTop = scroller.scrollTop >= end - 1 ? 0 : scroller.scrollTop + 120;
    await new Promise(requestAnimationFrame);
  }
}

/** From the click of a view to its first rows, each view as often as it is read anew. */
export async function benchViews(
  page: Page,
  open: () => Promise<unknown>,
  rounds: number,
): Promise<Figure> {
  const times: [view: string, ms: number][] = [];
  for (let round = 0; round < rounds; round += 1) {
    await open();
    for (const view of ["unassigned", "closed"]) {
      times.push([view, await page.evaluate(clickView, view)]);
    }
  }
  const [slowest] = times.toSorted((a, b) => b[1] - a[1]);
  return atMost(
    "queue.view_p95_ms",
    percentile(
      times.map(([, ms]) => ms),
      0.95,
    ),
    300,
    {
      n: times.length,
      note: `from the click of a view to its first rows; slowest ${slowest![0]}`,
    },
  );
}

/** Milliseconds until the frame with the rows of the view; throws where none come. */
async function clickView(view: string): Promise<number> {
  const rows = () => document.querySelector('[role="table"][aria-label="Incidents"]');
  const before = rows();
  const startedAt = performance.now();
  document
    .querySelector<HTMLElement>(`nav[aria-label="Views"] a[href="/incidents?view=${view}"]`)!
    .click();
  for (;;) {
    await new Promise(requestAnimationFrame);
    const now = rows();
    if (now && now !== before && now.querySelector("a")) return performance.now() - startedAt;
    if (performance.now() - startedAt > 20_000) throw new Error(`no rows of ${view}`);
  }
}
