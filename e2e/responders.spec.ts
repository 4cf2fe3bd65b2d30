/** What was signed, carried out: by the simulation, by a SOAR behind a webhook, by firewalls that fetch a list. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright/test";
import type { Asked, TestServer } from "#lib/connectors/responders/testing-server.ts";
import { startServer } from "#lib/connectors/responders/testing-server.ts";
import { awake, demoIncident, summarisedCase } from "./desk-steps.ts";
import { expect, expectAccessible, personOf, test } from "./fixtures.ts";
import type { Desk } from "./fixtures.ts";

const KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const runOf = (page: Page) =>
  page.getByRole("list", { name: "Response actions" }).getByRole("listitem").first();

let soar: TestServer;
/** What one story leaves to the next. */
let blocked: { number: string; token: string } | null = null;
test.describe.configure({ mode: "serial", timeout: 240_000 });
test.beforeAll(async () => {
  soar = await startServer(() => ({ status: 202 }));
});
test.afterAll(() => soar?.close());

/** An incident with one action on one target, proposed by an analyst and signed by the lead. */
async function contained(
  desk: Desk,
  action: string,
  target: string,
): Promise<{ page: Page; number: string }> {
  const { number } = await summarisedCase(desk, `respond-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst");
  await page.goto(`/incidents/${number}`);
  await awake(page);
  await page.keyboard.press("t");
  const dialog = page.getByRole("dialog", { name: "Propose containment" });
  await dialog.getByRole("combobox", { name: "Action 1" }).click();
  await page.getByRole("option", { name: action }).click();
  await dialog.getByLabel("Target 1").fill(target);
  await dialog.getByLabel("Why").fill("It has to stop before anybody is up.");
  await dialog.getByRole("button", { name: "Propose containment" }).click();
  await expect(dialog).toBeHidden();
  await signed(desk, number);
  await page.goto(`/incidents/${number}?pane=decisions`);
  await awake(page);
  return { page, number };
}

async function signed(desk: Desk, number: string): Promise<void> {
  const { decisions } = (await desk.read(`/api/incidents/${number}/decisions`)) as {
    decisions: { id: string; incidentId: string; state: string }[];
  };
  const { id, incidentId } = decisions.find(({ state }) => state === "proposed")!;
  const lead = await desk.signIn("lead");
  await lead.goto(`/incidents/${incidentId}/decisions/${id}`);
  await lead.getByLabel("Your password").fill(personOf(desk.demo, "lead").password);
  await lead.getByRole("button", { name: "Sign as lead" }).click();
  await expect(lead.getByLabel(/^Seal of /).first()).toBeVisible();
}

async function act(admin: Page, on: string, item: string): Promise<void> {
  await admin.getByRole("button", { name: `Acts on ${on}` }).click();
  await admin.getByRole("menuitem", { name: item }).click();
}

async function tokenShown(admin: Page, name: string): Promise<string> {
  const dialog = admin.getByRole("dialog", { name: `Token of ${name}` });
  const token = await dialog.getByRole("region", { name: "Token", exact: true }).textContent();
  await expectAccessible(admin);
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(admin).toHaveURL(/\/responders$/);
  return token!.trim();
}

function fetchList(desk: Desk, token: string, query: string, headers: Record<string, string> = {}) {
  return fetch(`${desk.demo.url}/api/block-list${query}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
}

async function linesOf(desk: Desk, token: string): Promise<string[]> {
  const text = await (await fetchList(desk, token, "?kind=address")).text();
  return text.split("\n").filter((line) => /^[^#]/.test(line));
}

test("the demo's containment was carried out by the simulation, which says what it is", async ({
  desk,
}) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const page = await desk.signIn("analyst");
  await page.goto(`/incidents/${number}?pane=decisions`);
  const run = runOf(page);
  await run.getByText(/^by Simulation, 1 attempt/).click();
  await expect(run.getByText("no system is asked")).toBeVisible();
  await expect(run.getByText("Attempt 1")).toBeVisible();
  await expectAccessible(page);
});

test("an admin tries a responder, and hands one action to another", async ({ desk }) => {
  const admin = await desk.signIn("admin");
  await admin.goto("/responders");
  const table = admin.getByRole("table", { name: "Responders in force" });
  await expect(table.getByRole("row", { name: /Simulation/ })).toContainText("Isolate host");
  await expectAccessible(admin);

  await test.step("a dry run says what would be asked", async () => {
    await act(admin, "Simulation", "Dry run");
    await admin.getByRole("textbox", { name: "Target" }).fill("ws-014-missing");
    await admin.getByRole("button", { name: "Make the dry run" }).click();
    await expect(table.getByText("Would not work")).toBeVisible({ timeout: 15_000 });
    await expect(table.getByText("there is no such target")).toBeVisible();
  });

  await test.step("the simulation leaves two actions to others, as its next version", async () => {
    await act(admin, "Simulation", "Change");
    await admin.getByRole("checkbox", { name: "Isolate host" }).click();
    await admin.getByRole("checkbox", { name: "Block indicator" }).click();
    await admin.getByRole("button", { name: "Put in force" }).click();
    await expect(admin).toHaveURL(/\/responders$/);
    await expect(table.getByText("version 2")).toBeVisible();
    await expect(
      admin.getByText("Carried out by hand: Isolate host, Block indicator."),
    ).toBeVisible();
  });

  await test.step("what cannot be is refused at its field", async () => {
    await admin.getByRole("link", { name: "Add responder" }).click();
    await admin.getByRole("textbox", { name: "Name" }).fill("SOAR");
    await admin.getByRole("textbox", { name: "Address" }).fill("soar");
    await admin.getByRole("textbox", { name: "Signing keys" }).fill("a key");
    await admin.getByRole("button", { name: "Put in force" }).click();
    await expect(admin.getByText("Write an absolute address")).toBeVisible();
    await expect(admin.getByRole("textbox", { name: "Address" })).toBeFocused();
    await expectAccessible(admin);
  });
});

test("a SOAR is told by a signed message, reads the target with its token, and nothing is called verified", async ({
  desk,
}) => {
  const admin = await desk.signIn("admin");
  await admin.goto("/responders/new");
  await admin.getByRole("textbox", { name: "Name" }).fill("SOAR");
  await admin.getByRole("checkbox", { name: "Block indicator" }).click();
  await admin.getByRole("textbox", { name: "Address" }).fill(`${soar.url}/hook`);
  await admin.getByRole("textbox", { name: "Signing keys" }).fill(KEY);
  await admin.getByRole("textbox", { name: "Networks of your own" }).fill("127.0.0.0/8");
  await admin.getByRole("button", { name: "Put in force" }).click();
  const token = await tokenShown(admin, "SOAR");
  expect(await admin.content()).not.toContain(KEY);

  const { page } = await contained(desk, "Isolate host", "ws-014.corp.example");
  await expect.poll(() => soar.asked.length, { timeout: 20_000 }).toBe(1);
  const told = soar.asked[0] as Asked;
  expect(told.body).not.toContain("ws-014");
  expect(told.headers["webhook-signature"]).toMatch(/^v1,/);
  const run = (JSON.parse(told.body) as { data: { run: string } }).data.run;
  const read = (bearer: string, id = run) =>
    fetch(`${desk.demo.url}/api/responses/${id}`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
  expect(await (await read(token)).json()).toMatchObject({ run, target: "ws-014.corp.example" });
  expect((await read(token, randomUUID())).status).toBe(404);
  expect((await read(desk.demo.readToken)).status).toBe(403);
  await expect(runOf(page)).toContainText("Outcome unknown");
  await runOf(page).getByRole("button", { name: "Check again" }).click();
  await expect(page.getByText("The system is asked again")).toBeVisible();
  await expect(runOf(page)).toContainText("what came of it is known there and not here");
  expect(soar.asked).toHaveLength(1);
});

test("a blocked address stands in the list, and is verified when a firewall came for it", async ({
  desk,
}) => {
  const admin = await desk.signIn("admin");
  await admin.goto("/responders/new");
  await admin.getByRole("combobox", { name: "Kind" }).click();
  await admin.getByRole("option", { name: /Firewall block list/ }).click();
  await admin.getByRole("textbox", { name: "Name" }).fill("Edge firewalls");
  await admin.getByRole("button", { name: "Put in force" }).click();
  const token = await tokenShown(admin, "Edge firewalls");
  const list = (query: string, headers: Record<string, string> = {}) =>
    fetchList(desk, token, query, headers);
  const { page, number } = await contained(desk, "Block indicator", "185.220.101.4");
  await expect.poll(() => linesOf(desk, token), { timeout: 20_000 }).toEqual(["185.220.101.4"]);
  blocked = { number, token };

  await test.step("as plain text, once for each version of it, to nobody else", async () => {
    const answer = await list("?kind=address");
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const etag = answer.headers.get("etag")!;
    expect((await list("?kind=address", { "if-none-match": etag })).status).toBe(304);
    expect((await list("?kind=hash")).status).toBe(400);
    expect((await list("", { authorization: `Bearer ${desk.demo.readToken}` })).status).toBe(403);
    expect((await list("", { authorization: "Bearer cs_rsp_nobody" })).status).toBe(401);
  });

  await test.step("it is verified by a firewall that came for it", async () => {
    await expect(async () => {
      await list("?kind=address");
      await runOf(page).getByRole("button", { name: "Check again" }).click();
      await expect(runOf(page)).toContainText("A firewall fetched the list", { timeout: 3_000 });
    }).toPass({ timeout: 30_000 });
  });
});

test("it is taken off the list like anything else is done: proposed, signed, carried out", async ({
  desk,
}) => {
  const { number, token } = blocked!;
  const page = await desk.signIn("analyst");
  await page.goto(`/incidents/${number}?pane=decisions`);
  await awake(page);
  await runOf(page).getByRole("button", { name: "Propose taking it back" }).click();
  const dialog = page.getByRole("dialog", { name: "Propose containment" });
  await expect(dialog.getByText("Take back: block indicator")).toBeVisible();
  await dialog.getByLabel("Why").fill("It was our own partner's address after all.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Propose containment" }).click();
  await expect(dialog).toBeHidden();
  await signed(desk, number);
  await expect.poll(() => linesOf(desk, token), { timeout: 20_000 }).toEqual([]);
  await page.reload();
  await expect(page.getByText("Taken back by a later decision.")).toBeVisible();
  await expectAccessible(page);
});

test("a retired responder is asked nothing more, and its token opens nothing", async ({ desk }) => {
  const admin = await desk.signIn("admin");
  await admin.goto("/responders");
  for (const name of ["SOAR", "Edge firewalls"]) {
    await act(admin, name, "Retire");
    await admin.getByRole("button", { name: "Retire responder" }).click();
    await expect(admin.getByText(`${name} is retired`)).toBeVisible();
  }
  await expect(admin.getByRole("heading", { name: "Retired", exact: true })).toBeVisible();
  await expectAccessible(admin);
  const { page } = await contained(desk, "Isolate host", "ws-015.corp.example");
  await expect(runOf(page)).toContainText("No responder serves this action");
  expect(soar.asked).toHaveLength(1);
});
