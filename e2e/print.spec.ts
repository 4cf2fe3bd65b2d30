/** An incident on paper: a document of its own, without the frame, with what a claim rests on by number and digest. */
import { randomUUID } from "node:crypto";
import { expect, test } from "./fixtures.ts";
import { awake, demoIncident, look, nameOn, summarisedCase } from "./desk-steps.ts";

/** The colour that an element stands on: that of the nearest box around it that has one. */
function ground(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (backgroundColor !== "rgba(0, 0, 0, 0)") return backgroundColor;
  }
  return "rgb(255, 255, 255)";
}

test("a printed incident is a clean document: claims with standings, citations by number, digests", async ({
  desk,
}) => {
  const { number } = await summarisedCase(desk, `t${randomUUID().slice(0, 8)}-print`);
  const page = await desk.signIn("analyst");
  await look(desk, page, "dark");
  const digests = page.waitForResponse(/\/api\/incidents\/[^/]+\/cited$/);
  await page.goto(`/incidents/${number}`);
  await awake(page);
  await (await digests).finished();
  const paper = page.getByRole("article", { name: `${number} on paper` });
  await expect(paper).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Print", exact: true })).toBeVisible();

  await page.emulateMedia({ media: "print" });
  await expect(paper).toBeVisible();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await expect(paper.getByRole("heading", { level: 1 })).toContainText(number);
  await expect(paper).toContainText(/Printed \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC by /);
  expect(await paper.evaluate(ground)).toBe("rgb(255, 255, 255)");

  const summary = paper.getByRole("region", { name: "Summary by rules" });
  await expect(summary.getByText("Matches the evidence").first()).toBeVisible();
  await expect(summary.getByText("[1]").first()).toBeVisible();
  const cited = paper.getByRole("region", { name: "Cited records" });
  await expect(cited.getByText(/^SHA-256 [0-9a-f]{64}$/).first()).toBeVisible();
  await expect(paper.getByRole("region", { name: "Decisions" })).toContainText(
    "Nothing was decided.",
  );

  await page.emulateMedia({ media: "screen" });
  await expect(paper).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Print", exact: true })).toBeVisible();
});

test("decisions stand on paper with whoever signed them", async ({ desk }) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const page = await desk.signIn("lead", `/incidents/${number}`);
  await awake(page);
  const name = await nameOn(page);
  await page.emulateMedia({ media: "print" });
  const paper = page.getByRole("article", { name: `${number} on paper` });
  await expect(paper).toContainText(`by ${name}, lead.`);
  const decisions = paper.getByRole("region", { name: "Decisions" });
  await expect(decisions.getByRole("heading", { name: /^Containment: in effect/ })).toBeVisible();
  await expect(decisions).toContainText(/Signed by .+, lead, by (password|passkey), \d{4}-/);
});
