/** A lead's Monday review, by keyboard alone: what was overruled, a word on it, the file, the figures. */
import { randomUUID } from "node:crypto";
import { summarisedCase } from "./desk-steps.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

test("a lead goes through what was overruled, says what to make of it, and reads the figures", async ({
  desk,
}) => {
  test.setTimeout(180_000);
  const { number } = await summarisedCase(desk, `monday-${randomUUID().slice(0, 8)}`);
  const analyst = await desk.signIn("analyst", `/incidents/${number}`);
  const reason = `Not so: ${randomUUID()}`;
  await analyst.getByRole("button", { name: "Dispute claim 1", exact: true }).click();
  const dialog = analyst.getByRole("dialog", { name: "Dispute the claim" });
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: "Dispute claim" }).click();
  await expect(analyst.getByText(reason)).toBeVisible();

  const lead = await desk.signIn("lead", `/review?judged=no&kind=disputed`);
  const row = lead.getByRole("listitem").filter({ hasText: reason });
  await expect(row).toBeVisible();
  await expectAccessible(lead);
  await expect(async () => {
    await lead.keyboard.press("k");
    await expect(row).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await lead.keyboard.press("3");
  await expect(lead.getByRole("dialog", { name: "Disagree" })).toBeVisible();
  await lead.keyboard.type("The records say it twice.");
  await lead.keyboard.press("Tab");
  await lead.keyboard.press("Tab");
  await lead.keyboard.press("Enter");
  // behind an open dialog nothing has a role: gone from the list is what it is once the dialog is
  await expect(lead.getByRole("dialog", { name: "Disagree" })).toHaveCount(0);
  await expect(row).toHaveCount(0);

  await lead.goto("/review?judged=yes&kind=disputed");
  await expect(row.getByText("The records say it twice.")).toBeVisible();
  const file = await lead.request.get("/api/review/overrides?format=csv&judged=yes");
  expect(await file.text()).toContain(reason);

  await lead.getByRole("link", { name: "Trends" }).focus();
  await lead.keyboard.press("Enter");
  await expect(lead.getByRole("heading", { name: "Speed" })).toBeVisible();
  await expect(lead.getByText("= claims disputed or corrected / claims reviewed")).toBeVisible();
  await expectAccessible(lead);
});
