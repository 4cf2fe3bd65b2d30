import type { Browser, BrowserContextOptions, Page } from "playwright";
import { atMost, percentile, round, told } from "../../figures.ts";
import type { Figure } from "../../figures.ts";
import { say } from "../../progress.ts";
import { FIRST_LOAD_KB, kilobytes } from "./scripts.ts";
import type { Script } from "./scripts.ts";
import { watch } from "./watch.ts";
import type { Watched } from "./watch.ts";

type Screen = "queue" | "incident";
type Load = { lcp: number; answered: number; document: number; scripts: Script[]; late: Script[] };

/** Where a screen is, and what is there once it can be read. */
export type Place = { screen: Screen; path: string; shown: (page: Page) => Promise<unknown> };

/** How long a first visit takes to its largest paint, and what JavaScript it fetches; each by a browser with nothing kept. */
export async function benchLoads(
  browser: Browser,
  options: BrowserContextOptions,
  { place, loads, at }: { place: Place; loads: number; at: string },
): Promise<Figure[]> {
  const taken: Load[] = [];
  for (let load = 0; load <= loads; load += 1) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(place.path);
    await place.shown(page);
    await page.waitForLoadState("networkidle");
    if (load > 0) taken.push(await page.evaluate(readLoad));
    await context.close();
  }
  const paints = taken.map(({ lcp }) => lcp);
  const { scripts, late, document } = taken.at(-1)!;
  sayHeaviest(place.screen, scripts);
  const median = (of: number[]) => round(percentile(of, 0.5));
  return [
    atMost(`${place.screen}.lcp_p95_ms`, percentile(paints, 0.95), 1_000, {
      n: loads,
      note: `largest contentful paint, nothing cached, ${at}; median ${median(paints)}, answered after ${median(taken.map(({ answered }) => answered))}`,
    }),
    atMost(`${place.screen}.first_load_kb`, kilobytes(scripts), FIRST_LOAD_KB[place.screen], {
      ...{ n: 1, unit: "kB" },
      note: `JavaScript fetched before load, gzip, ${scripts.length} files`,
    }),
    told(
      `${place.screen}.document_kb`,
      round(document / 1000),
      1,
      "the page itself with its first rows, gzip",
      "kB",
    ),
    told(
      `${place.screen}.late_kb`,
      kilobytes(late),
      1,
      `more of it until the network was quiet, ${late.length} files`,
      "kB",
    ),
  ];
}

/** What the browser has of its own timings. */
function readLoad(): Load {
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const fetched = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const scripts = fetched
    .filter(({ name }) => name.endsWith(".js"))
    .map(({ name, encodedBodySize, startTime }) => ({
      ...{ path: new URL(name).pathname, bytes: encodedBodySize },
      late: startTime >= visit!.loadEventStart,
    }))
    .toSorted((a, b) => b.bytes - a.bytes);
  return {
    lcp: (globalThis as Watched).bench.lcp,
    answered: visit!.responseStart,
    document: visit!.encodedBodySize,
    scripts: scripts.filter(({ late }) => !late),
    late: scripts.filter(({ late }) => late),
  };
}

function sayHeaviest(screen: Screen, scripts: readonly Script[]): void {
  say(`  Scripts of the ${screen}, the heaviest first`);
  for (const { path, bytes } of scripts.slice(0, 8))
    say(`    ${(bytes / 1000).toFixed(1).padStart(6)} kB  ${path}`);
}
