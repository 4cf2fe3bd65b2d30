/** What joined no incident: found by its words or values, opened in place, taken from the list page by page. */
import { randomUUID } from "node:crypto";
import { expect, expectAccessible, test } from "./fixtures.ts";

test("a record without an incident is found by a value and opened", async ({ desk }) => {
  const tag = `t${randomUUID().slice(0, 8)}`;
  const { accepted, incidents } = await desk.post([
    {
      id: tag,
      kind: "event",
      time: "2026-03-01T02:14:07Z",
      title: `name lookup by lone-${tag} \u202Egpj.exe`,
      host: `lone-${tag}`,
      "dns.question": "cdn.example.net",
    },
  ]);
  expect([accepted, incidents]).toEqual([1, []]);
  const page = await desk.signIn("analyst");
  await page.goto("/records");
  const search = page.getByRole("searchbox", { name: /^Words of the title/ });
  await search.fill(`lone-${tag}`);
  await search.press("Enter");
  const records = page.getByRole("list", { name: "Records" });
  await expect(records.getByRole("listitem")).toHaveCount(1);
  const row = records.getByRole("button", { name: new RegExp(`name lookup by lone-${tag}`) });
  await expect(row).toContainText("\u27E8U+202E\u27E9");
  // A press before the page listens does nothing; the row says when it has opened.
  await expect(async () => {
    await row.click();
    await expect(row).toHaveAttribute("aria-expanded", "true", { timeout: 1000 });
  }).toPass();
  await expect(records.getByRole("table", { name: "Fields of the record" })).toContainText(
    "cdn.example.net",
  );
  await expectAccessible(page);
  await records.getByRole("tab", { name: "Raw" }).click();
  await expect(page.getByLabel("Raw text of the record")).toContainText(`"id":"${tag}"`);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page).toHaveURL(/\/records$/);
  await page.goto("/records?q=nothing-of-this-name");
  await expect(page.getByRole("heading", { name: "No such record" })).toBeVisible();
});
