/** A desk of its own with a model that answers what a test tells it to: what the model's stories share. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "playwright/test";
import type { Browser, BrowserContext, Page } from "playwright/test";
import { startFakeModel } from "./fake-model/server.ts";
import type { FakeModel } from "./fake-model/server.ts";
import type { FakeRequest, Script } from "./fake-model/answer.ts";
import { signInAs } from "./fixtures.ts";
import { evaluateModel, putInForce } from "./model-steps.ts";
import { startCountersign } from "./supervisor.ts";
import type { Running } from "./supervisor.ts";

export const PASSWORD = "a long enough password";

const PEOPLE = [
  ["Ana", "analyst"],
  ["Ben", "analyst"],
  ["Lea", "lead"],
  ["Adam", "admin"],
] as const;

export type ModelDesk = {
  running: Running;
  model: FakeModel;
  /** A page of its own for a person, by first name in small letters. */
  signedIn: (browser: Browser, name: string) => Promise<Page>;
  /** Posts records into the incident of a key and gives its number. */
  postTo: (token: string, key: string, body: unknown) => Promise<string>;
  /** Closes the pages of the test that ends. */
  leave: () => Promise<void>;
  stop: () => Promise<void>;
};

/**
 * Starts Countersign without its demo, with four people and a model that nobody has put in force yet; `named`: the
 * environment names it, so that its profile is there already.
 */
export async function startModelDesk(
  script: Script,
  { named = true }: { named?: boolean } = {},
): Promise<ModelDesk> {
  const home = await mkdtemp(join(tmpdir(), "countersign-model-"));
  const model = await startFakeModel({ script, countsTokens: true });
  const env = {
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: "test-key",
    ANTHROPIC_MODEL: "fake-1",
  };
  const running = await startCountersign({
    home,
    args: ["--no-demo"],
    env: named ? env : {},
  });
  for (const [name, role] of PEOPLE) addPerson(home, name, role);
  const contexts: BrowserContext[] = [];
  return {
    running,
    model,
    signedIn: async (browser, name) => {
      const viewport = { width: 1440, height: 900 };
      const context = await browser.newContext({ baseURL: running.url, viewport });
      contexts.push(context);
      await signInAs(context, { email: `${name}@desk.example`, password: PASSWORD });
      return context.newPage();
    },
    postTo: async (token, key, body) => {
      const answer = await fetch(`${running.url}/api/alerts?incident=${key}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(202);
      return ((await answer.json()) as { incidents: { number: string }[] }).incidents[0]!.number;
    },
    leave: async () => {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
    },
    stop: async () => {
      await running.stop();
      await model.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export function addPerson(home: string, name: string, role: string): void {
  const added = spawnSync(
    process.execPath,
    [
      ...["lib/cli/person.ts", "add", "--data-dir", home, "--role", role, "--name", name],
      ...["--email", `${name.toLowerCase()}@desk.example`],
    ],
    { input: `${PASSWORD}\n`, encoding: "utf8" },
  );
  expect(added.status, added.stderr).toBe(0);
}

/** Puts the model of the environment in force as an admin does: evaluated first, then signed for. */
export async function activateEnvironment(admin: Page): Promise<void> {
  await admin.goto("/models");
  await admin.getByRole("link", { name: "environment" }).click();
  await evaluateModel(admin);
  await putInForce(admin, { reason: "It was tried out on made-up data.", password: PASSWORD });
  await expect(admin.getByLabel("Model in force")).toContainText("fake-1");
}

/** Switches the model off, as a lead or an admin does. */
export async function stopModel(page: Page): Promise<void> {
  await page.goto("/models");
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("dialog").getByLabel("Why").fill("The story is told.");
  await page.getByRole("button", { name: "Switch off now" }).click();
  await expect(page.getByRole("region", { name: "Model in force" })).toContainText(
    "No model is in force",
  );
}

/** Adds a source and gives its token, which is shown once. */
export async function addSource(admin: Page, name: string): Promise<string> {
  await admin.goto("/sources");
  await admin.getByRole("button", { name: "Add source" }).first().click();
  await admin.getByLabel("Name").fill(name);
  await admin.getByRole("dialog").getByRole("button", { name: /^Add/ }).click();
  const shown = await admin
    .getByText(/^cs_src_/)
    .first()
    .textContent();
  await admin.reload();
  await expect(admin.getByText(/^cs_src_/)).toHaveCount(0);
  return shown!.trim();
}

/** Posts an alert of this title by a new source into an incident of its own; gives its number. */
export async function postAlert(
  desk: ModelDesk,
  admin: Page,
  { host, title }: { host: string; title: string },
): Promise<string> {
  const token = await addSource(admin, `Sensor of ${host}`);
  const time = new Date().toISOString();
  const id = `alert-${host}`;
  return desk.postTo(token, host, { id, kind: "alert", time, severity: "high", title, host });
}

/** The request that sends a summary's failed claims back. */
export function isRepair({ text }: Pick<FakeRequest, "text">): boolean {
  return text.includes("The claims in the fenced block did not hold in full");
}

/** A predicate of which nothing is used yet. */
export const NONE = {
  evidence: [] as string[],
  where: "",
  field: "",
  value: "",
  cmp: "none",
  n: 0,
  within_s: 0,
};
