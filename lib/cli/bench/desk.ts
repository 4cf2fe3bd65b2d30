import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import type { Browser, Page } from "playwright";
import { personOf, signInAs } from "#e2e/fixtures.ts";
import { demoOf, startCountersign } from "#e2e/supervisor.ts";
import type { Demo } from "#e2e/supervisor.ts";
import { BROWSER_ARGS, findBrowser } from "../browser.ts";
import { atMost } from "../figures.ts";
import type { Figure } from "../figures.ts";
import { say, step } from "../progress.ts";
import { runningAdminUrl } from "../running.ts";
import { benchIncidentActs, benchQueueActs } from "./desk/acts.ts";
import { benchLoads } from "./desk/loads.ts";
import type { Place } from "./desk/loads.ts";
import { benchMemory } from "./desk/memory.ts";
import { readIncidentScreen, readQueuePage, STATEMENTS } from "./desk/page-reads.ts";
import { benchHeldKey, benchScroll, benchViews } from "./desk/walks.ts";
import { watch } from "./desk/watch.ts";
import { fillQueue, nameOwners } from "./queue-fill.ts";
import { countStatements } from "./statements.ts";
import { fillThread } from "./thread-screen.ts";

export type DeskSizes = {
  incidents: number;
  events: number;
  loads: number;
  turns: number;
  minutes: number;
};

/** The two screens of the desk in a real browser, over the whole product with so many incidents and so long a thread. */
export async function benchDesk(sizes: DeskSizes): Promise<Figure[]> {
  const home = await mkdtemp(join(tmpdir(), "countersign-bench-desk-"));
  const running = await startCountersign({ home });
  try {
    const demo = await demoOf(running);
    const long = await step("A long thread", () => fillThread(demo, sizes.events));
    const adminUrl = await runningAdminUrl(home);
    await step("A full queue", async () => {
      await fillQueue(adminUrl, sizes.incidents);
      await nameOwners(adminUrl);
    });
    const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGS });
    try {
      return [
        ...(await benchStatements(adminUrl, long.id)),
        ...(await measure(browser, demo, { long, sizes })),
      ];
    } finally {
      await browser.close();
    }
  } finally {
    await running.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function benchStatements(url: string, incidentId: string): Promise<Figure[]> {
  const person = "00000000-0000-7000-8000-000000000010";
  const taken = {
    queue: await countStatements(url, (db) => readQueuePage(db, person)),
    incident: await countStatements(url, (db) => readIncidentScreen(db, incidentId, person)),
  };
  return (["queue", "incident"] as const).map((screen) =>
    atMost(`${screen}.page_statements`, taken[screen], STATEMENTS[screen], {
      ...{ n: 1, unit: "statements" },
      note: "SQL of one load with the frame around it",
    }),
  );
}

type Filled = { long: { id: string; number: string }; sizes: DeskSizes };

async function measure(browser: Browser, demo: Demo, { long, sizes }: Filled): Promise<Figure[]> {
  const look = { baseURL: demo.url, viewport: { width: 1440, height: 900 } };
  const first = await browser.newContext(look);
  await signInAs(first, personOf(demo, "analyst"));
  const signedIn = { ...look, storageState: await first.storageState() };
  await first.close();
  const [queue, incident] = places(long.id);
  const at = { queue: `${sizes.incidents} incidents`, incident: `${sizes.events} events` };
  const { loads, minutes } = sizes;
  const figures: Figure[] = [];
  // told as they come: what fails later takes none of them along
  const add = (found: Figure[]) => {
    figures.push(...found);
    for (const { id, value, unit, note } of found) say(`  ${id} ${value} ${unit} ${note}`);
  };
  for (const place of [queue, incident]) {
    const given = { place, loads, at: `at ${at[place.screen]}` };
    add(await step(`Loads of the ${place.screen}`, () => benchLoads(browser, signedIn, given)));
  }
  const context = await browser.newContext(signedIn);
  const page = await context.newPage();
  await page.addInitScript(watch);
  add(await step("The queue in use", () => useQueue(page, queue, sizes)));
  add(await step("The incident in use", () => useIncident(page, incident, sizes)));
  const cdp = await context.newCDPSession(page);
  await cdp.send("Performance.enable");
  await openAt(page, queue)();
  const visited = [long.number, ...(await firstNumbers(page))];
  const use = () => benchMemory({ page, cdp, minutes, visited });
  add(await step(`${minutes} minutes of use`, use));
  return figures;
}

function places(incident: string): [queue: Place, incident: Place] {
  const rows = (page: Page) => page.getByRole("table", { name: "Incidents" }).getByRole("link");
  const lines = (page: Page) => page.getByRole("listbox", { name: "Thread" }).getByRole("option");
  return [
    {
      ...{ screen: "queue", path: "/incidents?view=all" },
      shown: (page) => rows(page).first().waitFor(),
    },
    {
      ...{ screen: "incident", path: `/incidents/${incident}` },
      shown: (page) => lines(page).first().waitFor(),
    },
  ];
}

function openAt(page: Page, place: Place): () => Promise<void> {
  return async () => {
    await page.goto(place.path);
    await place.shown(page);
    await page.waitForLoadState("networkidle");
  };
}

async function useQueue(page: Page, place: Place, sizes: DeskSizes): Promise<Figure[]> {
  const open = openAt(page, place);
  const interactions = await benchQueueActs({ page, open, turns: sizes.turns });
  const views = await benchViews(page, open, sizes.loads);
  await open();
  const held = await benchHeldKey(page, "queue");
  await open();
  return [
    interactions,
    views,
    ...held,
    await benchScroll(page, "queue", '[role="table"][aria-label="Incidents"]'),
  ];
}

async function useIncident(page: Page, place: Place, { turns }: DeskSizes): Promise<Figure[]> {
  const open = openAt(page, place);
  const interactions = await benchIncidentActs({ page, open, turns });
  await open();
  const held = await benchHeldKey(page, "incident");
  await open();
  return [interactions, ...held, await benchScroll(page, "incident", "#thread-list")];
}

/** Of the incidents that the queue begins with. */
async function firstNumbers(page: Page): Promise<string[]> {
  const rows = page.getByRole("table", { name: "Incidents" }).getByRole("link");
  const names = await Promise.all([0, 1, 2, 3].map((at) => rows.nth(at).textContent()));
  return names.flatMap((name) => /INC-\d+/.exec(name ?? "")?.[0] ?? []);
}
