/** An auditor asks for a bundle in the browser, watches it become ready, takes it away, and verifies it without us. */
import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright/test";
import { demoIncident } from "./desk-steps.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

const run = promisify(execFile);
/** The signer signs within a minute, and a bundle waits for it. */
const READY_MS = 150_000;

async function openForm(page: Page) {
  await page.getByRole("button", { name: "Ask for an export" }).click();
  return page.getByRole("dialog", { name: "Export the trail" });
}

async function choose(page: Page, label: string, option: string) {
  await page.getByRole("combobox", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

test("an incident's bundle is asked for, becomes ready, and both verifiers in it say that it holds", async ({
  desk,
}) => {
  test.setTimeout(READY_MS * 2);
  const { number } = await demoIncident(desk, (row) => row.contained);
  const page = await desk.signIn("auditor");
  await page.goto(`/incidents/${number}/replay`);
  await page.getByRole("link", { name: "Export", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Export the trail" });
  await expect(form.getByRole("textbox", { name: "Incident" })).toHaveValue(number);
  await expect(form.getByText(/^About [\d,]+ entries now$/)).toBeVisible();
  await expectAccessible(page);
  await form.getByRole("button", { name: "Ask for the export" }).click();

  const bundle = page.getByRole("listitem", { name: `Bundle, Incident ${number}` });
  await expect(bundle.getByRole("progressbar")).toBeVisible();
  await expectAccessible(page);
  await expect(bundle.getByText("Ready", { exact: true })).toBeVisible({ timeout: READY_MS });
  await expectAccessible(page);

  await test.step("the file is the one that the page names", async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      bundle.getByRole("link", { name: /^Download bundle-/ }).click(),
    ]);
    const bytes = await readFile((await download.path())!);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await expect(bundle.getByText(sha256)).toBeVisible();
    const command = bundle.getByText(/^tar -xzf bundle-/);
    const place = await mkdtemp(join(tmpdir(), "exports-e2e-"));
    const name = download.suggestedFilename();
    await copyFile((await download.path())!, join(place, name));
    const { stdout } = await run("sh", ["-c", await command.innerText()], { cwd: place });
    expect(stdout).not.toMatch(/FAIL|does not hold/);
    const folder = join(place, name.replace(".tar.gz", ""));
    await run(process.execPath, [join(folder, "verify.mjs"), folder]);
    await rm(place, { recursive: true });
  });

  await test.step("both stand on the trail", async () => {
    await page.goto(`/trail?incident=${number}&kind=export.requested,export.downloaded`);
    await expect(
      page.getByText("asked for an export of the trail in the format bundle").first(),
    ).toBeVisible();
    await expect(page.getByText(/took the trail away as a file/).first()).toBeVisible();
  });
});

test("what cannot be meant is refused beside its field, and one's own is cancelled", async ({
  desk,
}) => {
  const page = await desk.signIn("lead");
  await page.goto("/exports");
  await expect(page.getByRole("heading", { name: "Exports", level: 1 })).toBeVisible();
  await expect(page.getByRole("heading", { name: "No export yet" })).toBeVisible();
  await expectAccessible(page);
  const form = await openForm(page);
  const ask = form.getByRole("button", { name: "Ask for the export" });

  await choose(page, "What of the trail", "A period");
  await form.getByLabel("From, UTC").fill("2026-03-01 06:00");
  await form.getByLabel("Until, UTC").fill("2026-03-01 02:00");
  await ask.click();
  await expect(form.getByRole("alert")).toHaveText("It must end after it begins.");
  await choose(page, "What of the trail", "One incident");
  await form.getByRole("textbox", { name: "Incident" }).fill("INC-999999");
  await ask.click();
  await expect(form.getByRole("alert")).toHaveText("There is no incident INC-999999.");
  await expectAccessible(page);

  await choose(page, "What of the trail", "The whole trail");
  await ask.click();
  const bundle = page.getByRole("listitem", { name: "Bundle, The whole trail" });
  await bundle.getByRole("button", { name: "Cancel" }).click();
  await expect(bundle.getByText("Cancelled", { exact: true })).toBeVisible();
  await bundle.getByRole("button", { name: "Ask for it again" }).click();
  await expect(page.getByRole("listitem", { name: "Bundle, The whole trail" })).toHaveCount(2);
  await page.getByRole("button", { name: "Cancel" }).click();
  await choose(page, "State", "Failed");
  await expect(page.getByRole("heading", { name: "No export matches" })).toBeVisible();
  const auditor = await desk.signIn("auditor");
  await auditor.goto("/exports?whose=all&state=cancelled");
  await expect(auditor.getByText("Cancelled", { exact: true }).first()).toBeVisible();
  await expect(auditor.getByRole("button", { name: "Cancel" })).toHaveCount(0);
});

test("exports are the auditors' and the leads'", async ({ desk }) => {
  const analyst = await desk.signIn("analyst");
  await analyst.goto("/exports");
  await expect(
    analyst.getByRole("heading", { name: "Your role does not open this page" }),
  ).toBeVisible();
  const answer = await analyst.request.get("/api/exports/00000000-0000-7000-8000-000000000000");
  expect(answer.status()).toBe(403);
});
