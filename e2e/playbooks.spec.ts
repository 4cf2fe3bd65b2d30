/** A playbook is written, started, changed, taken back and retired, by keyboard and without losing what was typed. */
import { randomUUID } from "node:crypto";
import { awake, newCase } from "./desk-steps.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

test("a lead writes a playbook, an analyst starts it, and its next version changes nothing that was begun", async ({
  desk,
}) => {
  const name = `Drill ${randomUUID().slice(0, 8)}`;
  const lead = await desk.signIn("lead", "/settings/playbooks");
  const table = lead.getByRole("table", { name: "Playbooks" });
  await expect(table.getByRole("row", { name: /^Phishing/ })).toContainText("installed");
  await expectAccessible(lead);

  const form = lead.getByRole("form", { name: "Write a playbook" });
  await test.step("what is missing is said at its place, and a reload loses nothing", async () => {
    await lead.getByRole("button", { name: "Write a playbook" }).press("Enter");
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("Rank").fill("1001");
    await form.getByRole("button", { name: "Write it" }).press("Enter");
    await expect(form.getByText("Add at least one step.").first()).toBeVisible();
    await form.getByLabel("Step 1", { exact: true }).fill("Second thing");
    await form.getByRole("button", { name: "Add a step" }).press("Enter");
    await form.getByLabel("Step 2", { exact: true }).fill("First thing");
    await form.getByRole("button", { name: "Move step 2 up" }).press("Enter");
    await expect(form.getByLabel("Step 1", { exact: true })).toHaveValue("First thing");
    await form.getByRole("button", { name: "Write it" }).press("Enter");
    await expect(form.getByText("From 0 to 1000.")).toBeVisible();
    await expect(form.getByText("Write a reason.")).toBeVisible();
    await expectAccessible(lead);
    await lead.reload();
    await expect(form.getByText(/^Draft of .* restored/)).toBeVisible();
    await expect(form.getByLabel("Step 1", { exact: true })).toHaveValue("First thing");
  });

  await test.step("it is written, and offered", async () => {
    await form.getByLabel("Rank").fill("0");
    await form.getByLabel("Why").fill("For the drill.");
    await form.getByRole("button", { name: "Write it" }).press("Enter");
    await expect(lead.getByText(`${name} is offered from now on`)).toBeVisible();
    await expect(form).toBeHidden();
    await table.getByRole("link", { name }).click();
    await expect(lead.getByRole("heading", { name, level: 1 })).toBeVisible();
    await expect(lead.getByRole("list", { name: "Steps" }).getByRole("listitem")).toHaveText([
      /First thing/,
      /Second thing/,
    ]);
    await expectAccessible(lead);
  });

  const { number } = await newCase(desk, `pb-${randomUUID().slice(0, 8)}`);
  const analyst = await desk.signIn("analyst", `/incidents/${number}?pane=tasks`);
  const tasks = analyst.getByRole("list", { name: "Tasks of the incident" });
  await test.step("an analyst starts it", async () => {
    await awake(analyst);
    await analyst.getByRole("button", { name: "Start playbook" }).click();
    await analyst.getByRole("menuitem", { name: new RegExp(`^${name}`) }).click();
    await expect(tasks.getByRole("listitem", { name: "First thing" })).toBeVisible();
    await expect(tasks.getByRole("link", { name }).first()).toHaveAttribute(
      "href",
      `/settings/playbooks/${encodeURIComponent(name)}?version=1`,
    );
  });

  const change = lead.getByRole("form", { name: `Change ${name}` });
  await test.step("the next version leaves what was begun, and is taken back", async () => {
    await lead.getByRole("button", { name: "Change it" }).click();
    await change.getByRole("button", { name: "Remove step 1" }).click();
    await change.getByLabel("Why").fill("One is enough.");
    await change.getByRole("button", { name: "Write version 2" }).click();
    await expect(change).toBeHidden();
    const steps = lead.getByRole("list", { name: "Steps" }).getByRole("listitem");
    await expect(steps).toHaveCount(1);
    await analyst.reload();
    await expect(tasks.getByRole("listitem", { name: "First thing" })).toBeVisible();
    const told = lead.getByRole("dialog", { name: `Version 2 of ${name} is written` });
    await told.getByRole("button", { name: "Undo" }).click();
    await expect(steps).toHaveCount(2);
    await expect(
      lead.getByRole("table", { name: "Versions of the playbook" }).getByRole("row"),
    ).toHaveCount(4);
  });

  await test.step("an earlier version is read by its link, and one can begin from it", async () => {
    await lead.getByRole("link", { name: "Version 2", exact: true }).click();
    await expect(lead.getByText("An earlier version. What is offered is version 3.")).toBeVisible();
    await lead.getByRole("button", { name: "Begin from version 2" }).click();
    await expect(change.getByLabel("Step 1", { exact: true })).toHaveValue("Second thing");
    await change.getByRole("button", { name: "Discard" }).click();
    await lead.getByRole("link", { name: "Show version 3" }).click();
  });

  await test.step("retired, it is offered no more, and the trail says why", async () => {
    await lead.getByRole("button", { name: "Retire" }).click();
    const dialog = lead.getByRole("dialog", { name: `Retire ${name}` });
    await dialog.getByRole("button", { name: "Retire it" }).click();
    await expect(dialog.getByText("Write a reason.")).toBeVisible();
    await dialog.getByLabel("Why").fill("The drill is over.");
    await dialog.getByRole("button", { name: "Retire it" }).click();
    await expect(dialog).toBeHidden();
    await expect(lead.getByText(/^Retired: it is offered for no incident/)).toBeVisible();
    const other = await newCase(desk, `pb-${randomUUID().slice(0, 8)}`);
    await analyst.goto(`/incidents/${other.number}?pane=tasks`);
    await analyst.getByRole("button", { name: "Start playbook" }).click();
    await expect(analyst.getByRole("menuitem", { name: /^Phishing/ })).toBeVisible();
    await expect(analyst.getByRole("menuitem", { name: new RegExp(`^${name}`) })).toHaveCount(0);
    await analyst.getByRole("menuitem", { name: "All playbooks" }).click();
    await expect(analyst.getByRole("heading", { name: "Playbooks" })).toBeVisible();
    await expect(analyst.getByRole("button", { name: "Write a playbook" })).toHaveCount(0);
    const auditor = await desk.signIn("auditor", "/trail?kind=playbook.written");
    await expect(
      auditor.getByText(`retired the playbook "${name}", version 4: The drill is over.`),
    ).toBeVisible();
  });
});

