/** An incident goes from one shift to the next: a note, a new owner who is told, and their word that they have it. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright/test";
import { awake, expectAccessibleWith, nameOn, newCase } from "./desk-steps.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

/** Chooses in the dialog to whom, by keyboard: the field has the focus when the dialog opens. */
async function handTo(page: Page, name: string | RegExp): Promise<void> {
  const to = page.getByRole("combobox", { name: "To" });
  await expect(to).toBeFocused();
  await page.keyboard.press("Enter");
  const option = page.getByRole("option", { name });
  await expect(option).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("ArrowDown");
    await expect(option).toHaveAttribute("data-highlighted", "", { timeout: 200 });
  }).toPass();
  await page.keyboard.press("Enter");
  await expect(option).toBeHidden();
  await expect(to).toBeFocused();
}

test("an incident is handed over by keyboard alone, and the next person takes over", async ({
  desk,
}) => {
  const { number } = await newCase(desk, `hand-${randomUUID().slice(0, 8)}`);
  const next = await desk.signIn("second analyst", "/incidents");
  await awake(next);
  const nextName = await nameOn(next);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);
  const name = await nameOn(page);
  await page.keyboard.press("a");
  await expect(page.getByRole("button", { name: `Assignee: ${name}` })).toBeVisible();

  await test.step("the note begins with what is open, and is edited", async () => {
    await page.keyboard.press("h");
    const dialog = page.getByRole("dialog", { name: "Hand over the incident" });
    const note = dialog.getByRole("textbox", { name: new RegExp(`^Note for ${number}`) });
    await expectAccessibleWith(page, note);
    await expect(note).toHaveValue(/What is open:/);
    await handTo(page, new RegExp(`^${nextName}`));
    await page.keyboard.press("Tab");
    await expect(note).toBeFocused();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("Call the owner at nine.");
    await page.keyboard.press("Control+Enter");
    await expect(dialog).toBeHidden();
  });

  await test.step("it is an act of the thread, and whose the incident is now", async () => {
    await expect(page.getByText(`Handed over to ${nextName}`).first()).toBeVisible();
    await expect(page.getByRole("button", { name: `Assignee: ${nextName}` })).toBeVisible();
    const line = page.getByRole("option", { name: /Call the owner at nine\./ });
    await expect(line).toContainText(`Handed over to ${nextName}`);
    await expect(page.getByRole("region", { name: "Hand-over" })).toContainText("not taken over");
    await expectAccessible(page);
  });

  await test.step("the next person is told, reads it and takes over", async () => {
    await next.goto("/notices");
    const notice = next.getByRole("link", { name: `${name} handed ${number} over to you.` });
    await notice.press("Enter");
    await expect(next).toHaveURL(/\/incidents\//);
    await awake(next);
    await expectAccessibleWith(next, next.getByRole("region", { name: "Hand-over note" }));
    await expect(next.getByRole("region", { name: "Hand-over note" })).toContainText(
      "Call the owner at nine.",
    );
    await next.getByRole("button", { name: "Taken over" }).press("Enter");
    await expect(next.getByRole("region", { name: "Hand-over" })).toHaveCount(0);
    await next.reload();
    await awake(next);
    await expect(next.getByRole("region", { name: "Hand-over" })).toHaveCount(0);
    await expect(next.getByRole("button", { name: `Assignee: ${nextName}` })).toBeVisible();
  });

  await test.step("a lead reads all of it on the trail", async () => {
    const lead = await desk.signIn("lead", `/trail?incident=${number}`);
    await expect(lead.getByText(`handed the incident over to ${nextName}`).first()).toBeVisible();
    await expect(lead.getByText(/took the incident over/).first()).toBeVisible();
  });
});

test("several are handed back to the queue from it, each with a note of its own", async ({
  desk,
}) => {
  const tag = `shift${randomUUID().slice(0, 8)}`;
  const cases = [await newCase(desk, `${tag}-one`), await newCase(desk, `${tag}-two`)];
  const page = await desk.signIn("lead", `/incidents?view=all&sort=opened&q=${tag}`);
  await expect(page.getByRole("row")).toHaveCount(3);
  await awake(page);
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  await expect(page.getByRole("region", { name: "Chosen incidents" })).toContainText("2 incidents");
  await page.keyboard.press("h");
  const dialog = page.getByRole("dialog", { name: "Hand over 2 incidents" });
  for (const { number } of cases) {
    const note = dialog.getByRole("textbox", { name: new RegExp(`^Note for ${number}`) });
    await expect(note).toHaveValue(/What is known:/);
    await note.fill(`Read this first, ${number}.`);
  }
  await expectAccessible(page);
  await dialog.getByRole("combobox", { name: "To" }).focus();
  await handTo(page, "Nobody yet: back to the queue");
  await dialog.getByRole("button", { name: "Hand over 2 incidents" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("2 handed over to nobody yet").first()).toBeVisible();
  for (const { number } of cases) {
    await page.goto(`/incidents/${number}`);
    await expect(
      page.getByRole("option", { name: new RegExp(`Read this first, ${number}`) }),
    ).toContainText("Handed over to nobody yet");
  }
});
