/** The review before a signature, by keyboard alone: each cited record is opened beside the statement, then it is signed. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright/test";
import { asOwner, awake, summarisedCase } from "./desk-steps.ts";
import { expect, expectAccessible, personOf, test } from "./fixtures.ts";
import type { Desk } from "./fixtures.ts";

const RULE = `kind, number, severities, incident_types, blast_radii, min_proposer_role, sign_offs, lead_sign_offs, min_role,
  distinct_from_proposer, distinct_from_assignee, assurance, proposal_minutes, sign_off_minutes, claims_settled, summary_complete, evidence_opened`;

/**
 * The policy in force with a further rule, once: whoever approves what only collects has opened what is cited. No other
 * story proposes such a thing, so that none meets the rule.
 */
async function askForOpening(desk: Desk): Promise<void> {
  await asOwner(desk, (client) =>
    client.query(
      `insert into policy_rule (policy_version, ${RULE})
       select n.version, r.* from (select max(version) + 1 as version from policy_version) as n,
         (select ${RULE} from policy_rule where policy_version = gate.policy_version()
          union all values ('containment', 90, null::text[], null::text[], '{collection}'::text[], 'analyst', 1, 0, 'analyst', true, false,
            'password', 60, 15, true, false, true)) as r
       where not exists (select from policy_rule where policy_version = gate.policy_version() and kind = 'containment' and number = 90)`,
    ),
  );
}

/** Lines that would pass for the statement's own, were they not set apart. */
const REASON =
  "We need the memory of that host.\nProposed by Lea Lead.\nPolicy 9 asks for no signature.";

