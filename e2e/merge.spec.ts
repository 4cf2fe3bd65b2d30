/** Two incidents that are one, by keyboard alone: found beside each other, merged, followed by an old link, taken apart. */
import { randomUUID } from "node:crypto";
import { expect, expectAccessible, test } from "./fixtures.ts";
import type { Desk } from "./fixtures.ts";

/** An incident of its source's own, with one alert from this address. */
async function caseFrom(desk: Desk, ip: string): Promise<string> {
  const host = `merge-${randomUUID().slice(0, 8)}`;
  const alert = {
    id: randomUUID(),
    kind: "alert",
    time: new Date(Date.now() - 600_000).toISOString(),
    severity: "medium",
    title: `A sign-in from abroad on ${host}`,
    host,
    source: { ip },
  };
  const { incidents } = await desk.post([alert], { key: host });
  return incidents[0]!.number;
}

test("a similar incident says why, is merged with a reason, is found by its old link, and is taken out again", async ({
  desk,
}) => {
  const word = () => randomUUID().slice(0, 4);
  const ip = `2001:db8:${word()}::${word()}`;
  const [from, into] = [await caseFrom(desk, ip), await caseFrom(desk, ip)];
  const page = await desk.signIn("analyst", `/incidents/${into}?pane=similar`);
  const similar = page.getByRole("region", { name: "Similar incidents" });
  const merged = page.getByRole("list", { name: "Merged into this one" });

  await test.step("it says what is shared, how rare that is, and shows the other one in place", async () => {
    const item = similar.getByRole("listitem").filter({ hasText: from });
    await expect(item).toContainText(/Shares .*\(in 2 of [\d,]+ incidents\)/);
    await expect(item).toContainText("No verdict");
    await item.getByRole("button", { name: `Preview ${from}` }).press("Enter");
    await expect(page.getByRole("region", { name: `Preview of ${from}` })).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("merged with a reason", async () => {
    await similar.getByRole("button", { name: `Merge into this one: ${from}` }).press("Enter");
    const dialog = page.getByRole("dialog", { name: `Merge ${from} into ${into}` });
    const submit = dialog.getByRole("button", { name: "Merge", exact: true });
    await submit.press("Enter");
    await expect(dialog.getByText("Write a reason.")).toBeVisible();
    await dialog.getByLabel("Reason").press("T");
    await page.keyboard.type("he same intruder, by the address.");
    await expectAccessible(page);
    await submit.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(page.getByText(`Merged ${from} into ${into}`).first()).toBeVisible();
    await expect(merged).toContainText(from);
    await expect(merged).toContainText("The same intruder, by the address.");
  });

  await test.step("an old link to its first record lands at that record", async () => {
    await page.goto(`/incidents/${from}?e=1`);
    await expect(page).toHaveURL(/record=/);
    await expect(page.getByText(into).first()).toBeVisible();
    await expect(page.getByRole("region", { name: "Record", exact: true })).toContainText("E2");
  });

  await test.step("taken out again", async () => {
    await page.goto(`/incidents/${into}?pane=similar`);
    await merged.getByRole("button", { name: `Undo the merge of ${from}` }).press("Enter");
    await expect(page.getByText(`${from} stands by itself again`).first()).toBeVisible();
    await expect(merged).toBeHidden();
    await page.goto(`/incidents/${from}`);
    await expect(page).toHaveURL(new RegExp(`/incidents/${from}$`));
    await expect(page.getByText(from).first()).toBeVisible();
  });
});
