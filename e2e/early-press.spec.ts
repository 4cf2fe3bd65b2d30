/** What is pressed after the page is painted and before its scripts listen is done once, as soon as they do. */
import type { Page } from "playwright/test";
import { expect, test } from "./fixtures.ts";

const QUEUE = "/incidents?view=all";
/** The moments of coming alive, in frames of the screen after the scripts were let through. */
const FRAMES = [0, 1, 2, 3, 4, 5, 6, 8, 10, 14, 20];

/** Opens the queue deaf: its scripts do not come until the story says so. */
async function openDeaf(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    await promise;
    await route.continue();
  });
  await page.goto(QUEUE, { waitUntil: "commit" });
  await expect(filter(page)).toBeVisible();
  return resolve;
}

const filter = (page: Page) => page.getByRole("button", { name: "Filter", exact: true });
const filters = (page: Page) => page.getByRole("menu", { name: "Filter" });
const sort = (page: Page) => page.getByRole("button", { name: /^Sort/ });

test("a button pressed too early does what it says later; of two, the last one", async ({
  desk,
}) => {
  const page = await desk.signIn("analyst");

  await test.step("one", async () => {
    const hear = await openDeaf(page);
    await filter(page).click();
    await expect(filters(page)).toHaveCount(0);
    hear();
    await expect(filters(page)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(filters(page)).toBeHidden();
  });

  await test.step("two", async () => {
    const hear = await openDeaf(page);
    await filter(page).click();
    await sort(page).click();
    hear();
    await expect(page.getByRole("menu", { name: /^Sort/ })).toBeVisible();
    await expect(filters(page)).toHaveCount(0);
  });

  await test.step("by keyboard the menu is walked at once", async () => {
    const hear = await openDeaf(page);
    await filter(page).focus();
    await page.keyboard.press("Enter");
    hear();
    await expect(filters(page).getByRole("menuitemcheckbox").first()).toBeFocused();
  });

  await test.step("with a key held down it is none of ours", async () => {
    const hear = await openDeaf(page);
    await filter(page).click({ modifiers: ["Shift"] });
    hear();
    await page.waitForFunction(() => window.earlyPress === undefined);
    await expect(filters(page)).toHaveCount(0);
  });
});

test("a key of the screen pressed too early is pressed again; letters in a box stay letters", async ({
  desk,
}) => {
  const page = await desk.signIn("analyst");
  const help = page.getByRole("dialog", { name: /^Keys / });

  await test.step("the first of several, because what follows depends on what it did", async () => {
    const hear = await openDeaf(page);
    await page.keyboard.press("?");
    await page.keyboard.press("a");
    hear();
    await expect(help).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(help).toBeHidden();
  });

  await test.step("none that was typed into a box", async () => {
    const hear = await openDeaf(page);
    const box = page.getByRole("searchbox", { name: "Filter incidents" });
    await box.focus();
    await page.keyboard.type("ws?");
    hear();
    await page.waitForFunction(() => window.earlyPress === undefined);
    await expect(box).toHaveValue("ws?");
    await expect(help).toHaveCount(0);
  });
});

test("at whatever moment of coming alive a button is pressed, it is pressed once", async ({
  desk,
}) => {
  test.setTimeout(120_000);
  const page = await desk.signIn("analyst");
  for (const frames of FRAMES) {
    await test.step(`after ${frames} frames`, async () => {
      const hear = await openDeaf(page);
      const pressed = filter(page).evaluate(pressAfter, frames);
      hear();
      await pressed;
      // pressed twice it would be closed again
      await page.waitForFunction(() => window.earlyPress === undefined);
      await expect(filters(page)).toBeVisible();
    });
  }
});

/** In the page. */
async function pressAfter(button: Element, frames: number): Promise<void> {
  for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame);
  (button as HTMLElement).click();
}