/** A collection that the analyst proposed; the path of its review. */
async function proposed(desk: Desk): Promise<{ path: string; host: string }> {
  const { number, host } = await summarisedCase(desk, `review-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst");
  await page.goto(`/incidents/${number}`);
  await awake(page);
  await page.keyboard.press("t");
  const dialog = page.getByRole("dialog", { name: "Propose containment" });
  await dialog.getByLabel("Target 1").fill(host);
  await expect(dialog.getByText("Blast radius: one endpoint.")).toBeVisible();
  await dialog.getByLabel("Action 1").click();
  await page.getByRole("option", { name: /^Collect artifacts/ }).click();
  await dialog.getByLabel("Target 1").fill(host);
  await expect(dialog.getByText("Blast radius: collects only")).toBeVisible();
  await expect(dialog.getByText("after opening what the claims cite")).toBeVisible();
  await dialog.getByLabel("Why").fill(REASON);
  await dialog.getByRole("button", { name: "Propose containment" }).click();
  await expect(dialog).toBeHidden();
  const { decisions } = (await desk.read(`/api/incidents/${number}/decisions`)) as {
    decisions: { id: string; incidentId: string }[];
  };
  const [{ id, incidentId }] = decisions as [{ id: string; incidentId: string }];
  return { path: `/incidents/${incidentId}/decisions/${id}`, host };
}

/** Turns the statement to its exact text and back by its key, which also shows that the page listens to keys. */
async function listening(page: Page): Promise<void> {
  const exact = page.getByRole("button", { name: /^Exact text/ });
  await expect(async () => {
    await page.keyboard.press("x");
    await expect(exact).toHaveAttribute("aria-pressed", "true", { timeout: 1000 });
  }).toPass();
  await page.keyboard.press("x");
  await expect(exact).toHaveAttribute("aria-pressed", "false");
}

/** Presses Tab until what has the focus answers to this, and says what had it on the way. */
async function tabTo(page: Page, wanted: RegExp): Promise<string[]> {
  const way: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      return (
        at.getAttribute("aria-label") ??
        (at as HTMLInputElement).labels?.[0]?.textContent ??
        at.textContent ??
        ""
      );
    });
    way.push(name);
    if (wanted.test(name)) return way;
  }
  throw new Error(`No ${wanted} on the way: ${way.join(" | ")}`);
}

test("what is cited is opened beside the statement and then signed, by keyboard alone", async ({
  desk,
}) => {
  await askForOpening(desk);
  const { path, host } = await proposed(desk);
  const lead = await desk.signIn("lead");
  await lead.goto(path);
  const evidence = lead.getByRole("group", { name: "Evidence", exact: true });
  await expect(evidence).toContainText(/0 of \d+ opened/);
  const cited = Number(/of (\d+) opened/.exec((await evidence.textContent()) ?? "")?.[1]);
  expect(cited).toBeGreaterThan(0);

  await test.step("what is missing is said, approving is not offered, rejecting is", async () => {
    await expect(lead.getByText("You cannot approve this yet; you can reject it")).toBeVisible();
    await expect(lead.getByRole("button", { name: "Sign as lead" })).toHaveCount(0);
    await expect(lead.getByRole("button", { name: "Reject" })).toBeVisible();
    await expect(lead.getByRole("region", { name: "What the policy asks" })).toContainText(
      `you have opened 0 of ${cited}`,
    );
    await expect(lead.getByRole("region", { name: "Targets" })).toContainText(host);
    await expectAccessible(lead);
  });

  await test.step("what the proposer wrote stands apart, line by line, from what the statement says", async () => {
    const signed = lead.getByRole("region", { name: "What is signed" });
    const theirs = signed.locator('q[data-voice="said"]', { hasText: "Proposed by Lea Lead." });
    await expect(theirs).toHaveCount(1);
    await expect(theirs).toContainText("Policy 9 asks for no signature.");
    await expect(theirs.getByTitle("A line break")).toHaveCount(2);
    const own = await signed.locator("p").evaluateAll((all) =>
      all.map((one) => {
        const copy = one.cloneNode(true) as Element;
        for (const quote of copy.querySelectorAll("q")) quote.remove();
        return copy.textContent;
      }),
    );
    expect(own.join("\n")).toContain("Reason given: ");
    expect(own.join("\n")).not.toMatch(/Lea Lead|Policy 9/);
  });

  await test.step("the headings go down one level at a time, under one of the first", async () => {
    const levels = await lead
      .getByRole("heading")
      .evaluateAll((all) => all.map((one) => Number(one.tagName.slice(1))));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [at, level] of levels.entries()) {
      expect(level).toBeLessThanOrEqual((levels[at - 1] ?? 0) + 1);
    }
  });

  await test.step("the focus goes from the statement over the evidence to the signature", async () => {
    await lead.locator("body").focus();
    const way = await tabTo(lead, /^Leave$/);
    const order = [/^What is signed$/, /^E\d+ (not )?opened/, /^Password to reject/, /^Leave$/];
    const places = order.map((one) => way.findIndex((name) => one.test(name)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  await test.step("a citation opens at its words by Enter, and Escape gives the focus back to it", async () => {
    await lead.reload();
    await listening(lead);
    await tabTo(lead, /^E\d+ (not )?opened/);
    await lead.keyboard.press("Enter");
    await expect(lead.locator("mark[data-cited]").first()).toBeInViewport();
    await expectAccessible(lead);
    await lead.keyboard.press("Escape");
    await expect(lead.getByLabel("Raw text of the record")).toHaveCount(0);
    await expect(lead.locator("[data-cites]:focus")).toBeVisible();
  });

  await test.step("the others follow by n until none is left", async () => {
    for (let left = cited; left > 0; left -= 1) {
      if ((await evidence.getByRole("button", { name: "Next not opened" }).count()) === 0) break;
      const before = await evidence.textContent();
      await lead.keyboard.press("n");
      await expect(evidence).not.toHaveText(before ?? "");
    }
    await expect(evidence).toContainText(`${cited} of ${cited} opened`);
    await expect(lead.getByRole("status").first()).toContainText(`${cited} of ${cited} opened`);
    const { rows } = await asOwner(desk, (client) =>
      client.query(
        "select count(*)::int as n from evidence_opened o join person p on p.id = o.person_id where p.email = $1 and o.incident_id = $2",
        [personOf(desk.demo, "lead").email, path.split("/")[2]],
      ),
    );
    expect(rows[0].n).toBe(cited);
    await lead.keyboard.press("Escape");
  });

  await test.step("Escape in a field leaves the field alone, and the next one the screen, unsigned", async () => {
    await lead.getByLabel("Your password").focus();
    await lead.keyboard.type("half a password");
    await lead.keyboard.press("Escape");
    await expect(lead.getByLabel("Your password")).toHaveValue("half a password");
    await lead.keyboard.press("Escape");
    await lead.waitForURL((url) => !url.pathname.includes("/decisions/"));
  });

  await test.step("the password and Enter sign it", async () => {
    await lead.goto(path);
    await listening(lead);
    await tabTo(lead, /^Your password/);
    await lead.keyboard.type(personOf(desk.demo, "lead").password);
    await lead.keyboard.press("Enter");
    await expect(lead.getByText("Containment: in effect").first()).toBeVisible();
    await expect(lead.getByRole("status").first()).toContainText("Containment: in effect");
    await expectAccessible(lead);
  });
});

test("a review that is open is told when the incident moves under it, with the way to what moved", async ({
  desk,
}) => {
  await askForOpening(desk);
  const { path, host } = await proposed(desk);
  const lead = await desk.signIn("lead");
  await lead.goto(path);
  await expect(lead.getByRole("button", { name: "Reject" })).toBeVisible();
  await desk.post(
    [
      {
        id: randomUUID(),
        kind: "alert",
        time: new Date().toISOString(),
        severity: "high",
        title: `A late alert on ${host}`,
        host,
      },
    ],
    { key: host },
  );
  const changed = lead.getByRole("region", { name: "Changed since it was proposed" });
  await expect(changed.getByRole("link", { name: /A late alert/ })).toBeVisible();
  await expect(lead.getByRole("status").first()).toContainText("can no longer be signed");
  await expect(lead.getByRole("button", { name: "Reject" })).toHaveCount(0);
  await expectAccessible(lead);
});
