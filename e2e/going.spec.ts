/** Between two pages: the one before stays in use until the next is there, and a slow one is said to be on its way. */
import { expect, test } from "./fixtures.ts";
import { awake } from "./desk-steps.ts";

test("a page that takes its time is said to be on its way, and the one before stays in use", async ({
  desk,
}) => {
  const page = await desk.signIn("analyst", "/incidents?view=all");
  await awake(page);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(/\/incidents\/INC-/, async (route) => {
    await held;
    await route.continue();
  });
  const line = page.getByRole("progressbar", { name: "Loading the next page" });

  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(line).toBeVisible();
  await page.keyboard.press("j");
  const rows = page.getByRole("table", { name: "Incidents" }).getByRole("row");
  await expect(rows.nth(2)).toHaveAttribute("data-selected", "true");

  letGo();
  await expect(page).toHaveURL(/\/incidents\/INC-\d+/);
  await expect(page.getByRole("listbox", { name: "Thread" })).toBeVisible();
  await expect(line).toBeHidden();
});
