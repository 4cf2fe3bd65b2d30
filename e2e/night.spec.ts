/** A night shift by keyboard alone: walk, read beside the list, choose, hand over, take it back, and go by the palette. */
import { randomUUID } from "node:crypto";
import { awake, expectAccessibleWith, nameOn, summarisedCase } from "./desk-steps.ts";
import { expect, test } from "./fixtures.ts";

test("several incidents are read, taken and given back without leaving the queue", async ({
  desk,
}) => {
  // A letter first: eight digits would be looked for as the number of an incident.
  const tag = `n${randomUUID().slice(0, 8)}`;
  const third = await summarisedCase(desk, `${tag}-one`);
  const second = await summarisedCase(desk, `${tag}-two`);
  const first = await summarisedCase(desk, `${tag}-three`);
  const page = await desk.signIn("analyst", `/incidents?view=all&sort=opened&q=${tag}`);
  await awake(page);
  const name = await nameOn(page);
  const rows = page.getByRole("table", { name: "Incidents" });
  const owned = (number: string) => rows.getByRole("row", { name: new RegExp(number) });
  const preview = page.getByRole("region", { name: "Preview" });
  const chosen = page.getByRole("region", { name: "Chosen incidents" });

  await test.step("what the cursor rests on is read beside the list", async () => {
    await page.keyboard.press("j");
    await expect(preview.getByRole("region", { name: `${first.number} in short` })).toBeVisible();
    await expectAccessibleWith(page, preview.getByText("Matches the evidence"));
    await page.keyboard.press("j");
    await expect(preview.getByRole("region", { name: `${second.number} in short` })).toBeVisible();
    await page.keyboard.press("p");
    await expect(preview).toBeHidden();
    await page.keyboard.press("p");
    await page.keyboard.press("k");
  });

  await test.step("three are chosen by walking, and the third is let go again", async () => {
    await page.keyboard.press("Shift+J");
    await page.keyboard.press("Shift+J");
    await expect(chosen).toContainText("3 incidents chosen");
    await page.keyboard.press("Shift+K");
    await expect(chosen).toContainText("2 incidents chosen");
  });

  await test.step("both are taken at once, and given back by one key", async () => {
    await page.keyboard.press("a");
    await expect(page.getByText("2 assigned to you")).toBeVisible();
    await expect(owned(first.number)).toContainText(name);
    await expect(owned(second.number)).toContainText(name);
    await expect(owned(third.number)).toContainText("Nobody");
    await page.keyboard.press("z");
    await expect(page.getByText("2 as before")).toBeVisible();
    await expect(owned(first.number)).toContainText("Nobody");
    await page.keyboard.press("Escape");
    await expect(chosen).toBeHidden();
  });

  await test.step("the palette opens an incident by its number", async () => {
    await page.keyboard.press("Control+k");
    const box = page.getByRole("combobox", { name: "Search, or go anywhere" });
    await expect(box).toBeFocused();
    await expectAccessibleWith(page, page.getByRole("option", { name: /Next incident/ }));
    await box.fill(third.number);
    await expect(page.getByRole("option", { name: `Open ${third.number}` })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/incidents/${third.number}`));
  });
});
