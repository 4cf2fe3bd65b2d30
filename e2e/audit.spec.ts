/** The audit room: the trail is searched, an incident replayed, the reasons of a decision read, all by an auditor. */
import { join } from "node:path";
import { checkProof } from "#lib/cli/verify-proof.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";
import { demoIncident } from "./desk-steps.ts";

test("an auditor finds a decision on the trail, by keyboard, and takes its address away", async ({
  desk,
}) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const page = await desk.signIn("auditor");
  await page.goto("/trail");
  await expect(page.getByRole("heading", { name: "Trail" })).toBeVisible();
  await expect(page.getByText(/^[\d,]+\+? entries$/)).toBeVisible();

  await test.step("the page brings rows, and what is opened comes when it is", async () => {
    const sent = await page.request.get("/trail");
    expect((await sent.body()).length).toBeLessThan(150_000);
  });

  await test.step("what is asked for stands in the address, and a chip takes it back", async () => {
    await page.keyboard.press("/");
    await expect(page.getByLabel("Incident", { exact: true })).toBeFocused();
    await page.keyboard.type(number.replace("INC-000", ""));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`incident=${number}`));
    await page.getByRole("combobox", { name: "Kind of entry" }).click();
    await page.getByRole("option", { name: /^Decisions/ }).click();
    await expect(page).toHaveURL(/kind=decisions/);
    await expect(page.getByText(/^\d+ entries$/)).toBeVisible();
    const rows = page.getByRole("list", { name: /^Trail of / }).getByRole("listitem");
    await expect(rows.filter({ hasText: "signed the containment" })).toHaveCount(1);
    const asked = page.getByRole("list", { name: "Asked for" });
    await expect(asked.getByRole("listitem")).toHaveCount(3); // two chips and "Clear all"
    await expectAccessible(page);
  });

  await test.step("the address alone brings the same list", async () => {
    const again = await page.context().newPage();
    await again.goto(page.url());
    await expect(again.getByText("signed the containment")).toBeVisible();
    await expect(again.getByText("ran the response")).toHaveCount(0);
    await again.close();
  });

  await test.step("an entry opens with its line, its leaf and its seal", async () => {
    await page.keyboard.press("Escape");
    await page
      .getByRole("button", { name: /^Entry \d+ in full$/ })
      .first()
      .click();
    await expect(page.getByLabel(/^Line of entry \d+$/)).toContainText('"kind":"decision.');
    await expect(
      page.getByText(/^Under the checkpoint of size|No checkpoint covers it yet/),
    ).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("its proof is taken away, holds by the log's key alone, and is on the trail", async () => {
    await page.goto(`/trail?incident=${number}&kind=decision.signed`);
    await page
      .getByRole("button", { name: /^Entry \d+ in full$/ })
      .first()
      .click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download proof" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^entry-\d+\.tlog-proof$/);
    const logKey = join(desk.home, "signer", "log.key.pub");
    const { exit, said } = await checkProof([(await download.path())!, "--log-key", logKey]);
    expect(said).toContain("decision.signed by person:");
    expect(exit).toBe(0);
    await page.goto(`/trail?incident=${number}&kind=export.downloaded`);
    await expect(page.getByText(/took away the proof of entry \d+/).first()).toBeVisible();
  });

  await test.step("what nothing fits says so, and what to do", async () => {
    await page.goto(`/trail?incident=${number}&kind=lesson.approved`);
    await expect(page.getByRole("heading", { name: "No entry matches" })).toBeVisible();
    await page.getByRole("button", { name: /^Stop asking for Kind/ }).click();
    await expect(page.getByText("signed the containment")).toBeVisible();
  });
});

test("an incident is replayed entry by entry, and nothing is there before its time", async ({
  desk,
}) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const page = await desk.signIn("auditor");
  await page.goto(`/incidents/${number}`);
  await page.getByRole("link", { name: "Replay" }).click();
  await expect(page.getByRole("heading", { name: `Replay of ${number}` })).toBeVisible();
  const decisions = page.getByRole("region", { name: "Decisions" });
  await expect(decisions.getByText("Containment: in effect")).toBeVisible();
  await expectAccessible(page);

  const slider = page.getByRole("slider", { name: "Entry of this incident" });
  await slider.focus();
  await page.keyboard.press("Home");
  await expect(page).toHaveURL(/place=0$/);
  await expect(decisions.getByText("Nothing had been proposed yet.")).toBeVisible();
  await expect(page.getByText("No record had come yet.")).toBeVisible();
  await expect(page.getByText("None had been issued yet.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Previous entry" })).toBeDisabled();

  await page.getByRole("button", { name: "Next decision" }).click();
  await expect(decisions.getByText("Containment: waiting for signatures")).toBeVisible();
  await expect(decisions.getByText(/signed as lead/)).toHaveCount(0);
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(decisions.getByText(/signed as lead/)).toBeVisible();

  await test.step("its reasons are told, with what answers which control", async () => {
    await decisions.getByRole("link", { name: "Its reasons" }).click();
    await expect(
      page.getByRole("heading", { name: `Reasons of the containment of ${number}` }),
    ).toBeVisible();
    await expect(page.getByRole("region", { name: "Who signed" })).toContainText(
      "as a lead, signed it on",
    );
    const controls = page.getByRole("complementary", { name: "Control references" });
    await expect(controls).toContainText("LLM06:2025 Excessive Agency");
    await expectAccessible(page);
    await page.emulateMedia({ media: "print" });
    await expect(page.getByRole("navigation").first()).toBeHidden();
    await expect(controls).toBeVisible();
  });
});

test("the audit room is the auditors' and the leads'", async ({ desk }) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const analyst = await desk.signIn("analyst");
  await analyst.goto(`/incidents/${number}`);
  await expect(analyst.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(analyst.getByRole("link", { name: "Replay" })).toHaveCount(0);
  for (const path of ["/trail", `/incidents/${number}/replay`]) {
    await analyst.goto(path);
    await expect(
      analyst.getByRole("heading", { name: "Your role does not open this page" }),
    ).toBeVisible();
  }
  const lead = await desk.signIn("lead");
  await lead.goto(`/incidents/${number}/replay?place=0`);
  await expect(lead.getByRole("heading", { name: `Replay of ${number}` })).toBeVisible();
});
