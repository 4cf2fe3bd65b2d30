/** The policy from the desk's side: read by everybody, made stricter by one admin, made weaker by two and a day. */
import { expect, test } from "playwright/test";
import type { Page } from "playwright/test";
import { honestAnswer } from "./fake-model/claims-from-evidence.ts";
import { expectAccessible } from "./fixtures.ts";
import { addPerson, PASSWORD, startModelDesk } from "./model-desk.ts";
import type { ModelDesk } from "./model-desk.ts";

let desk: ModelDesk;

test.describe.configure({ mode: "serial", timeout: 240_000 });
test.beforeAll(async () => {
  desk = await startModelDesk(honestAnswer, { named: false });
  addPerson(desk.running.home, "Ada", "admin");
});
test.afterAll(() => desk?.stop());
test.afterEach(() => desk.leave());

/** Changes the number of signatures of the first rule for closures, by keyboard alone. */
async function draftClosures(admin: Page, signatures: string): Promise<void> {
  await admin.goto("/settings/policy/edit");
  await admin.getByRole("button", { name: "Change rule 1 of closure" }).focus();
  await admin.keyboard.press("Enter");
  const dialog = admin.getByRole("dialog", { name: "Change the rule" });
  await dialog.getByLabel("Signatures", { exact: true }).fill(signatures);
  await admin.keyboard.press("Enter");
}

async function showChange(admin: Page, reason: string): Promise<void> {
  await admin.getByLabel("Why the policy changes").fill(reason);
  await admin.getByRole("button", { name: "Show what it changes" }).click();
  await expect(admin.getByRole("heading", { name: /^What version \d+ changes$/ })).toBeVisible();
}

async function sign(admin: Page, password = PASSWORD): Promise<void> {
  await admin.getByLabel("Your password").fill(password);
  await admin.keyboard.press("Enter");
}

test("everybody on the desk reads it; who may not change it is not asked to", async ({
  browser,
}) => {
  const analyst = await desk.signedIn(browser, "ana");
  await analyst.goto("/incidents");
  await analyst.getByRole("link", { name: "Policy" }).click();
  await expect(analyst.getByRole("heading", { name: "In force: version 1" })).toBeVisible();
  const rules = analyst.getByRole("table", { name: "Rules in force" });
  await expect(rules.getByRole("row")).toHaveCount(5);
  await expect(rules.getByRole("row", { name: /^Containment every situation/ })).toContainText(
    "1 signature by a lead, with the password, not by the proposer",
  );
  await expect(analyst.getByRole("link", { name: "Change the policy" })).toHaveCount(0);
  await expectAccessible(analyst);
  await analyst.goto("/settings/policy/edit");
  await expect(analyst).toHaveURL(/forbidden/);
  await analyst.goto("/settings/policy/4711");
  await expect(
    analyst.getByRole("heading", { name: "There is nothing at this address" }),
  ).toBeVisible();
});

test("a stricter policy is previewed and in force with one signature", async ({ browser }) => {
  const admin = await desk.signedIn(browser, "adam");

  await test.step("what cannot be is refused at its field", async () => {
    await draftClosures(admin, "six");
    const dialog = admin.getByRole("dialog", { name: "Change the rule" });
    await expect(dialog.getByText("A whole number from 1 to 5.")).toBeVisible();
    await expectAccessible(admin);
    await dialog.getByLabel("Signatures", { exact: true }).fill("2");
    await admin.keyboard.press("Enter");
    await expect(dialog).toHaveCount(0);
    await admin.getByRole("button", { name: "Show what it changes" }).click();
    await expect(admin.getByText("Write a reason.")).toBeVisible();
    await expectAccessible(admin);
    await admin.reload();
    await expect(admin.getByText(/Draft of .+ restored\./)).toBeVisible();
    const drafted = admin.getByRole("table", { name: "Rules of the draft" });
    await expect(drafted.getByRole("row", { name: /^Closure/ })).toContainText("2 signatures");
    await expectAccessible(admin);
  });

  await test.step("the preview says what gets stronger", async () => {
    await showChange(admin, "Two people for each closure.");
    await expect(admin.getByText("It asks for less nowhere")).toBeVisible();
    const changes = admin.getByRole("table", { name: "What changes" });
    await expect(changes).toContainText("Stronger");
    await expect(changes).toContainText("signatures: 1 → 2");
    await expect(
      admin.getByRole("heading", { name: "0 open decisions would need something else" }),
    ).toBeVisible();
    await expect(admin.getByLabel("What is signed")).toContainText(
      "Version 2 of the policy takes the place of version 1.",
    );
    await expectAccessible(admin);
  });

  await test.step("a wrong password signs nothing; the right one puts it in force", async () => {
    await sign(admin, "not the password");
    await expect(admin.getByRole("form", { name: "Sign" }).getByRole("alert")).toContainText(
      "That is not your password",
    );
    await sign(admin);
    await admin.waitForURL(/\/settings\/policy\/2$/);
    await expect(admin.getByText("In force", { exact: true })).toBeVisible();
    await expectAccessible(admin);
  });
});

