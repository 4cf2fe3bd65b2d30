/** What there is to do in an incident: a playbook's steps, tasks by hand, people who are named, and who watches. */
import { randomUUID } from "node:crypto";
import { awake, expectAccessibleWith, nameOn, newCase } from "./desk-steps.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

test("tasks come from a playbook and by hand, and are done, given and taken back by keyboard", async ({
  desk,
}) => {
  const { number, host } = await newCase(desk, `tasks${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);
  await page.keyboard.press("s");
  const pane = page.getByRole("region", { name: "Tasks", exact: true });
  await expect(pane).toBeFocused();
  await expect(pane.getByText("No tasks yet")).toBeVisible();

  await test.step("the playbook that fits stands first", async () => {
    await page.keyboard.press("Tab");
    await expect(pane.getByRole("button", { name: "Start playbook" })).toBeFocused();
    await page.keyboard.press("Enter");
    const first = page.getByRole("menuitem", { name: /^Any incident/ });
    await expect(first).toHaveAttribute("data-highlighted", "");
    await expect(first).toContainText("fits best");
    await page.keyboard.press("Enter");
    await expect(pane.getByRole("status")).toHaveText("0 of 6 done");
  });

  const task = pane.getByRole("checkbox", { name: "Ask the owner" });
  await test.step("a task is ticked, and the tick taken back from the toast", async () => {
    await expectAccessibleWith(page, task);
    await task.press("Space");
    await expect(pane.getByRole("status")).toHaveText("1 of 6 done");
    await expect(task).toBeChecked();
    await expectAccessibleWith(page, page.getByRole("button", { name: "Dismiss" }));
    await page.keyboard.press("z");
    await expect(pane.getByRole("status")).toHaveText("0 of 6 done");
    await task.press("Space");
    await expect(page.getByRole("button", { name: "Tasks: 1 of 6 done" })).toBeVisible();
  });

  await test.step("one is added by hand, given to oneself, and not needed after all", async () => {
    const title = "Call the data centre";
    await pane.getByRole("textbox", { name: "New task" }).fill(title);
    await page.keyboard.press("Enter");
    await expect(pane.getByRole("status")).toHaveText("1 of 7 done");
    const row = pane.getByRole("listitem", { name: title });
    const more = row.getByRole("button", { name: `More of the task: ${title}` });
    await more.press("Enter");
    await page.getByRole("menuitem", { name: "Give to me" }).press("Enter");
    await expect(row).toContainText(await nameOn(page));
    await more.press("Enter");
    await page.getByRole("menuitem", { name: "Not needed" }).press("Enter");
    await expect(pane.getByRole("status")).toHaveText("1 of 6 done");
    await more.press("Enter");
    await page.getByRole("menuitem", { name: "Open again" }).press("Enter");
    await expect(pane.getByRole("status")).toHaveText("1 of 7 done");
    await more.press("Enter");
    await page.getByRole("menuitem", { name: "Remove" }).press("Enter");
    await expect(row).toHaveCount(0);
    await expect(page.getByText("Removed the task").first()).toBeVisible();
    await page.keyboard.press("z");
    await expect(row).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("the queue's preview says how far they are", async () => {
    await page.goto(`/incidents?view=all&q=${host}`);
    await awake(page);
    await page.keyboard.press("j");
    await expect(page.getByRole("region", { name: `${number} in short` })).toContainText(
      "1 of 7 done",
    );
  });

  await test.step("an auditor reads them and changes none", async () => {
    const auditor = await desk.signIn("auditor", `/incidents/${number}?pane=tasks`);
    const seen = auditor.getByRole("region", { name: "Tasks", exact: true });
    await expect(seen.getByRole("checkbox", { name: "Ask the owner" })).toBeChecked();
    await expect(seen.getByRole("checkbox", { name: "Ask the owner" })).toBeDisabled();
    await expect(seen.getByRole("button")).toHaveCount(0);
    await expectAccessible(auditor);
  });
});

test("a person is named in a note and told, and a watcher hears what becomes of the incident", async ({
  desk,
}) => {
  const { number } = await newCase(desk, `watch${randomUUID().slice(0, 8)}`);
  const other = await desk.signIn("second analyst", `/incidents/${number}`);
  await awake(other);
  const otherName = await nameOn(other);
  await other.keyboard.press("w");
  await expect(other.getByRole("button", { name: "End watching" })).toBeVisible();

  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);
  await page.keyboard.press("n");
  const note = page.getByRole("textbox", { name: "Note", exact: true });
  await expect(note).toBeFocused();
  await page.keyboard.type(`**Please** @${otherName.slice(0, 3)}`);
  const offered = page.getByRole("listbox", { name: "People to name" });
  await expect(offered.getByRole("option", { name: new RegExp(otherName) })).toBeVisible();
  await expectAccessible(page);
  await expect(async () => {
    await page.keyboard.press("ArrowDown");
    await expect(offered.getByRole("option", { selected: true })).toContainText(otherName, {
      timeout: 200,
    });
  }).toPass();
  await page.keyboard.press("Enter");
  await expect(note).toHaveValue(`**Please** @${otherName} `);
  await page.keyboard.type("look at [the bank](https://evil.example/x)");
  await page.keyboard.press("Control+Enter");
  const line = page.getByRole("option", { name: /look at/ });
  await expect(line).toContainText(
    `Please @${otherName} look at the bank (https://evil.example/x)`,
  );
  await expect(line.getByRole("link")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Status:/ }).press("Enter");
  await page.getByRole("menuitemradio", { name: "On hold" }).press("Enter");
  await expect(page.getByRole("button", { name: "Status: On hold" })).toBeVisible();

  await other.goto("/notices");
  await expect(other.getByText(new RegExp(`named you in a note of ${number}\\.`))).toBeVisible();
  await expect(
    other.getByText(`The status of ${number}, which you watch, is now on hold.`),
  ).toBeVisible();
  await other.goto("/incidents?view=all&q=watch:me");
  await expect(other.getByRole("row", { name: new RegExp(number) })).toBeVisible();
});
