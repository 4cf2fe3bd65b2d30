/** Views that people keep: saved by keyboard, shared, opened by a link and by the palette, mended when they cannot be read. */
import { randomUUID } from "node:crypto";
import { expect, expectAccessible, personOf, test } from "./fixtures.ts";
import { asOwner, awake, nameOn, newCase } from "./desk-steps.ts";

test("a view is saved by keyboard, shared, opened by another, and only its owner changes it", async ({
  desk,
}) => {
  const tag = `t${randomUUID().slice(0, 8)}`;
  const name = `Night ${tag}`;
  const { number } = await newCase(desk, `${tag}-one`);
  const page = await desk.signIn("analyst", `/incidents?view=all&sort=opened&q=${tag}`);
  await awake(page);

  await test.step("saved under a name, and it stands in the address", async () => {
    await page.keyboard.press("B");
    const dialog = page.getByRole("dialog", { name: "Save this view" });
    await dialog.getByRole("checkbox", { name: /^Share it with the desk/ }).click();
    await dialog.getByLabel("Name").fill(name);
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(page).toHaveURL(/saved=[0-9a-f-]{36}/);
    await expect(page.getByRole("button", { name })).toBeVisible();
    await expectAccessible(page);
  });
  const saved = new URL(page.url()).searchParams.get("saved")!;

  await test.step("another opens it by its link, sees whose it is, and cannot change it", async () => {
    const second = await desk.signIn("second analyst", `/incidents?saved=${saved}`);
    await expect(second.getByRole("link", { name: new RegExp(number) })).toBeVisible();
    await awake(second);
    await second.keyboard.press("b");
    const item = second.getByRole("menuitem", { name: new RegExp(name) });
    await expect(item).toContainText(await nameOn(page));
    await expect(second.getByRole("menuitem", { name: "Save this view" })).toBeVisible();
    await expect(second.getByRole("menuitem", { name: "Delete it" })).toHaveCount(0);
  });

  await test.step("the palette lists it", async () => {
    await page.goto("/records");
    const jump = page.getByRole("combobox", { name: "Search, or go anywhere" });
    await expect(async () => {
      await page.keyboard.press("Control+k");
      await expect(jump).toBeFocused({ timeout: 1000 });
    }).toPass();
    await jump.fill(name);
    await expect(page.getByRole("option", { name: new RegExp(name) }).first()).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`saved=${saved}`));
  });

  await test.step("what is shown now replaces it, and that is undone", async () => {
    await page.getByRole("searchbox", { name: "Filter incidents" }).fill(`${tag} severity:high`);
    await expect(page.getByRole("button", { name: /changed/ })).toBeVisible();
    await page.getByRole("button", { name: /changed/ }).click();
    await page.getByRole("menuitem", { name: "Replace it with what is shown" }).click();
    await expect(page.getByText(`"${name}" is what is shown now`)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByText(`"${name}" is as it was`)).toBeVisible();
  });

  await test.step("a line that cannot be read any more says so and is mended", async () => {
    await asOwner(desk, (client) =>
      client.query("update saved_view set q = $2 where id = $1", [saved, "colour:red"]),
    );
    await page.goto(`/incidents?saved=${saved}`);
    await expect(page.getByText(/can no longer be read: There is no filter called/)).toBeVisible();
    await expect(page.getByRole("heading", { name: "This filter cannot be read" })).toBeVisible();
    await page.getByRole("searchbox", { name: "Filter incidents" }).fill(tag);
    await expect(page.getByRole("link", { name: new RegExp(number) })).toBeVisible();
    await page.getByRole("button", { name: new RegExp(name) }).click();
    await page.getByRole("menuitem", { name: "Replace it with what is shown" }).click();
    await expect(page.getByText(/can no longer be read/)).toBeHidden();
  });

  await test.step("it is deleted when asked twice", async () => {
    await page.getByRole("button", { name: new RegExp(name) }).click();
    await page.getByRole("menuitem", { name: "Delete it" }).click();
    const dialog = page.getByRole("alertdialog", { name: `Delete "${name}"?` });
    await dialog.getByRole("button", { name: "Delete view" }).click();
    await expect(page.getByText(`"${name}" is deleted`)).toBeVisible();
    await expect(page.getByRole("button", { name: "Saved views" })).toBeVisible();
  });
});

test("the key that leaves the keys or a menu closes nothing behind them", async ({ desk }) => {
  const page = await desk.signIn("analyst", "/incidents?view=all");
  await awake(page);
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview).toBeVisible();
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const item = page.getByRole("menuitemcheckbox", { name: "Medium" });
  await expect(item).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await expect(item).toBeHidden();
  await expect(preview).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Escape");
  await expect(preview).toBeHidden();
});

