import { awake } from "./desk-steps.ts";
import { expect, test } from "./fixtures.ts";

test("theme and density are kept", async ({ desk }) => {
  const page = await desk.signIn("analyst");
  await page.goto("/incidents?view=all");
  await awake(page);
  await page.getByRole("button", { name: /: menu$/ }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await page.getByRole("menuitemradio", { name: "Comfortable" }).click();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(page.getByRole("button", { name: "Dense rows" })).toBeVisible();
  expect((await page.getByRole("row", { name: /INC-/ }).first().boundingBox())?.height).toBe(40);
});

test("the theme follows the machine where a person wants it to", async ({ desk }) => {
  const page = await desk.signIn("analyst");
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/account");
  const ground = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await ground();
  await page.getByRole("group", { name: "Theme" }).getByRole("button", { name: "System" }).click();
  await expect.poll(ground).not.toBe(dark);
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(ground).toBe(dark);
  // Read from a cookie: the first paint is right before any script runs
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/incidents?view=all", { waitUntil: "commit" });
  await expect.poll(ground).toBe(light);
  await awake(page);
  await page.keyboard.press("Shift+T");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await ground()).toBe(dark);
});
