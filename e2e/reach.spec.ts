/** What opens beside something: hints, menus, what a press opens, and the lines between panes, by pointer and by keyboard. */
import { randomUUID } from "node:crypto";
import { expect, expectAccessible, test } from "./fixtures.ts";
import { awake, summarisedCase } from "./desk-steps.ts";

test("a hint comes by pointer and by keyboard, stays under the pointer, and goes with Escape", async ({
  desk,
}) => {
  const page = await desk.signIn("analyst", "/incidents?view=all");
  await awake(page);
  const refresh = page.getByRole("button", { name: "Refresh the list" });
  const hint = page.getByRole("region", { name: "Hint" }).getByText("Refresh the list");

  await test.step("by pointer", async () => {
    await refresh.hover();
    await expect(hint).toBeVisible();
    await expectAccessible(page);
    await hint.hover();
    await expect(hint).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(hint).toBeHidden();
    await page.mouse.move(200, 400);
  });

  await test.step("by keyboard, and a press takes it away", async () => {
    await page.getByRole("link", { name: "Export as CSV" }).focus();
    await page.keyboard.press("Tab");
    await expect(refresh).toBeFocused();
    await expect(hint).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(hint).toBeHidden();
  });
});

test("a menu is opened, walked and left by keyboard, and its button closes it again", async ({
  desk,
}) => {
  const page = await desk.signIn("analyst", "/incidents?view=all");
  await awake(page);
  const button = page.getByRole("button", { name: "Filter", exact: true });
  const menu = page.getByRole("menu", { name: "Filter" });
  const items = menu.getByRole("menuitemcheckbox");

  await test.step("Enter goes to the first, Escape back to the button", async () => {
    await button.focus();
    await expect(button).toHaveAttribute("aria-haspopup", "menu");
    await page.keyboard.press("Enter");
    await expect(items.first()).toBeFocused();
    await expect(button).toHaveAttribute("aria-expanded", "true");
    await page.keyboard.press("ArrowDown");
    await expect(items.nth(1)).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(menu).toBeHidden();
    await expect(button).toBeFocused();
    await expect(button).toHaveAttribute("aria-expanded", "false");
  });

  await test.step("an arrow opens it, Tab goes on to what comes after the button", async () => {
    await page.keyboard.press("ArrowDown");
    await expect(items.first()).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(menu).toBeHidden();
    await expect(page.getByRole("button", { name: /^Sort: / })).toBeFocused();
  });

  await test.step("pressed twice it is closed, and a press elsewhere closes it", async () => {
    await button.click();
    await expect(menu).toBeVisible();
    await button.click({ force: true });
    await expect(menu).toBeHidden();
    await button.click();
    await expect(menu).toBeVisible();
    await page.mouse.click(300, 500);
    await expect(menu).toBeHidden();
  });
});

test("what a press opens is left with Tab past its last part, and closed by its button", async ({
  desk,
}) => {
  const page = await desk.signIn("analyst", "/incidents?view=all");
  await awake(page);
  const seal = page.getByRole("button", { name: /sealed|entries|trail/i }).first();
  const facts = page.getByRole("dialog", { name: "Seal of the trail" });
  await seal.click();
  await expect(facts).toBeVisible();
  await seal.click();
  await expect(facts).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(facts).toBeVisible();
  await page.keyboard.press("Shift+Tab");
  await expect(facts).toBeHidden();
  await expect(seal).toBeFocused();
});

test("the lines between panes move by pointer and by keyboard, and stay where they were left", async ({
  desk,
}) => {
  const { number } = await summarisedCase(desk, `panes-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);
  const line = page.getByRole("separator", { name: "Resize the panes" });
  const side = page.getByRole("tablist", { name: "About the incident" });
  const leftOf = async () => (await side.boundingBox())!.x;
  await expect(line).toHaveAttribute("aria-valuenow", "55");
  const before = await leftOf();

  await test.step("by keyboard, to its ends", async () => {
    await line.focus();
    await page.keyboard.press("ArrowLeft");
    await expect(line).toHaveAttribute("aria-valuenow", "53");
    expect(await leftOf()).toBeLessThan(before);
    await page.keyboard.press("Home");
    await expect(line).toHaveAttribute("aria-valuenow", "30");
    await page.keyboard.press("ArrowLeft");
    await expect(line).toHaveAttribute("aria-valuenow", "30");
  });

  await test.step("by pointer, kept over a reload", async () => {
    const { x, y, height } = (await line.boundingBox())!;
    await page.mouse.move(x, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + 300, y + height / 2, { steps: 3 });
    await page.mouse.up();
    await expect(line).not.toHaveAttribute("aria-valuenow", "30");
    const left = await line.getAttribute("aria-valuenow");
    await page.reload();
    await expect(line).toHaveAttribute("aria-valuenow", left!);
  });

  await test.step("a double click goes back to where nobody moved it", async () => {
    await awake(page);
    await line.dblclick();
    await expect(line).toHaveAttribute("aria-valuenow", "55");
  });

  await test.step("a record opens under the thread with a line of its own", async () => {
    await page
      .getByRole("button", { name: /^Citation 1: open/ })
      .first()
      .click();
    const under = page.getByRole("separator", { name: "Resize the record" });
    await under.focus();
    await page.keyboard.press("ArrowUp");
    await expect(under).toHaveAttribute("aria-valuenow", "52");
    await expectAccessible(page);
  });
});

test("a look at what a citation cites comes by pointer, and the record by a press", async ({
  desk,
}) => {
  const { number } = await summarisedCase(desk, `look-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);
  const citation = page.getByRole("button", { name: /^Citation 1: open/ }).first();
  const look = page.getByRole("region", { name: "Preview" });
  await citation.hover();
  await expect(look.getByText(/^Press to open the record/)).toBeVisible();
  await citation.click();
  await expect(look).toBeHidden();
  await expect(page.getByRole("separator", { name: "Resize the record" })).toBeVisible();
});

test("tabs and looks are one stop each, walked with arrow keys and chosen by hand", async ({
  desk,
}) => {
  const { number } = await summarisedCase(desk, `tabs-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);
  const tab = (name: string | RegExp) => page.getByRole("tab", { name });

  await test.step("tabs", async () => {
    await tab("Summary").focus();
    await page.keyboard.press("ArrowLeft");
    await expect(tab(/^Decisions/)).toBeFocused();
    await expect(tab("Summary")).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Home");
    await expect(tab("Summary")).toBeFocused();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await expect(tab(/^Decisions/)).toHaveAttribute("aria-selected", "true");
    await expect(page.getByRole("tabpanel", { name: /^Decisions/ })).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("tabpanel", { name: /^Decisions/ })).toBeFocused();
  });

  await test.step("looks", async () => {
    await tab("Pictures").click();
    const looks = page.getByRole("group", { name: "Picture" }).getByRole("button");
    const pressed = page.getByRole("group", { name: "Picture" }).locator('[aria-pressed="true"]');
    await expect(pressed).toHaveCount(1);
    await pressed.focus();
    await page.keyboard.press("End");
    await expect(looks.last()).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(looks.last()).toHaveAttribute("aria-pressed", "true");
    await expect(pressed).toHaveCount(1);
  });
});
