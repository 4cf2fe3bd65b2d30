import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import type { Page } from "playwright";
import { personOf, signInAs } from "#e2e/fixtures.ts";
import { demoOf, startCountersign } from "#e2e/supervisor.ts";
import type { Demo } from "#e2e/supervisor.ts";
import { BROWSER_ARGS, findBrowser } from "../browser.ts";
import { atMost, percentile } from "../figures.ts";
import type { Figure } from "../figures.ts";
import { windowsEvents } from "./events.ts";

const LOADS = 5;
const JUMPS = 20;
const FRAMES = 300;

/** The thread of one incident of so many events in a real browser: first paint, scrolling, jumps, and what it holds. */
export async function benchThreadScreen(events: number): Promise<Figure[]> {
  const home = await mkdtemp(join(tmpdir(), "countersign-bench-screen-"));
  const running = await startCountersign({ home });
  try {
    const demo = await demoOf(running);
    const { id: incident } = await fillThread(demo, events);
    const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGS });
    try {
      const context = await browser.newContext({
        baseURL: demo.url,
        viewport: { width: 1440, height: 900 },
      });
      await signInAs(context, personOf(demo, "analyst"));
      const page = await context.newPage();
      await page.addInitScript(watch);
      return await measure(page, incident, events);
    } finally {
      await browser.close();
    }
  } finally {
    await running.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** Posts so many events to one incident of a demo; the night has come to its end. */
export async function fillThread(
  demo: Demo,
  events: number,
): Promise<{ id: string; number: string }> {
  const { token } = demo.sources.find(({ format }) => format === "auto")!;
  let incident = { id: "", number: "" };
  for (const body of windowsEvents(events, new Date("2026-03-01T00:00:00Z"))) {
    const answer = await fetch(`${demo.url}/api/alerts?incident=bench-thread`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
      body: Buffer.from(body),
    });
    if (answer.status !== 202) throw new Error(`events were answered with ${answer.status}`);
    const { incidents } = (await answer.json()) as { incidents: (typeof incident)[] };
    incident = incidents[0] ?? incident;
  }
  return incident;
}

async function measure(page: Page, incident: string, events: number): Promise<Figure[]> {
  const paints: number[] = [];
  for (let load = 0; load <= LOADS; load += 1) {
    await page.goto(`/incidents/${incident}`);
    await page.getByRole("listbox", { name: "Thread" }).getByRole("option").first().waitFor();
    await page.waitForLoadState("networkidle");
    if (load > 0) paints.push(await page.evaluate(() => (globalThis as Watched).bench.lcp));
  }
  await page.evaluate(() => (globalThis as Watched).bench.forget());
  const scrolled = await page.evaluate(scroll, FRAMES);
  const jumps: number[] = [];
  for (let jump = 0; jump < JUMPS; jump += 1) {
    jumps.push(await page.evaluate(goTo, ((jump * 7919 + 4099) % events) + 1));
  }
  const { longest, nodes } = await page.evaluate(() => (globalThis as Watched).bench);
  const at = `at ${events} events`;
  const paint = percentile(paints, 0.95);
  const jumped = percentile(jumps, 0.95);
  const figure = (id: string, value: number, most: number, n: number, note: string) =>
    atMost(`thread.${id}`, value, most, { n, note });
  return [
    figure("first_paint_p95_ms", paint, 1_000, LOADS, `largest contentful paint, ${at}`),
    figure("blank_ms", scrolled.blankMs, 0, FRAMES, "longest time with no line in view"),
    figure(
      "waiting_ms",
      scrolled.waitingMs,
      1_000,
      FRAMES,
      "longest time a line in view had no words",
    ),
    figure("jump_p95_ms", jumped, 200, JUMPS, `from the link to the line with its words, ${at}`),
    atMost("thread.dom_nodes", nodes, 3_000, {
      ...{ n: FRAMES, note: "most nodes at a time", unit: "nodes" },
    }),
    figure("long_task_ms", longest, 100, FRAMES, "longest task while scrolling and jumping"),
  ];
}

type Watched = typeof globalThis & {
  bench: { lcp: number; longest: number; nodes: number; forget: () => void };
};

/** Runs in every page before its own scripts. */
function watch(): void {
  const bench = { lcp: 0, longest: 0, nodes: 0, forget: () => void (bench.longest = 0) };
  (globalThis as Watched).bench = bench;
  new PerformanceObserver((list) => {
    bench.lcp = list.getEntries().at(-1)?.startTime ?? bench.lcp;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) bench.longest = Math.max(bench.longest, duration);
  }).observe({ type: "longtask", buffered: true });
}

/** A steady scroll, then long pulls at the bar, with a look at the screen in every frame. */
async function scroll(frames: number): Promise<{ blankMs: number; waitingMs: number }> {
  const { bench } = globalThis as Watched;
  const scroller = document.querySelector("#thread-list")!.parentElement!;
  const { left, top, width, height } = scroller.getBoundingClientRect();
  let blankMs = 0;
  let waitingMs = 0;
  let [blankFrom, waitingFrom, before] = [0, 0, performance.now()];
  for (let frame = 0; frame < frames; frame += 1) {
    const pull = frame % 20 === 19 ? scroller.scrollHeight / 17 : 120;
    scroller.scrollTop = (scroller.scrollTop + pull) % (scroller.scrollHeight - height);
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const seen = [0.1, 0.5, 0.9].map((share) =>
      document.elementFromPoint(left + width / 3, top + height * share)?.closest("[data-row]"),
    );
    const blank = seen.some((row) => !row);
    const waiting = seen.some((row) => row?.querySelector("[data-waiting]"));
    blankFrom = blank ? blankFrom || before : 0;
    waitingFrom = waiting ? waitingFrom || before : 0;
    if (blankFrom) blankMs = Math.max(blankMs, now - blankFrom);
    if (waitingFrom) waitingMs = Math.max(waitingMs, now - waitingFrom);
    bench.nodes = Math.max(bench.nodes, document.querySelectorAll("*").length);
    before = now;
  }
  return { blankMs, waitingMs };
}

/** Milliseconds from following the link of a record to its line, selected and with its words. */
async function goTo(position: number): Promise<number> {
  const startedAt = performance.now();
  location.hash = `E${position}`;
  for (;;) {
    await new Promise(requestAnimationFrame);
    const line = document.querySelector('[role="option"][aria-selected="true"]');
    // a line whose words are on their way says which record it is, too
    const waiting = line?.querySelector("[data-waiting]");
    if (line?.textContent.endsWith(`E${position}`) && !waiting)
      return performance.now() - startedAt;
    if (performance.now() - startedAt > 20_000) throw new Error(`E${position} was not reached`);
  }
}
