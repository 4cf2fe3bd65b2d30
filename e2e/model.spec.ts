/** The same story with a model that does not always tell what the evidence says. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "playwright/test";
import type { Browser, BrowserContext, Page } from "playwright/test";
import { shownRecords } from "./fake-model/claims-from-evidence.ts";
import { startFakeModel } from "./fake-model/server.ts";
import type { Answer, FakeModel, FakeRequest } from "./fake-model/server.ts";
import { expectAccessible, signInAs } from "./fixtures.ts";
import { startCountersign } from "./supervisor.ts";
import type { Running } from "./supervisor.ts";

const PASSWORD = "a long enough password";
const TITLE = "Encoded PowerShell from Word";
const NONE = {
  evidence: [] as string[],
  where: "",
  field: "",
  value: "",
  cmp: "none",
  n: 0,
  within_s: 0,
};

let home: string;
let model: FakeModel;
let running: Running;

/** What the model answers depends on the title of the alert it is shown. */
function script(request: FakeRequest): Answer {
  const alert = shownRecords(request).find((record) => record.kind === "alert")!;
  if (alert.title.includes("refuse")) return { type: "refusal", category: "cyber" };
  const claim = (text: string, host: string) => ({
    text,
    kind: "observation",
    polarity: "affirmed",
    citations: [{ id: alert.id, quote: TITLE }],
    predicates: [
      { ...NONE, op: "field", evidence: [alert.id], field: "alert.title", value: TITLE },
      { ...NONE, op: "field", evidence: [alert.id], field: "host", value: host },
    ],
  });
  const good = claim(`"${TITLE}" is an alert on ws-021.`, "ws-021");
  if (alert.title.includes("break"))
    return { type: "broken", partial: `{"claims":[${JSON.stringify(good)},{"text":"` };
  return {
    type: "claims",
    claims: [
      good,
      claim(`"${TITLE}" is an alert on ws-999.`, "ws-999"),
      { ...good, citations: [{ id: alert.id, quote: "these words stand nowhere" }] },
    ],
  };
}

test.beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "countersign-model-"));
  model = await startFakeModel({ script });
  running = await startCountersign({
    home,
    args: ["--no-demo"],
    env: {
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "test-key",
      ANTHROPIC_MODEL: "fake-1",
    },
  });
  for (const [name, role] of [
    ["Ana", "analyst"],
    ["Ben", "analyst"],
    ["Adam", "admin"],
  ] as const) {
    const added = spawnSync(
      process.execPath,
      [
        "lib/cli/person.ts",
        "add",
        "--data-dir",
        home,
        "--role",
        role,
        "--name",
        name,
        "--email",
        `${name.toLowerCase()}@desk.example`,
      ],
      { input: `${PASSWORD}\n`, encoding: "utf8" },
    );
    expect(added.status, added.stderr).toBe(0);
  }
});

test.afterAll(async () => {
  await running?.stop();
  await model?.close();
  await rm(home, { recursive: true, force: true });
});

const contexts: BrowserContext[] = [];
test.afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));

async function signedIn(browser: Browser, name: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: running.url,
    viewport: { width: 1440, height: 900 },
  });
  contexts.push(context);
  const page = await context.newPage();
  await signInAs(page, { email: `${name}@desk.example`, password: PASSWORD });
  return page;
}

test("an admin adds a source, and the model's fabrications do not match the evidence", async ({
  browser,
}) => {
  const token = await test.step("a source is added and its token shown once", async () => {
    const admin = await signedIn(browser, "adam");
    await admin.goto("/sources");
    await admin.getByRole("button", { name: "Add source" }).first().click();
    await admin.getByLabel("Name").fill("Endpoint sensor");
    await admin.getByRole("dialog").getByRole("button", { name: /^Add/ }).click();
    const shown = await admin
      .getByText(/^cs_src_/)
      .first()
      .textContent();
    await admin.reload();
    await expect(admin.getByText(/^cs_src_/)).toHaveCount(0);
    await expectAccessible(admin);
    return shown!.trim();
  });

  const post = async (id: string, title: string): Promise<string> => {
    const answer = await fetch(`${running.url}/api/alerts?incident=${id}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        id,
        kind: "alert",
        time: new Date().toISOString(),
        severity: "high",
        title,
        host: "ws-021",
        user: "j.doe",
      }),
    });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { incidents: { number: string }[] }).incidents[0]!.number;
  };

  const analyst = await signedIn(browser, "ana");

  await test.step("each claim of the model stands where the evidence puts it", async () => {
    const number = await post("model-1", TITLE);
    await analyst.goto(`/incidents/${number}`);
    const summary = analyst.getByLabel("Model summary");
    await expect(async () => {
      await analyst.reload();
      await expect(summary).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 30_000 });
    const claims = summary.getByRole("list", { name: "Claims" }).getByRole("listitem");
    await expect(claims.nth(0)).toContainText("Matches the evidence");
    await expect(claims.nth(1)).not.toContainText("Matches the evidence");
    await expect(claims.nth(1)).toContainText(/Not in the evidence|Conflicts with the evidence/);
    await expect(claims.nth(2)).toContainText("Not in the evidence");
    await expectAccessible(analyst);
  });

  await test.step("closure asks for the unsettled claims to be waived by name", async () => {
    await analyst.getByRole("button", { name: /^Close/ }).click();
    const dialog = analyst.getByRole("dialog");
    await dialog.getByText("True positive").click();
    await dialog
      .getByLabel("Why")
      .fill("Confirmed with the account holder; the document was removed.");
    await expect(dialog.getByRole("checkbox")).toHaveCount(2);
    const propose = dialog.getByRole("button", { name: "Propose closure" });
    await expect(propose).toBeDisabled();
    for (const box of await dialog.getByRole("checkbox").all()) await box.click();
    await propose.click();
    await expect(dialog).toBeHidden();
  });

  await test.step("a refusal and a broken stream are said in a sentence, and the rules summary stands", async () => {
    for (const [id, title, words] of [
      ["model-2", `${TITLE} refuse`, /refused/],
      ["model-3", `${TITLE} break`, /incomplete|broke|ended/i],
    ] as const) {
      const number = await post(id, title);
      await expect(async () => {
        await analyst.goto(`/incidents/${number}`);
        await expect(analyst.getByLabel("Model summary").getByText(words).first()).toBeVisible({
          timeout: 2000,
        });
      }).toPass({ timeout: 30_000 });
    }
  });
});
