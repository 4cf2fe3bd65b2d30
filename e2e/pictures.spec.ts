/** An incident in pictures, read and followed back to its records by keyboard alone. */
import { demoIncident } from "./desk-steps.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

test("pictures of an incident lead back to exactly the records they are drawn from", async ({
  desk,
}) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const page = await desk.signIn("analyst", `/incidents/${number}?pane=pictures`);
  const graph = page.getByRole("group", { name: /^Entities by role/ });
  const nodes = graph.getByRole("button");

  await test.step("the entities: arrows move, Enter shows links, a link opens its records", async () => {
    await nodes.first().focus();
    await page.keyboard.press("ArrowDown");
    await expect(nodes.nth(1)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(nodes.nth(1)).toHaveAttribute("aria-pressed", "true");
    await expectAccessible(page);
    const link = page
      .getByRole("region", { name: /^Links of / })
      .getByRole("listitem")
      .first();
    const records = Number(/(\d+) records?$/.exec((await link.textContent())!)![1]);
    await link.getByRole("button").press("Enter");
    await expect(page).toHaveURL(/where=/);
    await expect(page.getByText(new RegExp(`^${records} records?\\b`)).first()).toBeVisible();
  });

  await test.step("the processes: a tree that closes and opens", async () => {
    await page.getByRole("button", { name: "Processes" }).press("Enter");
    const rows = page.getByRole("tree").getByRole("treeitem");
    await rows.first().focus();
    const before = await rows.count();
    await page.keyboard.press("ArrowLeft");
    await expect(rows.first()).toHaveAttribute("aria-expanded", "false");
    expect(await rows.count()).toBeLessThan(before);
    await page.keyboard.press("ArrowRight");
    await expect(rows).toHaveCount(before);
    await expectAccessible(page);
  });

  await test.step("the attack: lanes, the matrix, and each as a table", async () => {
    await page.getByRole("button", { name: "Attack path" }).press("Enter");
    await expect(page.getByRole("list", { name: "Tactics over time" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Matrix" }).press("Enter");
    await expect(page.getByRole("region", { name: "Execution" })).toContainText("T1059.001");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Table", exact: true }).press("Enter");
    await expect(page.getByRole("table", { name: "Techniques of ATT&CK" })).toBeVisible();
    await expectAccessible(page);
  });
});
