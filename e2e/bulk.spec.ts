/** Several incidents closed by one statement: chosen in the queue, proposed, reviewed, and signed once by another person. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright/test";
import { awake, expectAccessibleWith, summarisedCase } from "./desk-steps.ts";
import { expect, expectAccessible, personOf, test } from "./fixtures.ts";
import type { Desk } from "./fixtures.ts";

/** Incidents of one rule, and the words that find them and nothing else. */
async function duplicates(desk: Desk, count: number) {
  const word = `bulk-${randomUUID().slice(0, 8)}`;
  const numbers: string[] = [];
  for (let n = 1; n <= count; n += 1)
    numbers.push((await summarisedCase(desk, `${word}-${n}`)).number);
  return { numbers, words: `sign-ins on ${word}` };
}

async function queueOf(page: Page, words: string, count: number): Promise<void> {
  await page.goto(`/incidents?q=${encodeURIComponent(words)}`);
  await expect(page.getByRole("row")).toHaveCount(count + 1);
  await awake(page);
}

async function fillAndPropose(page: Page, count: number): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Propose closure" });
  await expectAccessibleWith(page, dialog.getByText(`Closed together: ${count}`));
  await dialog.getByText("False positive").click();
  await dialog.getByLabel("Why").fill("The rule fires on every backup; it is one mistake.");
  await dialog.getByRole("button", { name: `Propose closure of ${count} incidents` }).click();
  await page.waitForURL(/\/decisions\//);
}

const statusOf = async (desk: Desk, number: string) =>
  ((await desk.read(`/api/incidents/${number}`)) as { status: string }).status;

test("incidents chosen by key, by Shift and by filter are closed by one signature", async ({
  desk,
}) => {
  const { numbers, words } = await duplicates(desk, 4);
  const analyst = await desk.signIn("analyst");
  await queueOf(analyst, words, 4);
  const chosen = analyst.getByRole("region", { name: "Chosen incidents" });
  await analyst.keyboard.press("j");
  await analyst.keyboard.press("x");
  await expect(chosen).toContainText("1 incident chosen");
  const boxes = analyst.getByRole("checkbox", { name: /^Choose INC-/ });
  await boxes.nth(2).click({ modifiers: ["Shift"] });
  await expect(chosen).toContainText("3 incidents chosen");
  await chosen.getByRole("button", { name: "Choose all that match this filter" }).click();
  await expect(chosen).toContainText("4 incidents chosen");
  await expectAccessible(analyst);
  await chosen.getByRole("button", { name: "Propose closure" }).click();
  await fillAndPropose(analyst, 4);

  const signer = await desk.signIn("second analyst");
  await signer.goto(new URL(analyst.url()).pathname);
  await expect(signer.getByText("4 incidents are closed by this, each as it stood:")).toBeVisible();
  for (const number of numbers)
    await expect(signer.getByRole("region", { name: "Incidents" }).getByText(number)).toBeVisible();
  await expectAccessible(signer);
  await signer.getByLabel("Your password").fill(personOf(desk.demo, "second analyst").password);
  await signer.keyboard.press("Enter");
  await expect(signer.getByText("Closure: in effect").first()).toBeVisible();
  for (const number of numbers) expect(await statusOf(desk, number)).toBe("closed");
});

test("when one of them changes none is closed, and the others are proposed again", async ({
  desk,
}) => {
  const { numbers, words } = await duplicates(desk, 3);
  const analyst = await desk.signIn("analyst");
  await queueOf(analyst, words, 3);
  await analyst
    .getByRole("checkbox", { name: /^Choose INC-/ })
    .first()
    .click();
  await analyst.getByRole("button", { name: "Choose all that match this filter" }).click();
  await analyst.getByRole("button", { name: "Propose closure" }).click();
  await fillAndPropose(analyst, 3);
  const path = new URL(analyst.url()).pathname;

  const signer = await desk.signIn("second analyst");
  await signer.goto(`/incidents/${numbers[1]}`);
  await awake(signer);
  await signer.getByRole("button", { name: /^Verdict/ }).click();
  await signer.getByRole("menuitem", { name: /^Benign/ }).click();
  await expect(signer.getByRole("button", { name: "Verdict: Benign" })).toBeVisible();

  await analyst.goto(path);
  await expect(analyst.getByText(`Changed since this was proposed: ${numbers[1]}`)).toBeVisible();
  await expectAccessible(analyst);
  await analyst.getByRole("button", { name: "Propose again without it" }).click();
  const dialog = analyst.getByRole("dialog", { name: "Propose closure" });
  await expect(dialog.getByText("Closed together: 2")).toBeVisible();
  await dialog.getByRole("button", { name: "Propose closure of 2 incidents" }).click();
  await analyst.waitForURL((url) => url.pathname !== path && url.pathname.includes("/decisions/"));
  await expect(analyst.getByText("2 incidents are closed by this")).toBeVisible();
  for (const number of numbers) expect(await statusOf(desk, number)).not.toBe("closed");
});