test("a weaker policy waits for a second admin, then for its time, and is withdrawn", async ({
  browser,
}) => {
  const adam = await desk.signedIn(browser, "adam");
  await draftClosures(adam, "1");
  await showChange(adam, "One was enough.");
  await expect(adam.getByText("Two different admins must sign it")).toBeVisible();
  await expect(adam.getByRole("table", { name: "What changes" })).toContainText("Weaker");
  await sign(adam);
  await adam.waitForURL(/\/settings\/policy\/3$/);
  await expect(adam.getByText("Waits for a second admin", { exact: true })).toBeVisible();
  await expect(adam.getByText("the second signature is another admin's")).toBeVisible();
  await expect(adam.getByLabel("Your password")).toHaveCount(0);

  await test.step("no second one is proposed beside it", async () => {
    await draftClosures(adam, "1");
    await showChange(adam, "Once more.");
    await sign(adam);
    await expect(adam.getByRole("form", { name: "Sign" }).getByRole("alert")).toContainText(
      "only one waits at a time",
    );
  });

  const ada = await desk.signedIn(browser, "ada");
  await test.step("the second admin reads the difference and signs the same statement", async () => {
    await ada.goto("/settings/policy");
    await ada.getByRole("link", { name: "Read version 3" }).click();
    await expect(ada.getByRole("heading", { name: "What changes from version 2" })).toBeVisible();
    await expect(ada.getByRole("table", { name: "What changes" })).toContainText(
      "signatures: 2 → 1",
    );
    await expectAccessible(ada);
    await sign(ada);
    await expect(ada.getByText("Waits for its time", { exact: true })).toBeVisible();
    await expect(ada.getByText(/in 23:5\d:\d\d/).first()).toBeVisible();
    await expect(ada.getByRole("region", { name: "Signatures" }).getByRole("listitem")).toHaveCount(
      2,
    );
    await expectAccessible(ada);
  });

  await test.step("any two versions are compared", async () => {
    await ada.getByRole("combobox", { name: "Compare with" }).click();
    await ada.getByRole("option", { name: "Version 1" }).click();
    await expect(ada.getByRole("heading", { name: "What changes from version 1" })).toBeVisible();
    await expect(ada.getByText("Nothing changes in any situation")).toBeVisible();
  });

  await test.step("while it waits it is withdrawn, with a reason", async () => {
    await ada.getByRole("button", { name: "Withdraw this change" }).click();
    const dialog = ada.getByRole("dialog", { name: "Withdraw version 3?" });
    await dialog.getByRole("button", { name: "Withdraw" }).click();
    await expect(dialog.getByText("Write a reason.")).toBeVisible();
    await dialog.getByLabel("Why").fill("It is not enough after all.");
    await dialog.getByRole("button", { name: "Withdraw" }).click();
    await expect(ada.getByText("It never took effect")).toContainText("Ada");
    await ada.goto("/settings/policy");
    await expect(ada.getByRole("heading", { name: "In force: version 2" })).toBeVisible();
    await expectAccessible(ada);
  });
});
