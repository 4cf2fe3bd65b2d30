/** Takes the pictures; a screen that overflows its window or fails axe in either theme fails here. */
import { join } from "node:path";
import { look } from "../desk-steps.ts";
import { expect, expectAccessible, test } from "../fixtures.ts";
import { fileOf, FOLDER, SCREENS, THEMES, WIDTHS } from "./list.ts";
import { writeIndex } from "./write-index.ts";

test.afterAll(writeIndex);

for (const screen of SCREENS)
  test(screen.name, async ({ desk }) => {
    const page = await desk.signIn(screen.who);
    const path = typeof screen.path === "string" ? screen.path : await screen.path(desk);
    for (const theme of THEMES) {
      await look(desk, page, theme);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width === 1280 ? 800 : 1080 });
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        await screen.before?.(page);
        if (width === 1280) await expectAccessible(page);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(over, `${screen.name} at ${width} px is wider than its window`).toBeLessThanOrEqual(
          0,
        );
        await page.screenshot({
          path: join(FOLDER, fileOf(screen, width, theme)),
          type: "jpeg",
          quality: 70,
          animations: "disabled",
          caret: "hide",
        });
      }
    }
  });
