/** Two people at one incident: they see each other, the queue marks it, and who comes second is told who was first. */
import { randomUUID } from "node:crypto";
import { expect, expectAccessible, test } from "./fixtures.ts";
import { awake, nameOn, newCase } from "./desk-steps.ts";

/** A beat, and a little more. */
const BEAT = { timeout: 20_000 };

test("whoever has the same incident open is named, and gone when they leave", async ({ desk }) => {
  const tag = `t${randomUUID().slice(0, 8)}`;
  const { number } = await newCase(desk, `${tag}-one`);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);
  const auditor = await desk.signIn("auditor", `/incidents/${number}`);
  await awake(auditor);
  const [analystName, auditorName] = [await nameOn(page), await nameOn(auditor)];

  await expect(auditor.getByRole("button", { name: "1 other is here" })).toBeVisible(BEAT);
  const here = page.getByRole("button", { name: "1 other is here" });
  await expect(here).toBeVisible(BEAT);
  await here.focus();
  await page.keyboard.press("Enter");
  const list = page.getByRole("list", { name: "Here now" });
  await expect(list).toContainText(auditorName);
  await expect(list).toContainText("reads along, since");
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  await test.step("the queue marks what somebody has open", async () => {
    const lead = await desk.signIn("lead", `/incidents?view=all&sort=opened&q=${tag}`);
    const row = lead.getByRole("row", { name: new RegExp(number) });
    await expect(row).toContainText("Open now:", BEAT);
    await expect(row).toContainText(analystName);
    await expect(row).toContainText(`${auditorName} (auditor)`);
    await expectAccessible(lead);
  });

  await test.step("who leaves is gone", async () => {
    await auditor.goto("/trail");
    await expect(here).toBeHidden(BEAT);
  });
});

test("a verdict over one that was not seen is not set, and says whose it is", async ({ desk }) => {
  const { number } = await newCase(desk, `t${randomUUID().slice(0, 8)}-two`);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  const second = await desk.signIn("second analyst", `/incidents/${number}`);
  await Promise.all([page, second].map(awake));
  const name = await nameOn(page);
  // What the second one sees stays as it is: the answer to what is new never comes.
  await second.context().route(/\/api\/incidents\/[^/]+\/page/, () => new Promise<void>(() => {}));
  await page.keyboard.press("2");
  await expect(page.getByRole("button", { name: "Verdict: Benign" })).toBeVisible();
  await second.keyboard.press("1");
  await expect(
    second.getByText(new RegExp(`The verdict is benign by now, by ${name} at`)).first(),
  ).toBeVisible();
  await expect(second.getByText(/Yours was not set\./).first()).toBeVisible();
});

test("the door of presence takes no token, no foreign page and no incident that there is not", async ({
  desk,
}) => {
  const { number } = await newCase(desk, `t${randomUUID().slice(0, 8)}-three`);
  const { id } = (await desk.read(`/api/incidents/${number}`)) as { id: string };
  const page = await desk.signIn("analyst");
  const knock = async (incident: string, headers: Record<string, string> = {}) =>
    (await page.request.post(`/api/incidents/${incident}/presence`, { headers })).status();
  expect(await knock(id)).toBe(200);
  expect(await knock(id, { "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await knock(number)).toBe(404);
  expect(await knock("00000000-0000-7000-8000-000000000000")).toBe(404);
  const byToken = await fetch(`${desk.demo.url}/api/incidents/${id}/presence`, {
    method: "POST",
    headers: { authorization: `Bearer ${desk.demo.readToken}` },
  });
  expect(byToken.status).toBe(403);
});
