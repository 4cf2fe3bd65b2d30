/** The same story with a model that does not always tell what the evidence says. */
import { expect, test } from "playwright/test";
import type { Browser, Locator, Page } from "playwright/test";
import type { Answer, FakeRequest } from "./fake-model/answer.ts";
import { honestAnswer, shownRecords } from "./fake-model/claims-from-evidence.ts";
import { expectAccessible } from "./fixtures.ts";
import { activateEnvironment, addSource, isRepair, NONE, startModelDesk } from "./model-desk.ts";
import type { ModelDesk } from "./model-desk.ts";

const TITLE = "Encoded PowerShell from Word";
const SPRAY = "Many failed sign-ins";

/** A wrong address, a wrong number, a right number and an opinion. */
function sprayClaims(request: FakeRequest): unknown[] {
  const records = shownRecords(request);
  const { id, fields } = records.find((record) => record.kind === "event")!;
  const n = records.find((record) => record.kind === "alert")!.title.replace(`${SPRAY} `, "");
  const host = String(fields["host"]);
  const claim = (text: string, kind: string, predicates: unknown[] = []) => ({
    text,
    kind,
    polarity: "affirmed",
    citations: [{ id, quote: `"host":"${host}"` }],
    predicates,
  });
  const where = `host=${host} & outcome=failure`;
  const count = (n: number) => ({ ...NONE, op: "count", where, cmp: "eq", n });
  // the model is shown pseudonyms; an address of its own making goes out as it is
  const other = `10.0.${n}.17`;
  return [
    claim(`A sign-in to ${host} came from ${other}.`, "observation"),
    claim(`There are 7 failed sign-ins on ${host}.`, "count", [count(7)]),
    claim(`There are 5 failed sign-ins on ${host}.`, "count", [count(5)]),
    claim(`The sign-ins on ${host} look like password spraying.`, "assessment"),
  ];
}

let desk: ModelDesk;

/** What the model answers depends on the title of the alert it is shown; it mends nothing it was wrong about. */
function script(request: FakeRequest): Answer {
  if (isRepair(request)) return { type: "refusal" };
  const alert = shownRecords(request).find((record) => record.kind === "alert");
  const isOurs = alert?.title.startsWith(SPRAY) || alert?.title.startsWith(TITLE);
  if (!alert || !isOurs) return honestAnswer(request);
  if (alert.title.startsWith(SPRAY)) return { type: "claims", claims: sprayClaims(request) };
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

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  desk = await startModelDesk(script);
  await activateEnvironment(await desk.signedIn(browser, "adam"));
  await desk.leave();
});

test.afterAll(() => desk?.stop());
test.afterEach(() => desk.leave());

