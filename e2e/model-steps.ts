/** What stories do to put a model in force, as an admin does it on the screen. */
import type { Page } from "playwright/test";
import { shownRecords } from "./fake-model/claims-from-evidence.ts";
import type { FakeRequest } from "./fake-model/server.ts";
import type { GoodAnswer } from "./fake-model/faults.ts";
import { expect } from "./fixtures.ts";

type NewModel = {
  name: string;
  /** The model's id. */
  model: string;
  address: string;
  key: string;
};

/** What a good model answers to a probe: the tokens at either end of the evidence. Null for any other request. */
export function probeAnswer(request: FakeRequest): GoodAnswer | null {
  const held = shownRecords(request).flatMap(({ id, raw }) => {
    const token = /^token (\S+)$/.exec(raw ?? "")?.[1];
    return token ? [{ id, token }] : [];
  });
  if (held.length === 0) return null;
  const claims = held.map(({ id, token }) => ({
    text: `The record holds the token ${token}.`,
    kind: "observation",
    polarity: "affirmed",
    citations: [{ id, quote: token }],
    predicates: [],
  }));
  return { type: "claims", claims };
}

/** Adds a model on a server of one's own; ends on its page, with its probe come back. */
export async function addModel(page: Page, { name, model, address, key }: NewModel): Promise<void> {
  await page.goto("/models/new");
  await page.getByRole("combobox", { name: "Model or kind of server" }).click();
  await page.getByRole("option", { name: /vLLM/ }).click();
  await page.getByRole("textbox", { name: "Name of the profile" }).fill(name);
  await page.getByRole("textbox", { name: "Model id" }).fill(model);
  await page.getByRole("textbox", { name: "Address" }).fill(address);
  await page.getByRole("textbox", { name: "Key" }).fill(key);
  await page.getByRole("button", { name: "Save and probe" }).click();
  await page.waitForURL(/\/models\/[0-9a-f-]{36}$/);
  await expect(page.getByText("It came back well.")).toBeVisible({ timeout: 30_000 });
}

/** Evaluates the model whose page is open. */
export async function evaluateModel(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Evaluate/ }).click();
  await expect(page.getByRole("link", { name: "Put in force with this" }).first()).toBeVisible({
    timeout: 60_000,
  });
}

/** Signs for the model whose page is open; ends on the page of the models. */
export async function putInForce(
  page: Page,
  { reason, password }: { reason: string; password: string },
): Promise<void> {
  await page.getByRole("link", { name: "Put in force with this" }).first().click();
  await page.getByLabel("Why this model is put in force").fill(reason);
  await page.getByRole("button", { name: "Show the statement" }).click();
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Sign as admin" }).click();
  await page.waitForURL(/\/models$/);
}
