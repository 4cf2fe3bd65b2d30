/** The sign-off inbox and notices: taken by keyboard, by two at once, given back; told, read, and asked for by mail. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright/test";
import { nameOn, proposeClosure, summarisedCase } from "./desk-steps.ts";
import { expect, expectAccessible, personOf, test } from "./fixtures.ts";
import type { Desk } from "./fixtures.ts";

/** Closures that the analyst proposed; the paths of their reviews. */
async function proposed(desk: Desk, count: number): Promise<string[]> {
  const analyst = await desk.signIn("analyst");
  const paths: string[] = [];
  for (let left = count; left > 0; left -= 1) {
    const { number } = await summarisedCase(desk, `inbox-${randomUUID().slice(0, 8)}`);
    await proposeClosure(analyst, number);
    const { decisions } = (await desk.read(`/api/incidents/${number}/decisions`)) as {
      decisions: { id: string; incidentId: string }[];
    };
    paths.push(`/incidents/${decisions[0]!.incidentId}/decisions/${decisions[0]!.id}`);
  }
  return paths;
}

const rowOf = (page: Page, path: string) =>
  page
    .getByRole("list", { name: "Decisions to sign" })
    .getByRole("listitem")
    .filter({
      has: page.locator(`a[href="${path}"]`),
    });

test("two people who take the next one at once, by keyboard, look at different decisions; each may still sign the other's", async ({
  desk,
}) => {
  test.setTimeout(240_000);
  const paths = await proposed(desk, 2);
  const [lead, second] = [await desk.signIn("lead", "/"), await desk.signIn("second analyst", "/")];
  for (const page of [lead, second]) {
    await page.getByRole("link", { name: /^To sign/ }).click();
    await expect(page.getByRole("heading", { name: "To sign" })).toBeVisible();
  }
  await expectAccessible(lead);
  await Promise.all([lead, second].map((page) => page.keyboard.press("t")));
  await Promise.all([lead, second].map((page) => page.waitForURL(/\/decisions\//)));
  expect(new URL(lead.url()).pathname).not.toBe(new URL(second.url()).pathname);
  await expect(lead.getByText(/Taken by you until/)).toBeVisible();
  await expectAccessible(lead);

  const mine = paths[0]!;
  await second.goto("/inbox");
  const row = rowOf(second, mine);
  await expect(row).toBeVisible();
  if ((await row.getByRole("button", { name: "Take", exact: true }).count()) > 0) {
    await row.getByRole("button", { name: "Take", exact: true }).focus();
    await second.keyboard.press("Enter");
    await second.waitForURL(/\/decisions\//);
    await second.goto("/inbox");
  }
  const taker = (await row.getByText("Taken by you").count()) > 0 ? second : lead;
  const other = taker === lead ? second : lead;
  await taker.goto("/inbox");
  await other.goto("/inbox");
  await expect(rowOf(taker, mine).getByText("Taken by you")).toBeVisible();
  const name = await nameOn(taker);
  await expect(rowOf(other, mine).getByText(`Taken by ${name}`)).toBeVisible();
  await expectAccessible(other);
  await rowOf(taker, mine).getByRole("button", { name: "Give back" }).click();
  await expect(rowOf(taker, mine).getByRole("button", { name: "Take", exact: true })).toBeVisible();
  await other.getByRole("button", { name: /^Refresh/ }).click();
  await expect(rowOf(other, mine).getByRole("button", { name: "Take", exact: true })).toBeVisible();
});

test("a decision is told to who may sign it, its effect to the proposer, and what was read is no news", async ({
  desk,
}) => {
  test.setTimeout(240_000);
  const [path] = await proposed(desk, 1);
  const second = await desk.signIn("second analyst");
  await second.goto("/account");
  const bell = second.getByRole("link", { name: /^Notices, \d+\+? unread$/ });
  await expect(bell).toBeVisible();
  await bell.focus();
  await second.keyboard.press("Enter");
  const notices = second.getByRole("list", { name: "Notices" });
  await expect(notices).toContainText("waits for your signature");
  await expectAccessible(second);
  await notices.locator(`a[href="${path}"]`).focus();
  await second.keyboard.press("Enter");
  await second.waitForURL(`**${path}`);
  await second.getByLabel("Your password").fill(personOf(desk.demo, "second analyst").password);
  await second.keyboard.press("Enter");
  await expect(second.getByText("Closure: in effect").first()).toBeVisible();
  await second.goto("/notices");
  await expect(notices.locator(`a[href="${path}"]`)).not.toContainText("Unread");

  const analyst = await desk.signIn("analyst");
  await analyst.goto("/notices");
  const told = analyst.getByRole("list", { name: "Notices" }).locator(`a[href="${path}"]`).first();
  await expect(told).toContainText("Unread: Your closure of");
  await expect(told).toContainText("took effect");
  await analyst.getByRole("button", { name: "Mark all as read" }).click();
  await expect(told).not.toContainText("Unread");
  await expect(analyst.getByRole("link", { name: "Notices", exact: true })).toBeVisible();
});

test("what comes by mail is said on the account, and kept", async ({ desk }) => {
  const lead = await desk.signIn("lead");
  await lead.goto("/account");
  const box = lead.getByRole("checkbox", { name: "Your proposal took effect" });
  await expect(box).not.toBeChecked();
  await box.focus();
  const saved = lead.waitForResponse((answer) => answer.request().method() === "POST");
  await lead.keyboard.press("Space");
  await saved;
  await expectAccessible(lead);
  await lead.reload();
  await expect(box).toBeChecked();
  await box.uncheck();
});

test("who signs nothing has no inbox and no bell", async ({ desk }) => {
  const auditor = await desk.signIn("auditor", "/");
  await expect(auditor.getByRole("link", { name: "Trail" })).toBeVisible();
  await expect(auditor.getByRole("link", { name: /^Notices/ })).toHaveCount(0);
  for (const path of ["/inbox", "/notices"]) {
    await auditor.goto(path);
    await expect(auditor).toHaveURL(/\/forbidden/);
  }
});
