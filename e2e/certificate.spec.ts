/** An auditor takes the certificate of a decision away from its reasons; an analyst does not get one. */
import { readFile } from "node:fs/promises";
import { extractText } from "unpdf";
import { demoIncident } from "./desk-steps.ts";
import { expect, test } from "./fixtures.ts";

type Decided = { id: string; state: string; statementSha256: string };

test("the certificate of a decision is the page that its reasons offer, with the statement's hash on it", async ({
  desk,
}) => {
  const { number } = await demoIncident(desk, (row) => row.contained);
  const { decisions } = (await desk.read(`/api/incidents/${number}/decisions`)) as {
    decisions: Decided[];
  };
  const { id, statementSha256 } = decisions.find(({ state }) => state === "in_effect")!;
  const page = await desk.signIn("auditor");
  const certificate = page.getByRole("link", { name: "Certificate (PDF)" });
  // a checkpoint covers a decision within a minute
  await expect(async () => {
    await page.goto(`/incidents/${number}/decisions/${id}/reasons`);
    await expect(certificate).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  const [download] = await Promise.all([page.waitForEvent("download"), certificate.click()]);
  expect(download.suggestedFilename()).toBe(`certificate-${number}-${id.slice(0, 8)}.pdf`);
  const bytes = await readFile((await download.path())!);
  const { text, totalPages } = await extractText(new Uint8Array(bytes), { mergePages: true });
  expect(totalPages).toBe(1);
  expect(text).toContain(number);
  expect(text.replaceAll(/\s/g, "")).toContain(statementSha256);
  await page.goto(`/trail?incident=${number}&kind=export.downloaded`);
  await expect(
    page.getByText("took the trail away as a file in the format certificate (PDF)").first(),
  ).toBeVisible();

  const analyst = await desk.signIn("analyst");
  const refused = await analyst.request.get(`/api/decisions/${id}/certificate`);
  expect(refused.status()).toBe(403);
  expect(await refused.json()).toMatchObject({ code: "not_allowed" });
});
