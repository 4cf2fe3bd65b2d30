/** A part of a screen that is fetched on its own comes late to what the server drew of it, and takes nothing away. */
import { randomUUID } from "node:crypto";
import { awake, demoIncident, newCase } from "./desk-steps.ts";
import { expect, test } from "./fixtures.ts";

test("what the server drew stands, and what was opened in it stays open, while its script is on the way", async ({
  desk,
}) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const page = await desk.signIn("analyst");
  const path = `/incidents/${number}?pane=decisions`;
  const document = await (await page.request.get(path)).text();
  const scripts = Promise.withResolvers<void>();
  let held = 0;
  // What the document does not name is a part of its own: it waits until the story says so.
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    if (!document.includes(new URL(route.request().url()).pathname)) {
      held++;
      await scripts.promise;
    }
    await route.continue();
  });
  await page.goto(path, { waitUntil: "commit" });
  const run = page.getByRole("list", { name: "Response actions" }).getByRole("listitem").first();
  await run.getByText(/^by Simulation, 1 attempt/).click();
  await expect(run.getByText("Attempt 1")).toBeVisible();
  await expect.poll(() => held).toBeGreaterThan(0);
  await expect(run.getByText("Attempt 1")).toBeVisible();

  scripts.resolve();
  await awake(page);
  await expect(run.getByText("Attempt 1")).toBeVisible();
});

test("a part whose script does not come says so in its place, and the rest goes on", async ({
  desk,
}) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const page = await desk.signIn("analyst");
  const path = `/incidents/${number}`;
  const document = await (await page.request.get(path)).text();
  let lost = 0;
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    if (document.includes(new URL(route.request().url()).pathname)) return route.continue();
    lost++;
    return route.fulfill({ status: 404, body: "" });
  });
  await page.goto(path);
  await expect.poll(() => lost).toBeGreaterThan(0);
  const note = page.getByLabel("Note", { exact: true });
  await note.fill("Half a sentence");
  await page.getByRole("button", { name: "Add evidence" }).click();
  await expect(page.getByRole("alert").getByText(/^This part could not be loaded/)).toBeVisible();
  await expect(note).toHaveValue("Half a sentence");
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("button", { name: "Reload the page" }).click();
  await awake(page);
  await page.keyboard.press("i");
  await expect(page.getByRole("dialog", { name: "Add evidence" })).toBeVisible();
});

test("a note stays as it was typed where the window becomes narrow, and behind another tab", async ({
  desk,
}) => {
  const { number } = await newCase(desk, `held-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);
  const note = page.getByLabel("Note", { exact: true });
  await note.fill("Half a sentence");
  await page.setViewportSize({ width: 900, height: 800 });
  await page.getByRole("tab", { name: "Entities" }).click();
  await expect(note).toHaveCount(0);
  await page.getByRole("tab", { name: "Thread" }).click();
  await expect(note).toHaveValue("Half a sentence");
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.getByRole("tab", { name: "Thread" })).toHaveCount(0);
  await expect(note).toHaveValue("Half a sentence");
});
