/** What must be kept is kept, and what the law wants gone goes by two people: a hold, a refusal, an erasure that the trail tells of. */
import { randomUUID } from "node:crypto";
import type { Locator, Page } from "playwright/test";
import { proposeClosure, summarisedCase } from "./desk-steps.ts";
import { expect, expectAccessible, personOf, test } from "./fixtures.ts";
import type { Desk, Who } from "./fixtures.ts";

/** An incident that two analysts closed. */
async function closedCase(desk: Desk): Promise<string> {
  const { number } = await summarisedCase(desk, `keep-${randomUUID().slice(0, 8)}`);
  await proposeClosure(await desk.signIn("analyst"), number);
  const { decisions } = (await desk.read(`/api/incidents/${number}/decisions`)) as {
    decisions: { id: string; incidentId: string }[];
  };
  const [{ id, incidentId }] = decisions as [(typeof decisions)[0]];
  const second = await desk.signIn("second analyst", `/incidents/${incidentId}/decisions/${id}`);
  await second.getByLabel("Your password").fill(personOf(desk.demo, "second analyst").password);
  await second.getByRole("button", { name: "Sign as analyst" }).click();
  await expect(second.getByLabel(/^Seal of /).first()).toBeVisible();
  return number;
}

/** Shows the statement and signs it, by keyboard. */
async function sign(desk: Desk, dialog: Locator, who: Who, submit: string): Promise<void> {
  await dialog.getByRole("button", { name: "Show the statement" }).press("Enter");
  const password = dialog.getByLabel("Your password");
  await expect(password).toBeFocused();
  await password.pressSequentially(personOf(desk.demo, who).password);
  await dialog.getByRole("button", { name: submit, exact: true }).press("Enter");
}

/** Opens a dialog by its button and the keyboard, as soon as the page listens. */
async function opened(page: Page, button: string, name = button): Promise<Locator> {
  const dialog = page.getByRole("dialog", { name });
  await expect(async () => {
    if (await dialog.isHidden()) await page.getByRole("button", { name: button }).press("Enter");
    await expect(dialog).toBeVisible({ timeout: 1000 });
  }).toPass();
  return dialog;
}

async function askForErasure(page: Page, number: string, reason: string): Promise<Locator> {
  const dialog = await opened(page, "Ask for an erasure");
  await dialog.getByLabel("Incident").fill(number);
  await dialog.getByRole("combobox", { name: "Legal basis (GDPR)" }).press("Enter");
  await page.getByRole("option", { name: /The person objects/ }).press("Enter");
  await dialog.getByLabel("Reason").fill(reason);
  return dialog;
}

