/** The door itself: a person signs in at the form, by keyboard, and is where their work is. */
import { expect, expectAccessible, personOf, test } from "./fixtures.ts";
import type { Who } from "./fixtures.ts";

const HOMES: [who: Who, home: string][] = [
  ["analyst", "/incidents"],
  ["lead", "/incidents"],
  ["auditor", "/trail"],
  ["admin", "/sources"],
];

for (const [who, home] of HOMES)
  test(`who is signed in as ${who} starts at ${home}`, async ({ desk, browser }) => {
    const person = personOf(desk.demo, who);
    const page = await browser.newPage({ baseURL: desk.demo.url });
    await page.goto(home);
    await expect(page).toHaveURL(/\/sign-in/);
    await expectAccessible(page);
    await page.getByLabel("E-mail").fill(person.email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(person.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`${home}$`));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.close();
  });
