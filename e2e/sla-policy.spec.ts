/** The service clocks: read by everybody, changed by an admin with a reason and a preview, version by version. */
import { expect, expectAccessible, test } from "./fixtures.ts";

test("an admin changes the clocks by keyboard: nonsense is named, the preview counts, the trail tells", async ({
  desk,
}) => {
  const page = await desk.signIn("admin", "/settings/policy");
  await page.getByRole("link", { name: "service clocks" }).click();
  await expect(page.getByRole("heading", { name: "Service clocks" })).toBeVisible();
  const inForce = page.getByRole("heading", { name: /^In force: version \d+$/ });
  const version = Number(/\d+$/.exec((await inForce.textContent()) ?? "")![0]);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Change the clocks" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Change the clocks" });
  const critical = dialog.getByLabel("Critical: to be judged within");

  await test.step("what makes no sense is said at its field", async () => {
    await dialog.getByLabel("Critical: to be taken within").fill("0");
    await expect(dialog.getByText("From one minute to 90 days.")).toBeVisible();
    await dialog.getByLabel("Critical: to be taken within").fill("2 h");
    await expect(dialog.getByText("Longer than for high.")).toBeVisible();
    await dialog.getByLabel("Critical: to be taken within").fill("10 min");
    await critical.fill("5");
    await expect(dialog.getByText("Nothing is judged before it must be taken.")).toBeVisible();
    await expect(dialog.getByText("These cannot be put in force yet.")).toBeVisible();
    await critical.fill("1 h");
    await expect(
      dialog.getByText(/Under these clocks \d+ would be in breach at once/),
    ).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("without a reason it is not done, with one it is", async () => {
    await dialog.getByRole("button", { name: "Put in force" }).click();
    await expect(dialog.getByText("Write a reason.")).toBeVisible();
    await dialog.getByLabel("Why").fill("The night has one person more.");
    await dialog.getByRole("button", { name: "Put in force" }).click();
    await expect(dialog).toBeHidden();
    await expect(
      page.getByRole("heading", { name: `In force: version ${version + 1}` }),
    ).toBeVisible();
    await expect(
      page.getByRole("table", { name: "Clocks in force" }).getByRole("row", { name: /Critical/ }),
    ).toContainText("10 min");
    await expect(page.getByRole("table", { name: "Versions of the clocks" })).toContainText(
      "The night has one person more.",
    );
  });

  await test.step("everybody reads them, and the trail has the entry", async () => {
    const auditor = await desk.signIn("auditor", "/settings/clocks");
    await expect(
      auditor.getByRole("heading", { name: `In force: version ${version + 1}` }),
    ).toBeVisible();
    await expect(auditor.getByRole("button", { name: "Change the clocks" })).toHaveCount(0);
    await auditor.goto("/trail?kind=policy.clocks_set");
    await expect(
      auditor.getByText(
        `set how long incidents may wait, version ${version + 1}: The night has one person more.`,
      ),
    ).toBeVisible();
  });

  await test.step("who begins from what is no longer in force is told who was first", async () => {
    const stale = await desk.signIn("admin", "/settings/clocks");
    await stale.getByRole("button", { name: "Change the clocks" }).click();
    await page.getByRole("button", { name: "Change the clocks" }).click();
    for (const [each, reason] of [
      [page, "As it was."],
      [stale, "Too late."],
    ] as const) {
      const form = each.getByRole("dialog", { name: "Change the clocks" });
      await form.getByLabel("Critical: to be taken within").fill("15 min");
      await form.getByLabel("Why").fill(reason);
      await form.getByRole("button", { name: "Put in force" }).click();
      if (each === page) await expect(form).toBeHidden();
      else await expect(form.getByText(/put version \d+ in force meanwhile/)).toBeVisible();
    }
  });
});
