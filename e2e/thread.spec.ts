/** An analyst reads a night of repeats: folded, by time, by link, with what matters pinned for the next. */
import { randomUUID } from "node:crypto";
import { expect, expectAccessible, test } from "./fixtures.ts";

const FIRST = Date.parse("2026-03-01T02:00:00Z");

/** 412 failed logons, one every two seconds, and then one that succeeded. */
function night(): string {
  const logon = (n: number, id: number) => ({
    "@timestamp": new Date(FIRST + n * 2000).toISOString(),
    EventID: id,
    Channel: "Security",
    Hostname: "DC-01.corp.example",
    RecordNumber: n + 1,
    SourceName: "Microsoft-Windows-Security-Auditing",
    TargetUserName: "svc-backup",
    IpAddress: "10.4.0.9",
    IpPort: 40_000 + n,
    LogonType: 3,
  });
  const all = Array.from({ length: 413 }, (_, n) => logon(n, n === 412 ? 4624 : 4625));
  return all.map((one) => JSON.stringify(one)).join("\n");
}

test("412 repeats are one line, which a link opens, a stretch of time cuts and a pin outlives", async ({
  desk,
}) => {
  const { incidents } = await desk.post(night(), { key: `night-${randomUUID()}` });
  const path = `/incidents/${incidents[0]!.id}`;
  const page = await desk.signIn("analyst", path);
  const thread = page.getByRole("listbox", { name: "Thread" });
  await expect(thread.getByRole("option")).toHaveCount(2);
  await expect(thread.getByRole("option").first()).toContainText("412 ×");

  await test.step("the link of a record opens the repeats it is among", async () => {
    await page.goto(`${path}#E200`);
    const line = thread.getByRole("option", { selected: true });
    await expect(line).toContainText("E200");
    await expect(line).toBeInViewport();
    await expectAccessible(page);
  });

  await test.step("a pin of one stands above the thread for everybody, and can be all of it", async () => {
    await page.keyboard.press("p");
    const pins = page.getByRole("region", { name: "Pinned records" });
    await expect(pins).toContainText("E200");
    const other = await desk.signIn("second analyst", `${path}?pinned=1`);
    await expect(other.getByRole("region", { name: "Pinned records" })).toContainText("E200");
    await expect(other.getByText("1 of 413 records")).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(pins).toHaveCount(0);
  });

  await test.step("a stretch of time is taken by keys, stands in the address and is let go", async () => {
    await page.goto(path);
    await page.getByRole("slider", { name: "From" }).focus();
    for (let step = 0; step < 3; step += 1) await page.keyboard.press("PageUp");
    await expect(page).toHaveURL(/from=2026-03-01T02/);
    await expect(page.getByText(/of 413 records/)).toBeVisible();
    await expect(thread.getByRole("option").first()).not.toContainText("412 ×");
    await page.keyboard.press("Escape");
    await expect(page).not.toHaveURL(/from=/);
    await expect(thread.getByRole("option").first()).toContainText("412 ×");
  });

  await test.step("filters that leave nothing say so, and how to get everything back", async () => {
    await page.goto(`${path}?entity=user:nobody`);
    await expect(page.getByText("No record matches")).toBeVisible();
    await page.getByRole("button", { name: "Clear the filters" }).last().click();
    await expect(thread.getByRole("option")).toHaveCount(2);
  });
});