test("a key that comes while a dialog fades out is the screen's", async ({ desk }) => {
  const page = await desk.signIn("analyst", "/incidents?view=all");
  await awake(page);
  const palette = page.getByRole("dialog", { name: "Search, or go anywhere" });
  // It fades for as long as the story takes to look.
  await page.addStyleTag({
    content:
      "[role=dialog] { transition: opacity 3s !important } [role=dialog][data-ending-style] { opacity: 0 }",
  });
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search, or go anywhere" }).press("Escape");
  await expect(palette).toHaveAttribute("data-closed");
  await page.keyboard.press("/");
  const box = page.getByLabel("Filter incidents");
  await expect(box).toBeFocused();
  await page.keyboard.type("beacon");
  await expect(palette).toHaveCount(0);
  await expect(box).toBeFocused();
  await expect(box).toHaveValue("beacon");
});

test("rows that come take no focus from whoever types what to look for", async ({ desk }) => {
  const { host, number } = await newCase(desk, `typing-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst", `/incidents?view=all&q=${host}`);
  await awake(page);
  const row = page.getByRole("link", { name: new RegExp(number) });
  await page.keyboard.press("j");
  await expect(row).toBeFocused();

  await page.keyboard.press("/");
  const box = page.getByRole("searchbox", { name: "Filter incidents" });
  await expect(box).toBeFocused();
  await page.keyboard.type("zz");
  await expect(row).toHaveCount(0);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(host);
  await expect(row).toBeVisible();
  await page.evaluate(
    () =>
      new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(() => frame(null)))),
  );
  await expect(box).toBeFocused();
});

test("an incident opens however soon after the last letter of a search it is asked for", async ({
  desk,
}) => {
  const { host, number } = await newCase(desk, `soon-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst", `/incidents?view=all&q=${host}`);
  await awake(page);
  const row = page.getByRole("link", { name: new RegExp(number) });
  await expect(row).toBeVisible();
  // the address is written a moment after the last letter, while the page that was asked for is on its way
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(/\/incidents\/INC-/, async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press("/");
  await page.keyboard.press("End");
  await page.keyboard.type(" ");
  await page.keyboard.press("Backspace");
  await page.keyboard.type(" severity:high status:new");
  await page.keyboard.press("Escape");
  await row.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("searchbox", { name: "Filter incidents" })).toHaveValue(
    /status:new$/,
  );
  await expect(page).toHaveURL(/severity/);
  letGo();
  await expect(page).toHaveURL(new RegExp(`/incidents/${number}`));
});

test("the menu narrows the queue to a source, and says what it does not look at", async ({
  desk,
}) => {
  const tag = `t${randomUUID().slice(0, 8)}`;
  const { number } = await newCase(desk, `${tag}-one`);
  const page = await desk.signIn("analyst", `/incidents?view=all&q=${tag}`);
  await awake(page);
  const source = desk.demo.sources.find((one) => one.format === "auto")!.name;
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(page.getByText(/look at alerts; events are searched in/)).toBeVisible();
  await page.getByRole("menuitemcheckbox", { name: source, exact: true }).click();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/source(?::|%3A)/);
  await expect(page.getByRole("link", { name: new RegExp(number) })).toBeVisible();
  await expect(page.getByRole("button", { name: source, exact: true })).toBeVisible();
});

test("the queue opens with what a person chose, and as it does by itself again", async ({
  desk,
}) => {
  const page = await desk.signIn("second analyst", "/incidents?view=unassigned");
  await awake(page);
  await page.keyboard.press("b");
  await page.getByRole("menuitem", { name: "Open the queue with this" }).click();
  await expect(page.getByText('The queue opens with "Unassigned"')).toBeVisible();
  await page.goto("/");
  await expect(page).toHaveURL(/\/incidents\?view=unassigned/);
  await awake(page);
  await page.keyboard.press("b");
  await page.getByRole("menuitem", { name: "Open the queue with all open ones again" }).click();
  await expect(page.getByText("The queue opens with all open incidents again")).toBeVisible();
  await page.goto("/");
  await expect(page).toHaveURL(/\/incidents$/);
});

test("the tour offers itself to whoever never had it, goes by keyboard, and stays away", async ({
  desk,
}) => {
  const { email } = personOf(desk.demo, "second analyst");
  await asOwner(desk, (client) =>
    client.query(
      "delete from desk_choice where person_id = (select id from person where email = $1)",
      [email],
    ),
  );
  const page = await desk.signIn("second analyst", "/incidents?view=all");
  await awake(page);
  const tour = page.getByRole("region", { name: "Tour" });
  await tour.getByRole("button", { name: "Take the tour" }).focus();
  await page.keyboard.press("Enter");
  for (const stop of ["1 of 5", "2 of 5", "3 of 5", "4 of 5"]) {
    await expect(tour).toContainText(stop);
    await expect(tour.getByRole("button", { name: "Next" })).toBeFocused();
    await page.keyboard.press("Enter");
  }
  await expect(tour).toContainText("5 of 5");
  await expectAccessible(page);
  await expect(tour.getByRole("button", { name: "Done" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(tour).toHaveCount(0);
  await expect
    .poll(async () =>
      asOwner(desk, async (client) => {
        const { rowCount } = await client.query(
          "select from desk_choice c join person p on p.id = c.person_id where p.email = $1 and tour_ended_at is not null",
          [email],
        );
        return rowCount;
      }),
    )
    .toBe(1);
  await page.reload();
  await awake(page);
  await expect(tour).toHaveCount(0);
});
