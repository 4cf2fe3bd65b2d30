/** The desk by keyboard, what the screens keep, and whether everybody can use them. */
import { randomUUID } from "node:crypto";
import { expect, expectAccessible, personOf, test } from "./fixtures.ts";
import {
  awake,
  look,
  expectAccessibleWith,
  nameOn,
  demoIncident,
  newCase,
  summarisedCase,
  proposeClosure,
} from "./desk-steps.ts";

test("the queue is worked by keyboard, and whoever comes second is told the owner", async ({
  desk,
}) => {
  // A letter first: eight digits would be looked for as the number of an incident.
  const tag = `t${randomUUID().slice(0, 8)}`;
  const cases = [await newCase(desk, `${tag}-one`), await newCase(desk, `${tag}-two`)];
  const page = await desk.signIn("analyst");
  const second = await desk.signIn("second analyst");
  await Promise.all(
    [page, second].map((each) => each.goto(`/incidents?view=all&sort=opened&q=${tag}`)),
  );
  await Promise.all([page, second].map(awake));
  const links = page.getByRole("table", { name: "Incidents" }).getByRole("link");
  await expect(links).toHaveCount(2);

  for (const [key, row] of [
    ["j", 0],
    ["j", 1],
    ["k", 0],
  ] as const) {
    await page.keyboard.press(key);
    await expect(links.nth(row)).toBeFocused();
  }

  const name = await nameOn(page);
  await page.keyboard.press("a");
  await expect(page.getByText(`${cases[1]!.number} is yours`)).toBeVisible();
  await expect(page.getByRole("row", { name: new RegExp(cases[1]!.number) })).toContainText(name);

  await second.keyboard.press("j");
  await expect(second.getByRole("link", { name: new RegExp(cases[1]!.number) })).toBeFocused();
  await second.keyboard.press("a");
  const owned = new RegExp(`belongs to ${name}|${name} has this incident`);
  await expect(second.getByText(owned).first()).toBeVisible();

  await page.keyboard.press("/");
  const words = page.getByRole("searchbox", { name: "Filter incidents" });
  await expect(words).toBeFocused();
  await words.fill(cases[0]!.host);
  await expect(links).toHaveCount(1);
  await words.press("Enter");
  await page.keyboard.press("j");
  await expect(links.nth(0)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/incidents/${cases[0]!.number}`));
});

test("filters and order survive a reload, and a number is jumped to", async ({ desk }) => {
  const page = await desk.signIn("analyst");
  await page.goto("/incidents?view=all");
  await awake(page);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("menuitemcheckbox", { name: "Medium" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Sort:/ }).click();
  await page.getByRole("menuitemradio", { name: "Newest first" }).click();
  await expect(page).toHaveURL(/q=severity(?::|%3A)medium/);
  await expect(page).toHaveURL(/sort=opened/);
  await page.reload();
  await expect(page.getByRole("button", { name: "Medium", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Sort: Newest first" })).toBeVisible();
  await expect(page.getByRole("row", { name: / High / })).toHaveCount(0);

  const { number, title } = await demoIncident(desk, (row) => row.contained);
  await awake(page);
  await page.keyboard.press("Control+k");
  const jump = page.getByRole("combobox", { name: "Search, or go anywhere" });
  await expect(jump).toBeFocused();
  await jump.fill(`inc-${Number(number.slice(4))}`);
  await jump.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
});

test("an incident is worked by keyboard", async ({ desk }) => {
  const { number } = await summarisedCase(desk, `keys-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst");
  await page.goto(`/incidents/${number}`);
  await awake(page);

  await test.step("a note stands in the thread in a person's voice", async () => {
    await page.keyboard.press("n");
    const note = page.getByRole("textbox", { name: "Note" });
    await expect(note).toBeFocused();
    await note.fill("Called the account holder.");
    await note.press("Control+Enter");
    const line = page.getByRole("option", { name: /Called the account holder\./ });
    await expect(line).toContainText(await nameOn(page));
    await expect(line.locator('[data-voice="person"]')).toHaveText("Called the account holder.");
    await expect(note).toHaveValue("");
    await note.press("Escape");
  });

  await test.step("a verdict is set, and taken back from the toast", async () => {
    await page.keyboard.press("1");
    await expect(page.getByRole("button", { name: "Verdict: True positive" })).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("button", { name: "Verdict: No verdict" })).toBeVisible();
  });

  await test.step("the status goes on hold and back", async () => {
    await page.getByRole("button", { name: /^Status:/ }).click();
    await page.getByRole("menuitemradio", { name: "On hold" }).click();
    await page.getByRole("button", { name: "Status: On hold" }).click();
    await page.getByRole("menuitemradio", { name: "In progress" }).click();
    await expect(page.getByRole("button", { name: "Status: In progress" })).toBeVisible();
  });

  const claims = page
    .getByRole("list", { name: "Claims" })
    .getByRole("listitem", { name: /^Claim \d+$/ });
  await test.step("a claim is accepted", async () => {
    await page.keyboard.press("Shift+J");
    await expect(claims.nth(0)).toBeFocused();
    await page.keyboard.press("y");
    await expect(claims.nth(0).getByRole("list", { name: "Reviews" })).toContainText(
      "accepted this claim",
    );
  });

  await test.step("another is corrected, and the machine's standing stays", async () => {
    await page.keyboard.press("Shift+J");
    await expect(claims.nth(1)).toBeFocused();
    await expect(claims.nth(1)).toContainText("Matches the evidence");
    await page.keyboard.press("r");
    const dialog = page.getByRole("dialog", { name: "Correct the claim" });
    await dialog.getByLabel("What it should say").fill("The sign-ins came from our own proxy.");
    await dialog.getByLabel("Reason").fill("The address is ours.");
    await dialog.getByRole("button", { name: "Correct claim" }).click();
    await expect(dialog).toBeHidden();
    const reviews = claims.nth(1).getByRole("list", { name: "Reviews" });
    await expect(reviews).toContainText("The sign-ins came from our own proxy.");
    await expect(reviews).toContainText("The address is ours.");
    await expect(claims.nth(1)).toContainText("Matches the evidence");
  });

  await test.step("a record is opened and closed", async () => {
    await page.keyboard.press("j");
    await expect(page.getByRole("listbox", { name: "Thread" })).toBeFocused();
    // the first line is of repeats, which open in place
    await page.keyboard.press("Enter");
    await expect(page.getByRole("option", { name: /Repeats, opened/ })).toBeVisible();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const record = page.getByRole("region", { name: "Record", exact: true });
    await expect(record).toContainText("E1");
    await page.keyboard.press("Escape");
    await expect(record).toHaveCount(0);
  });
});