test("an admin adds a source, and the model's fabrications do not match the evidence", async ({
  browser,
}) => {
  const token = await test.step("a source is added and its token shown once", async () => {
    const admin = await desk.signedIn(browser, "adam");
    const shown = await addSource(admin, "Endpoint sensor");
    await expectAccessible(admin);
    return shown;
  });

  const analyst = await desk.signedIn(browser, "ana");

  await test.step("each claim of the model stands where the evidence puts it", async () => {
    const number = await postAlert(token, "model-1", TITLE);
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
});

test("a refusal and a broken stream are said in a sentence, and the rules summary stands", async ({
  browser,
}) => {
  const token = await addSource(await desk.signedIn(browser, "adam"), "Second sensor");
  const refused = await postAlert(token, "model-2", `${TITLE} refuse`);
  const broken = await postAlert(token, "model-3", `${TITLE} break`);
  const analyst = await desk.signedIn(browser, "ana");
  for (const [number, words] of [
    [refused, /refused/],
    [broken, /incomplete|broke|ended/i],
  ] as const) {
    await expect(async () => {
      await analyst.goto(`/incidents/${number}`);
      await expect(analyst.getByLabel("Model summary").getByText(words).first()).toBeVisible({
        timeout: 2000,
      });
    }).toPass({ timeout: 40_000 });
    await analyst.getByRole("button", { name: "Rules" }).click();
    await expect(analyst.getByLabel("Rules summary")).toContainText(TITLE);
  }
});

/** Posts one alert of a title into an incident of its own. */
function postAlert(token: string, id: string, title: string): Promise<string> {
  const from = { host: "ws-021", user: "j.doe" };
  const time = new Date().toISOString();
  return desk.postTo(token, id, { id, kind: "alert", time, severity: "high", title, ...from });
}

/** An incident of five failed sign-ins and an alert, with what the model says about it. */
async function openSpray(browser: Browser, n: number): Promise<Spray> {
  const name = `Sign-in log ${n}`;
  const token = await addSource(await desk.signedIn(browser, "adam"), name);
  const at = (second: number) => new Date(Date.now() - 600_000 + second * 1000).toISOString();
  const from = { host: `ws-${n}`, user: `user.${n}`, "source.ip": `10.0.${n}.71` };
  const number = await desk.postTo(token, `spray-${n}`, [
    ...Array.from({ length: 5 }, (_, each) => ({
      id: `spray-${n}-${each}`,
      kind: "event",
      time: at(each),
      action: "sign-in",
      outcome: "failure",
      ...from,
    })),
    {
      id: `spray-${n}`,
      kind: "alert",
      time: at(9),
      severity: "high",
      title: `${SPRAY} ${n}`,
      ...from,
    },
  ]);
  const page = await desk.signedIn(browser, "ana");
  const summary = page.getByLabel("Model summary");
  await expect(async () => {
    await page.goto(`/incidents/${number}`);
    await expect(summary).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 30_000 });
  return {
    number,
    page,
    claims: summary.getByRole("list", { name: "Claims" }).getByRole("listitem"),
    thread: page.getByRole("listbox", { name: "Thread" }),
  };
}

type Spray = { number: string; page: Page; claims: Locator; thread: Locator };

test("each claim explains itself", async ({ browser }) => {
  const { page, claims } = await openSpray(browser, 114);

  await test.step("a near miss names the record that has the other spelling", async () => {
    await expect(claims.nth(0)).toContainText(
      /10\.0\.114\.17 is not in the evidence; 10\.0\.114\.71 is, in E\d/,
    );
    await claims
      .nth(0)
      .getByRole("button", { name: /^Open E\d+$/ })
      .first()
      .click();
    const record = page.getByRole("region", { name: "Record", exact: true });
    await expect(record).toContainText("10.0.114.71");
    await page.keyboard.press("Escape");
    await expect(record).toHaveCount(0);
  });

  await test.step("a claim's checks open by a key, what failed first", async () => {
    await expect(claims.nth(1)).toContainText("claim 7, evidence 5");
    await claims.nth(1).focus();
    await page.keyboard.press("x");
    const checks = claims.nth(1).getByRole("table", { name: "Checks of this claim" });
    await expect(checks.getByRole("row").nth(1)).toContainText("the claim has 2 too many");
    await page.keyboard.press("Enter");
    await expect(checks).toHaveCount(0);
    await page.keyboard.press("Enter");
    await checks.getByRole("button", { name: /checks held$/ }).click();
    await expect(checks).toContainText("word for word");
    await expect(claims.nth(3)).toContainText("The model's judgement");
    await expectAccessible(page);
  });

  await test.step("a claim is taken away as text, and its link leads back to it", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await claims.nth(3).hover();
    await page.getByRole("button", { name: "Copy claim 4 with its citations" }).click();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain("The sign-ins on ws-114 look like password spraying.");
    expect(text).toContain('"host":"ws-114"');
    const link = /\bhttp\S+$/.exec(text)?.[0];
    await page.goto(link!);
    await expect(claims.nth(3)).toHaveAttribute("aria-current", "true");
    await expect(claims.nth(3)).toBeInViewport();
  });
});

test("a number leads to the records behind it, and the meter to what is missing", async ({
  browser,
}) => {
  const { number, page, claims, thread } = await openSpray(browser, 115);

  await test.step("the records that were counted are listed, and nothing else", async () => {
    await claims.nth(2).getByRole("button", { name: "Show the 5 records" }).click();
    const query = page.getByRole("group", { name: "Query of the thread" });
    await expect(query).toContainText("host is ws-115 and outcome is failure");
    await expect(query).toContainText("5 records");
    await expect(thread.getByRole("option")).toHaveCount(5);
    await expectAccessible(page);
    await page.reload();
    await expect(query).toContainText("5 records");
    await query.getByRole("button", { name: "Remove the query" }).click();
    await expect(query).toHaveCount(0);
    await expect(thread.getByRole("option", { name: /Many failed sign-ins/ })).toBeVisible();
  });

  await test.step("a query that cannot be read says why, over the whole thread", async () => {
    await page.goto(`/incidents/${number}?where=shoe%3D42`);
    await expect(page.getByText("cannot be read: no such field: shoe")).toBeVisible();
    await expect(thread.getByRole("option", { name: /Many failed sign-ins/ })).toBeVisible();
  });

  await test.step("the meter tells how complete the evidence is, source by source", async () => {
    const meter = page.getByRole("region", { name: "Completeness of the evidence" });
    await meter.getByRole("button", { name: /1 source/ }).click();
    await expect(meter.getByRole("row", { name: /Sign-in log 115 6 records/ })).toBeVisible();
    await expectAccessible(page);
  });
});
