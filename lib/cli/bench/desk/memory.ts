import type { CDPSession, Page } from "playwright";
import { atMost, round, slope, told } from "../../figures.ts";
import type { Figure } from "../../figures.ts";
import { scrollDown } from "./walks.ts";

/** What a tab holds after its garbage was collected; `x` is minutes since the first. */
type Held = { x: number; heap: number; nodes: number; listeners: number };

/** More than this an hour would be seen: six megabytes. */
const MOST_KB_A_MINUTE = 100;
/** Rounds in which what is kept on purpose is first filled: visited incidents, records, previews. */
const WARM_UP = 6;

type Given = {
  page: Page;
  cdp: CDPSession;
  minutes: number;
  /** Numbers of the incidents that are visited in turn; the cache keeps them all from then on. */
  visited: readonly string[];
};

/** A person's round over and over without a reload: walk the queue, read in the preview, go into an incident, its thread, back. */
export async function benchMemory({ page, cdp, minutes, visited }: Given): Promise<Figure[]> {
  const held: Held[] = [];
  const show = page.getByRole("button", { name: "Show the preview" });
  if (await show.isVisible()) await show.click();
  for (let round = 0; round < WARM_UP; round += 1) await oneRound(page, visited, round);
  const startedAt = performance.now();
  let rounds = 0;
  while (performance.now() - startedAt < minutes * 60_000 || held.length < 3) {
    held.push(await heldNow(cdp, (performance.now() - startedAt) / 60_000));
    await oneRound(page, visited, rounds);
    rounds += 1;
  }
  held.push(await heldNow(cdp, (performance.now() - startedAt) / 60_000));
  return tell(held, rounds);
}

function tell(held: readonly Held[], rounds: number): Figure[] {
  const n = held.length;
  const by = (of: (at: Held) => number) => slope(held.map((at) => ({ x: at.x, y: of(at) })));
  const [first, last] = [held[0]!, held.at(-1)!];
  const growth = by(({ heap }) => heap / 1000);
  const minutes = round(last.x);
  return [
    atMost("desk.heap_slope", growth, MOST_KB_A_MINUTE, {
      ...{ n, unit: "kB/min" },
      note: `least squares over ${minutes} min, ${rounds} rounds after ${WARM_UP}; ${round(first.heap / 1e6)} MB, then ${round(last.heap / 1e6)}`,
    }),
    told("desk.heap_a_round", round((growth * last.x) / rounds), n, "the same a round", "kB"),
    told("desk.nodes_slope", round(by(({ nodes }) => nodes)), n, between("nodes"), "/min"),
    told(
      "desk.listeners_slope",
      round(by(({ listeners }) => listeners)),
      n,
      between("listeners"),
      "/min",
    ),
  ];

  function between(what: "nodes" | "listeners"): string {
    return `${first[what]}, then ${last[what]}`;
  }
}

async function heldNow(cdp: CDPSession, x: number): Promise<Held> {
  // twice: what the first sets free may hold more
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return {
    ...{ x, heap: of("JSHeapUsedSize") },
    ...{ nodes: of("Nodes"), listeners: of("JSEventListeners") },
  };
}

async function oneRound(page: Page, visited: readonly string[], round: number): Promise<void> {
  const rows = page.getByRole("table", { name: "Incidents" }).getByRole("link");
  const preview = page.getByRole("region", { name: /in short$/ });
  await rows.first().waitFor();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("j");
  await preview.waitFor();
  await page.keyboard.press("Control+k");
  const jump = page.getByRole("combobox", { name: "Search, or go anywhere" });
  const number = visited[round % visited.length]!;
  await jump.fill(number);
  await page
    .getByRole("option", { name: new RegExp(number) })
    .first()
    .waitFor();
  await jump.press("Enter");
  const thread = page.getByRole("listbox", { name: "Thread" });
  await thread.getByRole("option").first().waitFor();
  await page.evaluate(scrollDown, { inside: "#thread-list", frames: 60 });
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("j");
  await page.keyboard.press("]");
  await page.goBack();
  await rows.first().waitFor();
}
