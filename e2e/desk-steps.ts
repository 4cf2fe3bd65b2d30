/** What the stories of the desk do more than once. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import type { Locator, Page } from "playwright/test";
import { ownerUrl } from "#lib/db/provision.ts";
import { expect, expectAccessible } from "./fixtures.ts";
import type { Desk } from "./fixtures.ts";

type Row = { id: string; number: string; title: string; contained: boolean };
type Case = { number: string; host: string };

/** Opens and closes the help by its key once it lists keys of the screen's own, which shows that the page listens. */
export async function awake(page: Page): Promise<void> {
  const help = page.getByRole("dialog", { name: /^Keys / });
  const own = help.getByRole("region", { name: "On this screen" });
  await expect(async () => {
    if (await help.isVisible()) await page.keyboard.press("Escape");
    await expect(help).toBeHidden({ timeout: 1000 });
    await page.keyboard.press("?");
    await expect(own).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
}

export async function look(desk: Desk, page: Page, theme: "dark" | "light"): Promise<void> {
  await page
    .context()
    .addCookies([{ name: "countersign.theme", value: theme, url: desk.demo.url }]);
}

export async function expectAccessibleWith(page: Page, shown: Locator): Promise<void> {
  await expect(shown.first()).toBeVisible();
  await expectAccessible(page);
}

export async function nameOn(page: Page): Promise<string> {
  const words = await page.getByRole("button", { name: /: menu$/ }).textContent();
  return /^.*?([A-Z][a-z]+ [A-Z][a-z]+),/.exec(words ?? "")?.[1] ?? "";
}

export async function demoIncident(desk: Desk, wanted: (row: Row) => boolean): Promise<Row> {
  const { incidents } = (await desk.read("/api/incidents?limit=100")) as { incidents: Row[] };
  return incidents.find(wanted)!;
}

export async function newCase(desk: Desk, host: string): Promise<Case> {
  const at = (second: number) => new Date(Date.now() - 600_000 + second * 1000).toISOString();
  // An address of its own: two cases that share one are one incident, and rightly so.
  const word = () => randomUUID().slice(0, 4);
  const from = { host, user: `user.${host}`, source: { ip: `2001:db8::${word()}:${word()}` } };
  const records = [
    ...Array.from({ length: 6 }, (_, n) => ({
      id: randomUUID(),
      kind: "event",
      time: at(n * 3),
      action: "sign-in",
      outcome: "failure",
      ...from,
    })),
    {
      id: randomUUID(),
      kind: "alert",
      time: at(45),
      severity: "high",
      title: `Many failed sign-ins on ${host}`,
      ...from,
    },
  ];
  const { incidents } = await desk.post(records, { key: host });
  return { number: incidents[0]!.number, host };
}

export async function summarisedCase(desk: Desk, host: string): Promise<Case> {
  const made = await newCase(desk, host);
  const summaries = async () =>
    ((await desk.read(`/api/incidents/${made.number}`)) as { summaries: unknown[] }).summaries;
  await expect.poll(async () => (await summaries()).length, { timeout: 30_000 }).toBeGreaterThan(0);
  return made;
}

export async function proposeClosure(page: Page, number: string): Promise<void> {
  await page.goto(`/incidents/${number}`);
  await awake(page);
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "Propose closure" });
  await dialog.getByText("True positive").click();
  await dialog.getByLabel("Why").fill("The account holder confirms it.");
  await dialog.getByRole("button", { name: "Propose closure" }).click();
  await expect(dialog).toBeHidden();
}

/** What no screen shows, and what none can set. */
export async function asOwner<T>(desk: Desk, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const { adminUrl } = JSON.parse(await readFile(join(desk.home, "database.json"), "utf8")) as {
    adminUrl: string;
  };
  const client = new pg.Client({ connectionString: ownerUrl(adminUrl) });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