test("a hold keeps an incident whole; once it is lifted two people erase, and the trail says by which entry", async ({
  desk,
}) => {
  const number = await closedCase(desk);
  const reason = `The person objects, case ${number}.`;
  const lead = await desk.signIn("lead", "/retention");
  const holds = lead.getByRole("region", { name: "Legal holds" });
  const erasures = (page: Page) =>
    page
      .getByRole("region", { name: "Erasures" })
      .getByRole("listitem")
      .filter({ hasText: number });

  await test.step("a hold is placed by keyboard; what is no number is named", async () => {
    const dialog = await opened(lead, "Place a legal hold");
    await dialog.getByLabel("Incident").fill("the one of Tuesday");
    const place = dialog.getByRole("button", { name: "Place the hold" });
    await place.press("Enter");
    await expect(dialog.getByText("Write an incident's number, such as INC-000123.")).toBeVisible();
    await expect(dialog.getByText("Write a reason.")).toBeVisible();
    await expectAccessible(lead);
    await dialog.getByLabel("Incident").fill(number);
    await dialog.getByLabel("Reason").fill("A court asks.");
    await place.press("Enter");
    await expect(dialog).toBeHidden();
    const row = holds.getByRole("row").filter({ hasText: number });
    await expect(row).toContainText("A court asks.");
    await expect(row).toContainText("Stands");
  });

  await test.step("it stands over the incident for whoever reads it, and its reason does not", async () => {
    const analyst = await desk.signIn("analyst", `/incidents/${number}`);
    const strip = analyst.getByRole("region", { name: "Legal hold" });
    await expect(strip).toContainText("Under legal hold since");
    await expect(analyst.getByText("A court asks.")).toHaveCount(0);
    await analyst.goto("/retention");
    await expect(analyst.getByRole("heading", { name: "Legal holds" })).toHaveCount(0);
  });

  await test.step("nothing is asked without a basis, and nothing while the hold stands", async () => {
    const dialog = await opened(lead, "Ask for an erasure");
    await dialog.getByRole("button", { name: "Show the statement" }).press("Enter");
    await expect(dialog.getByText("Choose a legal basis.").first()).toBeVisible();
    await lead.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await sign(desk, await askForErasure(lead, number, reason), "lead", "Sign the request");
    await expect(
      dialog.getByText("A legal hold stands; nothing is erased until it is lifted."),
    ).toBeVisible();
    await expectAccessible(lead);
    await lead.reload();
    await expect(holds.getByRole("row").filter({ hasText: number })).toBeVisible();
    await expect(erasures(lead)).toHaveCount(0);
  });

  await test.step("the hold is lifted with a signature, not with a guess", async () => {
    const dialog = await opened(lead, `Lift the hold on ${number}`, "Lift a legal hold");
    await dialog.getByLabel("Reason").fill("The court is done.");
    await dialog.getByRole("button", { name: "Show the statement" }).press("Enter");
    await dialog.getByLabel("Your password").fill("not my password at all");
    await dialog.getByRole("button", { name: "Sign", exact: true }).press("Enter");
    await expect(dialog.getByRole("alert")).toBeVisible();
    await dialog.getByLabel("Your password").fill(personOf(desk.demo, "lead").password);
    await dialog.getByRole("button", { name: "Sign", exact: true }).press("Enter");
    await expect(dialog).toBeHidden();
    const row = holds.getByRole("row").filter({ hasText: number });
    await expect(row).toContainText("Lifted by");
    await expect(row).toContainText("The court is done.");
  });

  await test.step("an erasure is asked for; who asked can only withdraw, an auditor only reads", async () => {
    const dialog = await askForErasure(lead, number, reason);
    await sign(desk, dialog, "lead", "Sign the request");
    await expect(dialog).toBeHidden();
    await expect(erasures(lead)).toContainText("Waits for another lead or admin");
    const of = `the erasure of ${number}`;
    await expect(lead.getByRole("button", { name: `Withdraw ${of}` })).toBeVisible();
    await expect(lead.getByRole("button", { name: `Approve ${of}` })).toHaveCount(0);
    const auditor = await desk.signIn("auditor", `/retention?incident=${number}`);
    await expect(erasures(auditor)).toContainText(reason);
    await expect(auditor.getByRole("main").getByRole("button")).toHaveCount(0);
    await expectAccessible(auditor);
  });

  await test.step("an admin refuses it with a reason; asked again, it is withdrawn and asked once more", async () => {
    const admin = await desk.signIn("admin", "/retention");
    const refusal = await opened(admin, `Refuse the erasure of ${number}`);
    await refusal.getByRole("button", { name: "Refuse" }).press("Enter");
    await expect(refusal.getByText("Write a reason.")).toBeVisible();
    await refusal.getByLabel("Reason").fill("Not before the audit.");
    await refusal.getByRole("button", { name: "Refuse" }).press("Enter");
    await expect(erasures(admin)).toContainText("Not before the audit.");
    await lead.reload();
    await sign(desk, await askForErasure(lead, number, reason), "lead", "Sign the request");
    const withdrawal = await opened(lead, `Withdraw the erasure of ${number}`);
    await withdrawal.getByLabel("Reason").fill("A word was wrong.");
    await withdrawal.getByRole("button", { name: "Withdraw" }).press("Enter");
    await expect(erasures(lead).filter({ hasText: "Withdrawn" })).toHaveCount(1);
    await sign(desk, await askForErasure(lead, number, reason), "lead", "Sign the request");
    await expect(erasures(lead)).toHaveCount(3);
  });

  await test.step("an admin approves with a signature, and it is gone for good", async () => {
    const admin = await desk.signIn("admin", "/retention");
    const dialog = await opened(
      admin,
      `Approve the erasure of ${number}`,
      `Erase what the entries of ${number} tell`,
    );
    await expect(dialog).toContainText(reason);
    await expectAccessible(admin);
    await sign(desk, dialog, "admin", "Sign and erase");
    await expect(dialog).toBeHidden();
    const erased = erasures(admin).filter({ hasText: "Erased" });
    await expect(erased).toContainText(/by entry \d+/);
  });

  await test.step("the trail tells which entry erased, and that it still stands whole", async () => {
    const auditor = await desk.signIn("auditor", `/retention?incident=${number}`);
    const entry = erasures(auditor).getByRole("link", { name: /^by entry \d+$/ });
    const [, seq] = /(\d+)/.exec((await entry.textContent()) ?? "") ?? [];
    await entry.press("Enter");
    await expect(auditor).toHaveURL(`/trail?incident=${number}`);
    await expect(auditor.getByText(`erased by entry ${seq}`).first()).toBeVisible();
    // The entry that erased tells why, and no other entry tells anything any more.
    await expect(auditor.getByText(reason)).toHaveCount(1);
    await expectAccessible(auditor);
  });
});