test("a record in the address is in the first paint, before any script has run", async ({
  desk,
  browser,
}) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const signedIn = await desk.signIn("analyst");
  await signedIn.goto(`/incidents/${number}`);
  const thread = signedIn.getByRole("listbox", { name: "Thread" });
  // a record's line ends with its label, that of repeats with when they end
  await thread.getByRole("option").filter({ hasText: /E\d+$/ }).nth(10).click();
  await expect(signedIn).toHaveURL(/record=/);
  const url = signedIn.url();
  const opened = await thread.getByRole("option", { selected: true }).textContent();
  const storageState = await signedIn.context().storageState();
  const still = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  const page = await still.newPage();
  await page.route("**/_next/static/**/*.js", (route) => route.abort());
  await page.goto(url);
  const line = page.getByRole("option", { selected: true });
  await expect(line).toBeInViewport();
  expect(await line.textContent()).toBe(opened);
  await still.close();
  await signedIn.reload();
  await awake(signedIn);
  await expect(thread.getByRole("option", { selected: true })).toBeInViewport();
});

test("a proposal is withdrawn by its proposer, another rejected with a reason", async ({
  desk,
}) => {
  const { number } = await summarisedCase(desk, `propose-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst");
  await proposeClosure(page, number);
  await page.getByRole("link", { name: "Review", exact: true }).click();
  await page.getByRole("button", { name: "Withdraw proposal" }).click();
  await expect(page.getByText("Closure: withdrawn").first()).toBeVisible();

  await proposeClosure(page, number);
  const second = await desk.signIn("second analyst");
  await second.goto(`/incidents/${number}`);
  await second.getByRole("link", { name: "Review and sign" }).click();
  await second.getByLabel("Your password").fill(personOf(desk.demo, "second analyst").password);
  await second.getByLabel("Reason").fill("The account holder has not been reached yet.");
  await second.getByRole("button", { name: "Reject" }).click();
  await expect(second.getByText("Closure: rejected").first()).toBeVisible();
  await expect(
    second.getByText("The account holder has not been reached yet.").first(),
  ).toBeVisible();
});

test("an outcome is recorded on a containment in effect", async ({ desk }) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const page = await desk.signIn("analyst");
  await page.goto(`/incidents/${number}?pane=decisions`);
  await awake(page);
  const actions = page.getByRole("list", { name: "Response actions" });
  await actions.getByRole("button", { name: "Record outcome" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Record outcome" });
  await dialog.getByRole("radio", { name: "Verified", exact: true }).click();
  await dialog.getByLabel("Detail").fill("The host answers nobody.");
  await dialog.getByRole("button", { name: "Record outcome" }).click();
  await expect(dialog).toBeHidden();
  await expect(actions.getByRole("listitem").first()).toContainText("Verified");
});

test("what an intruder wrote is shown as text and does nothing", async ({ desk }) => {
  const host = `hostile-${randomUUID().slice(0, 8)}`;
  const title = `<img src=x onerror=alert(1)>\u200B on ${host} \u202Egpj.exe`;
  const { incidents } = await desk.post([
    { id: randomUUID(), kind: "alert", severity: "high", title, host },
  ]);
  const shell = await demoIncident(desk, (row) => row.title.includes("ASPX web shell"));
  const page = await desk.signIn("analyst");
  const done: string[] = [];
  page.on("dialog", (dialog) => done.push(dialog.message()));
  page.on("request", (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin !== desk.demo.url || pathname.endsWith("/x")) done.push(request.url());
  });
  await page.goto(`/incidents/${shell.number}?q=IGNORE+ALL`);
  await page.getByRole("option").first().click();
  const record = page.getByRole("region", { name: "Record", exact: true });
  await expect(record).toContainText("IGNORE ALL PREVIOUS INSTRUCTIONS");
  await page.goto(`/incidents/${incidents[0]!.number}`);
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toContainText("<img src=x onerror=alert(1)>");
  await expect(heading.getByTitle(/U\+202E.*shown instead of the character/)).toBeAttached();
  await expect(heading.getByTitle(/U\+200B.*shown instead of the character/)).toBeAttached();
  await expect(page.getByRole("option").first()).toContainText("\u27E8U+202E\u27E9");
  await awake(page);
  await expect(page.locator("img")).toHaveCount(0);
  expect(done).toEqual([]);
});

test("what is not there and what is not allowed says so", async ({ desk }) => {
  const page = await desk.signIn("analyst");
  await page.goto("/nothing-here");
  await expect(
    page.getByRole("heading", { name: "There is nothing at this address" }),
  ).toBeVisible();
  await page.goto("/incidents/INC-999999");
  await expect(page.getByRole("heading", { name: "There is no such incident" })).toBeVisible();
  await page.goto("/trail");
  await expect(
    page.getByRole("heading", { name: "Your role does not open this page" }),
  ).toBeVisible();
  await expectAccessible(page);
});

for (const theme of ["dark", "light"] as const) {
  test(`every screen and every layer is accessible, ${theme}`, async ({ desk }) => {
    const { number } = await demoIncident(desk, (row) => row.contained);
    const analyst = await desk.signIn("analyst");
    await look(desk, analyst, theme);
    await analyst.goto("/incidents?view=all");
    await awake(analyst);
    await expectAccessible(analyst);
    await analyst.getByRole("button", { name: "Filter", exact: true }).click();
    await expectAccessibleWith(analyst, analyst.getByRole("menu"));
    await analyst.goto(`/incidents/${number}`);
    await awake(analyst);
    const citation = analyst.getByRole("button", { name: /^Citation \d+: open E/ }).first();
    await citation.hover();
    await expectAccessibleWith(
      analyst,
      analyst.getByRole("region", { name: "Preview" }).getByText(/^Press to open/),
    );
    await citation.click();
    await expectAccessibleWith(analyst, analyst.getByLabel("Raw text of the record"));
    await analyst.getByRole("tab", { name: "Decisions" }).click();
    await analyst
      .getByLabel(/^Seal of /)
      .first()
      .click();
    await expectAccessibleWith(analyst, analyst.getByRole("dialog"));
    await analyst.keyboard.press("Escape");
    await analyst
      .getByRole("group", { name: "Decisions" })
      .getByRole("button", { name: /^Close/ })
      .click();
    await expectAccessibleWith(analyst, analyst.getByRole("dialog", { name: "Propose closure" }));
    await analyst.keyboard.press("Escape");
    await analyst.getByRole("link", { name: "Open statement" }).first().click();
    await expectAccessibleWith(analyst, analyst.getByRole("region", { name: "What is signed" }));
    for (const path of ["/account", "/verifier"]) {
      await analyst.goto(path);
      await expectAccessibleWith(analyst, analyst.getByRole("heading", { level: 1 }));
    }
    for (const [who, path] of [
      ["auditor", "/trail"],
      ["auditor", "/exports"],
      ["admin", "/sources"],
    ] as const) {
      const page = await desk.signIn(who);
      await look(desk, page, theme);
      await page.goto(path);
      await expectAccessibleWith(page, page.getByRole("heading", { level: 1 }));
    }
    await analyst.context().clearCookies();
    await look(desk, analyst, theme);
    await analyst.goto("/sign-in");
    await expectAccessibleWith(analyst, analyst.getByRole("button", { name: "Sign in" }));
  });
}
