/** An incident that is two, by keyboard alone: one alert goes to an incident of its own, is followed by an old link, and comes back. */
import { randomUUID } from "node:crypto";
import { awake } from "./desk-steps.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";
import type { Desk } from "./fixtures.ts";

type Made = { number: string; stays: string; goes: string };

/** An incident of its source's own, with an alert on each of two hosts. */
async function caseOfTwo(desk: Desk): Promise<Made> {
  const word = randomUUID().slice(0, 8);
  const [stays, goes] = [`A sign-in from abroad on a-${word}`, `A service stopped on b-${word}`];
  const alerts = [
    { title: stays, host: `a-${word}` },
    { title: goes, host: `b-${word}` },
  ].map((alert, n) => ({
    ...alert,
    id: randomUUID(),
    kind: "alert",
    time: new Date(Date.now() - 600_000 + n * 1_000).toISOString(),
    severity: "medium",
  }));
  const { incidents } = await desk.post(alerts, { key: `split-${word}` });
  return { number: incidents[0]!.number, stays, goes };
}

test("an alert goes to an incident of its own with a reason, is found by its old link, and comes back", async ({
  desk,
}) => {
  const { number, stays, goes } = await caseOfTwo(desk);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);
  const splits = page.getByRole("list", { name: "Splits" });
  let other = "";

  await test.step("chosen by alert, with a reason", async () => {
    await page.getByRole("button", { name: "Split", exact: true }).press("Enter");
    const dialog = page.getByRole("dialog", { name: `Split ${number}` });
    const chosen = dialog.getByRole("checkbox", { name: new RegExp(goes) });
    await expect(chosen).toBeVisible();
    await expect(dialog.getByText("0 of 2")).toBeVisible();
    const submit = dialog.getByRole("button", { name: "Split", exact: true });
    await submit.press("Enter");
    await expect(dialog.getByText("Choose the alerts that go.")).toBeVisible();
    await expect(dialog.getByText("Write a reason.")).toBeVisible();
    await chosen.press("Space");
    await expect(dialog.getByText("1 of 2")).toBeVisible();
    await dialog.getByLabel("Reason").press("A");
    await page.keyboard.type("nother host, nothing in common.");
    await expectAccessible(page);
    await submit.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(splits).toContainText("1 record went to INC-");
    await expect(splits).toContainText("Another host, nothing in common.");
    other = (await splits.getByRole("link").textContent()) ?? "";
    await expect(page.getByText(`1 record went to ${other}`).first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("the new one says where it came from, and holds that alert alone", async () => {
    await splits.getByRole("link", { name: other }).press("Enter");
    await expect(page.getByRole("heading", { name: goes })).toBeVisible();
    await expect(splits).toContainText(`Split off ${number} with 1 record`);
    await expect(page.getByText("1 alert, 0 events").first()).toBeVisible();
  });

  await test.step("an old link to it lands at that record", async () => {
    await page.goto(`/incidents/${number}?e=2`);
    await expect(page).toHaveURL(/record=/);
    await expect(page.getByRole("heading", { name: goes })).toBeVisible();
    await expect(page.getByRole("region", { name: "Record", exact: true })).toContainText("E1");
  });

  await test.step("taken back", async () => {
    await page.goto(`/incidents/${number}`);
    await awake(page);
    await splits.getByRole("button", { name: `Undo the split of ${other}` }).press("Enter");
    await expect(
      page.getByText(`The records of ${other} are back in ${number}`).first(),
    ).toBeVisible();
    await expect(splits).toBeHidden();
    await expect(page.getByText("2 alerts, 0 events").first()).toBeVisible();
    await page.goto(`/incidents/${other}`);
    await expect(page.getByRole("heading", { name: stays })).toBeVisible();
    await expect(page.getByText(number).first()).toBeVisible();
  });
});