test("of two who change the same playbook the second keeps what they wrote and is told who was first", async ({
  desk,
}) => {
  const lead = await desk.signIn("lead", "/settings/playbooks/Phishing");
  const admin = await desk.signIn("admin", "/settings/playbooks/Phishing");
  for (const page of [lead, admin]) {
    await page.getByRole("button", { name: "Change it" }).click();
    const form = page.getByRole("form", { name: "Change Phishing" });
    await form.getByLabel("Why").fill("Both at once.");
  }
  for (const page of [lead, admin]) {
    const form = page.getByRole("form", { name: "Change Phishing" });
    await form.getByRole("button", { name: /^Write version \d+$/ }).click();
    if (page === lead) await expect(form).toBeHidden();
    else {
      await expect(form.getByText(/wrote version \d+ meanwhile/)).toBeVisible();
      await expect(form.getByLabel("Why")).toHaveValue("Both at once.");
    }
  }
  await admin.reload();
  const form = admin.getByRole("form", { name: "Change Phishing" });
  await expect(form.getByText(/The draft began with version \d+; now version \d+/)).toBeVisible();
  await form.getByRole("button", { name: /^Write version \d+$/ }).click();
  await expect(form).toBeHidden();
});

test("an address that names no playbook says so", async ({ desk }) => {
  const page = await desk.signIn("auditor");
  for (const path of ["Weather", "Phishing?version=99999", "a%2Fb"]) {
    const answer = await page.goto(`/settings/playbooks/${path}`);
    expect(answer!.status()).toBe(404);
  }
});
