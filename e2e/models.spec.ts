/** A model from its address to its end: added, probed, evaluated, signed for, asked, read back, switched off. */
import { expect, test } from "playwright/test";
import { honestAnswer } from "./fake-model/claims-from-evidence.ts";
import type { FakeRequest } from "./fake-model/server.ts";
import { expectAccessible } from "./fixtures.ts";
import { addModel, evaluateModel, probeAnswer } from "./model-steps.ts";
import { PASSWORD, postAlert, startModelDesk } from "./model-desk.ts";
import type { ModelDesk } from "./model-desk.ts";

const KEY = "sk-of-the-story-0123456789";
const REASON = "It runs on our premises and reads our logs well.";

let desk: ModelDesk;

test.describe.configure({ mode: "serial", timeout: 150_000 });
test.beforeAll(async () => {
  const script = (request: FakeRequest) => probeAnswer(request) ?? honestAnswer(request);
  desk = await startModelDesk(script, { named: false });
});
test.afterAll(() => desk?.stop());
test.afterEach(() => desk.leave());

test("a model is added, and its probe says what came back", async ({ browser }) => {
  const admin = await desk.signedIn(browser, "adam");

  await test.step("before there is one, the page says the way to it", async () => {
    await admin.goto("/models");
    await expect(admin.getByRole("heading", { name: "No model is in force" })).toBeVisible();
    await expect(admin.getByRole("list", { name: "Steps to a model in force" })).toContainText(
      "Sign its activation",
    );
    await expectAccessible(admin);
  });

  await test.step("what cannot be is refused at its field, and nothing is saved", async () => {
    await admin.getByRole("link", { name: "Add model" }).first().click();
    await admin.getByRole("combobox", { name: "Model or kind of server" }).click();
    await admin.getByRole("option", { name: /Ollama/ }).click();
    await admin.getByRole("textbox", { name: "Model id" }).fill("qwen:latest");
    await admin.getByRole("textbox", { name: "Address" }).fill("http://169.254.169.254/");
    await admin.getByRole("textbox", { name: "Window, in tokens" }).fill("a lot");
    await admin.getByRole("button", { name: "Save and probe" }).click();
    await expect(admin.getByText("Name one version of the model")).toBeVisible();
    await expect(admin.getByRole("textbox", { name: "Model id" })).toBeFocused();
    await expect(admin.getByText("metadata service")).toBeVisible();
    await expect(admin.getByText(/^A whole number from/)).toBeVisible();
    await expect(admin).toHaveURL(/\/models\/new/);
    await expectAccessible(admin);
  });

  await test.step("a good one is saved and probed, and its key is nowhere again", async () => {
    await addModel(admin, { name: "on-prem", model: "fake-1", address: desk.model.url, key: KEY });
    const findings = admin.getByRole("list", { name: "Findings of the probe" });
    await expect(findings.getByRole("listitem").first()).toBeVisible();
    await expect(findings.getByLabel("Not as it should be:")).toHaveCount(0);
    await expect(admin.getByText(`…${KEY.slice(-4)}`)).toBeVisible();
    expect(await admin.content()).not.toContain(KEY);
    await expect(admin.getByRole("link", { name: "Put in force with this" })).toHaveCount(0);
    expect(desk.model.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
    await expectAccessible(admin);
  });
});

test("it goes live by an evaluation and a signature over the exact statement", async ({
  browser,
}) => {
  const admin = await desk.signedIn(browser, "adam");
  await admin.goto("/models");
  await admin.getByRole("link", { name: "on-prem" }).click();

  await test.step("the evaluation shows its scores against their limits", async () => {
    await evaluateModel(admin);
    const scores = admin.getByRole("table", { name: "Scores against their limits" });
    await expect(scores.getByRole("row")).toHaveCount(7);
    await expect(scores).toContainText("Injection influence");
    await expectAccessible(admin);
  });

  await test.step("the statement is shown word for word before the password is asked for", async () => {
    await admin.getByRole("link", { name: "Put in force with this" }).click();
    await expect(admin.getByLabel("Your password")).toHaveCount(0);
    await admin.getByRole("button", { name: "Show the statement" }).click();
    await expect(admin.getByText("Write a reason.")).toBeVisible();
    await admin.getByLabel("Why this model is put in force").fill(REASON);
    await admin.getByRole("button", { name: "Show the statement" }).click();
    const signed = admin.getByLabel("What is signed");
    await expect(signed).toContainText(/on-prem.* version 1 .*fake-1.* is put in force\./);
    await signed.getByRole("button", { name: /^Exact text/ }).click();
    await expect(signed).toContainText('"act":"activate_model"');
    await expect(signed).toContainText(`"reason":"${REASON}"`);
    await expectAccessible(admin);
  });

  await test.step("a wrong password signs nothing; the right one puts it in force", async () => {
    await admin.getByLabel("Your password").fill("not the password");
    await admin.getByRole("button", { name: "Sign as admin" }).click();
    await expect(admin.getByRole("form", { name: "Sign" }).getByRole("alert")).toContainText(
      "That is not your password",
    );
    await admin.getByLabel("Your password").fill(PASSWORD);
    await admin.getByRole("button", { name: "Sign as admin" }).click();
    await admin.waitForURL(/\/models$/);
    await expect(admin.getByLabel("Model in force")).toContainText("on-prem");
    await expect(admin.getByRole("table", { name: "Activations" })).toContainText(REASON);
    await expectAccessible(admin);
  });
});

test("a run is read back as it was, and its prompt comes out the same", async ({ browser }) => {
  const [admin, analyst] = [
    await desk.signedIn(browser, "adam"),
    await desk.signedIn(browser, "ana"),
  ];
  const number = await postAlert(desk, admin, { host: "ws-501", title: "Encoded PowerShell" });

  await test.step("the run appears in the list and opens", async () => {
    await expect(async () => {
      await analyst.goto("/runs");
      const row = analyst.getByRole("row").filter({ hasText: number });
      await expect(row.filter({ hasText: "Finished" })).toHaveCount(1, { timeout: 2000 });
    }).toPass({ timeout: 60_000 });
    await expectAccessible(analyst);
    await analyst.getByRole("row").filter({ hasText: number }).getByRole("link").first().click();
    await expect(analyst.getByRole("list", { name: "Claims of the run" })).toContainText(
      "Matches the evidence",
    );
    await expectAccessible(analyst);
  });

  await test.step("the request is there in its parts, to be searched", async () => {
    await analyst.getByRole("tab", { name: "Request" }).click();
    await analyst.getByRole("button", { name: "Evidence", exact: true }).click();
    const find = analyst.getByRole("searchbox", { name: "Find in the evidence" });
    await find.fill("ws-501");
    await expect(analyst.getByText(/^1 of \d+$/)).toBeVisible();
    await analyst.getByRole("button", { name: "Exact body" }).click();
    await expect(analyst.getByLabel("Exact text: request body")).toContainText('"model":"fake-1"');
    await expectAccessible(analyst);
  });

  await test.step("the answer, the events and the rebuilt prompt", async () => {
    const address = new URL(analyst.url());
    await analyst.goto(`${address.pathname}?view=answer`);
    await expect(analyst.getByLabel("Exact text: answer")).toContainText('{"claims":[');
    await analyst.getByRole("tab", { name: /^Events/ }).click();
    await expect(analyst.getByRole("table", { name: "Events of the run" })).toContainText("Ended");
    await analyst.getByRole("button", { name: "Rebuild the prompt" }).click();
    await expect(analyst.getByLabel("The prompt, rebuilt")).toContainText(/same/i);
  });

  await test.step("who reads no incidents does not read their runs", async () => {
    await admin.goto(new URL(analyst.url()).pathname);
    await expect(admin.getByRole("heading", { name: /does not open this page/ })).toBeVisible();
    await admin.goto("/runs?kind=summary");
    await expect(admin.getByText(number)).toHaveCount(0);
  });
});

test("limits are set with a reason, and the narrower one is never the larger", async ({
  browser,
}) => {
  const admin = await desk.signedIn(browser, "adam");
  await admin.goto("/models");
  await admin.getByRole("button", { name: "Set limits" }).click();
  const dialog = admin.getByRole("dialog", { name: "Set limits" });
  await dialog.getByLabel("One incident, in dollars").fill("0.50");
  await dialog.getByRole("button", { name: "Set limits" }).click();
  await expect(dialog.getByText("less than the narrower limit")).toBeVisible();
  await expect(dialog.getByText("Write a reason.")).toBeVisible();
  await expectAccessible(admin);
  await dialog.getByLabel("One run, in dollars").fill("0.25");
  await dialog.getByLabel("Why").fill("Small incidents need little.");
  await dialog.getByRole("button", { name: "Set limits" }).click();
  await expect(dialog).toBeHidden();
  await expect(admin.getByText("$0.25")).toBeVisible();
});

test("a lead switches the model off, and nothing more is sent to it", async ({ browser }) => {
  const [admin, lead] = [await desk.signedIn(browser, "adam"), await desk.signedIn(browser, "lea")];

  await test.step("one press and a reason", async () => {
    await lead.goto("/models");
    await expect(lead.getByRole("link", { name: "Add model" })).toHaveCount(0);
    await lead.getByRole("button", { name: "Switch off" }).click();
    const dialog = lead.getByRole("dialog", { name: "Switch the model off?" });
    await dialog.getByLabel("Why").fill("It writes nonsense tonight.");
    await dialog.getByRole("button", { name: "Switch off now" }).click();
    await expect(lead.getByRole("heading", { name: "No model is in force" })).toBeVisible();
    await expect(lead.getByRole("table", { name: "Activations" })).toContainText(
      "switched the model off",
    );
    await expectAccessible(lead);
  });

  await test.step("a new incident gets its summary by rules, and the model hears nothing of it", async () => {
    const number = await postAlert(desk, admin, { host: "ws-502", title: "Encoded PowerShell" });
    await expect(async () => {
      await lead.goto(`/incidents/${number}`);
      await expect(lead.getByText("Composed by rules").first()).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 30_000 });
    expect(desk.model.requests.filter(({ text }) => text.includes("ws-502"))).toEqual([]);
  });

  await test.step("another version is added and probed with a key of its own meanwhile", async () => {
    await admin.goto("/models");
    await admin.getByRole("link", { name: "on-prem" }).first().click();
    await admin.getByRole("link", { name: "New version from this" }).click();
    await expect(admin.getByRole("textbox", { name: "Key" })).toHaveValue("");
    await admin.getByRole("textbox", { name: "Key" }).fill("sk-of-the-second-9876");
    await admin.getByRole("button", { name: "Save and probe" }).click();
    await expect(admin.getByRole("heading", { name: /on-prem version 2/ })).toBeVisible();
    await expect(admin.getByText("It came back well.")).toBeVisible({ timeout: 30_000 });
  });
});
