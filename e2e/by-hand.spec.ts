/** What no source sends: evidence that an analyst adds in three ways, and an incident that they open, by keyboard alone. */
import { createHash, randomUUID } from "node:crypto";
import type { Page } from "playwright/test";
import { awake, newCase } from "./desk-steps.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

const tagOf = (): string => randomUUID().slice(0, 8);
const digestOf = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");

const lineOf = (page: Page, words: string) =>
  page.getByRole("listbox", { name: "Thread" }).getByRole("option").filter({ hasText: words });

async function openDialog(page: Page) {
  await page.keyboard.press("i");
  const dialog = page.getByRole("dialog", { name: "Add evidence" });
  await expect(dialog).toBeVisible();
  return dialog;
}

test("an analyst adds a paste, a file and an e-mail, sees the digest of each, and leads others there", async ({
  desk,
}) => {
  const tag = tagOf();
  const { number } = await newCase(desk, `hand-${tag}`);
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  await awake(page);

  await test.step("nothing is not added, and says so", async () => {
    const dialog = await openDialog(page);
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Add evidence" }).press("Enter");
    await expect(dialog.getByText("Bring something to add.")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  });

  const text = `caller ${tag} asked for <script>alert(1)</script>`;
  await test.step("a paste, whose digest is shown before it is sent", async () => {
    const dialog = await openDialog(page);
    await expect(dialog.getByLabel("Text")).toBeFocused();
    await page.keyboard.type(text);
    await expect(dialog.getByText(digestOf(text))).toBeVisible();
    await dialog.getByRole("button", { name: "Add evidence" }).press("Enter");
    await expect(dialog).toBeHidden();
    await expect(lineOf(page, `caller ${tag}`)).toContainText("Added by hand");
    await expect(lineOf(page, `caller ${tag}`)).toContainText("E8");
  });

  await test.step("the same once more leads to where it is", async () => {
    const dialog = await openDialog(page);
    await expect(dialog.getByLabel("Text")).toBeFocused();
    await page.keyboard.type(text);
    await dialog.getByRole("button", { name: "Add evidence" }).press("Enter");
    await expect(dialog.getByRole("alert")).toContainText("E8 of this incident already");
    await dialog.getByRole("button", { name: "Open E8" }).press("Enter");
    await expect(dialog).toBeHidden();
    const record = page.getByRole("region", { name: "Record", exact: true });
    await expect(record).toContainText(/added by hand by \w+ \w+ pasted/);
    await expect(record.getByRole("button", { name: "Copy SHA-256" })).toBeVisible();
    await expect(record.getByRole("button", { name: "Copy link to this record" })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
  });

  const bytes = Buffer.concat([Buffer.from("MZ\u0000"), Buffer.from(tag), Buffer.from([255, 254])]);
  await test.step("a file, whose bytes come back as they went in", async () => {
    const dialog = await openDialog(page);
    await dialog.getByRole("button", { name: "File", exact: true }).press("Enter");
    const file = { name: `${tag}.exe`, mimeType: "application/x-msdownload", buffer: bytes };
    await dialog.getByLabel("File", { exact: true }).setInputFiles(file);
    await expect(dialog.getByText(digestOf(bytes))).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Add evidence" }).press("Enter");
    await expect(dialog).toBeHidden();
    await expect(lineOf(page, `${tag}.exe`)).toContainText("E9");
    const { evidence, id } = (await desk.read(`/api/incidents/${number}`)) as {
      id: string;
      evidence: { id: string; label: string }[];
    };
    const added = evidence.find(({ label }) => label === "E9")!;
    const answer = await page.request.get(`/api/incidents/${id}/evidence/${added.id}?as=file`);
    expect(Buffer.compare(await answer.body(), bytes)).toBe(0);
    expect(answer.headers()).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": expect.stringMatching(/^attachment; filename="INC-\d+-E9\.bin"$/),
      "x-content-type-options": "nosniff",
    });
  });

  await test.step("an e-mail, whose headers and links are fields", async () => {
    const mail = [
      `From: "The bank" <it-${tag}@evil.example>`,
      "To: jo@victim.example",
      `Subject: Invoice ${tag}`,
      "Date: Sun, 01 Mar 2026 03:02:11 +0000",
      "",
      `Log in at https://evil.example/${tag}`,
    ].join("\r\n");
    const dialog = await openDialog(page);
    await dialog.getByRole("button", { name: "E-mail", exact: true }).press("Enter");
    const file = { name: "mail.eml", mimeType: "message/rfc822", buffer: Buffer.from(mail) };
    await dialog.getByLabel("E-mail file").setInputFiles(file);
    await dialog.getByRole("button", { name: "Add evidence" }).press("Enter");
    await expect(dialog).toBeHidden();
    await lineOf(page, `E-mail: Invoice ${tag}`).click();
    const fields = page.getByRole("table", { name: "Fields of the record" });
    await expect(fields).toContainText(`it-${tag}@evil.example`);
    await expect(fields).toContainText(`evil.example/${tag}`);
  });
});

test("an analyst opens an incident by hand, by keyboard, and lands in it", async ({ desk }) => {
  const tag = tagOf();
  const page = await desk.signIn("analyst", "/incidents");
  await awake(page);
  await page.keyboard.press("i");
  const dialog = page.getByRole("dialog", { name: "New incident" });
  const submit = dialog.getByRole("button", { name: "Open incident" });
  await submit.press("Enter");
  await expect(dialog.getByText("Write a title.")).toBeVisible();
  await dialog.getByLabel("Title").press("C");
  await page.keyboard.type(`all from ${tag}`);
  await dialog.getByRole("combobox", { name: "What it is about" }).press("Enter");
  await page.getByRole("option", { name: "Phishing" }).press("Enter");
  await dialog.getByRole("combobox", { name: "Severity" }).press("Enter");
  await page.getByRole("option", { name: "High" }).press("Enter");
  await dialog.getByLabel("What is known").press("R");
  await page.keyboard.type("eception was asked for a number.");
  await dialog.getByRole("checkbox", { name: /^Add evidence with it/ }).press("Space");
  await submit.press("Enter");
  await expect(dialog.getByText("Bring something to add, or take the tick off.")).toBeVisible();
  await dialog.getByLabel("Text").press("T");
  await page.keyboard.type(`he number was ${tag}.`);
  await expectAccessible(page);

  // It is opened, and its answer gets lost: nothing typed is gone, and once more opens no second one.
  let opened = 0;
  await page.route("**/incidents", async (route) => {
    if (route.request().method() !== "POST" || opened > 0) return route.continue();
    opened = (await route.fetch()).status();
    return route.fulfill({ status: 200, contentType: "text/plain", body: "" });
  });
  await submit.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("whether it was done is not known");
  expect(opened).toBe(200);
  await expect(dialog.getByLabel("Title")).toHaveValue(`Call from ${tag}`);
  await submit.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: `Call from ${tag}` })).toBeVisible();
  await expect(page).toHaveURL(/\/incidents\/INC-\d+$/);
  await expect(lineOf(page, `The number was ${tag}.`)).toContainText("E2");
  await expect(lineOf(page, `Call from ${tag}`)).toContainText("E1");
  await expectAccessible(page);
  const { incidents } = (await desk.read("/api/incidents?limit=100")) as {
    incidents: { title: string }[];
  };
  expect(incidents.filter(({ title }) => title === `Call from ${tag}`)).toHaveLength(1);
});

test("the door takes what a person of the desk sends from its own page, up to its limits", async ({
  desk,
}) => {
  const { number } = await newCase(desk, `hand-${tagOf()}`);
  const path = `/api/incidents/${number}/evidence`;
  const page = await desk.signIn("analyst", `/incidents/${number}`);
  const send = (query: string, data: Buffer, type = "application/octet-stream") =>
    page.request.post(`${path}?${query}`, { data, headers: { "content-type": type } });
  const some = Buffer.from("some bytes");
  const answers = [
    await send("way=pigeon", some),
    await send("way=file&sha256=x", some),
    await send(`way=file&sha256=${"0".repeat(64)}`, some),
    await send("way=file", some, "text/plain"),
    await send("way=file", Buffer.alloc(0)),
    await send("way=paste", Buffer.alloc(1024 * 1024 + 1, "a")),
    await send("way=file", Buffer.alloc(10 * 1024 * 1024 + 1)),
    await send("way=email", some),
    await send("way=paste", Buffer.from([0xff])),
    await send("way=file", some),
    await send("way=paste", some),
  ];
  expect(answers.map((answer) => answer.status())).toEqual([
    400, 400, 422, 415, 400, 413, 413, 422, 422, 201, 409,
  ]);
  const auditor = await desk.signIn("auditor");
  const refused = await auditor.request.post(`${path}?way=file`, {
    data: some,
    headers: { "content-type": "application/octet-stream" },
  });
  expect(refused.status()).toBe(403);
  await auditor.goto(`/incidents/${number}`);
  await expect(auditor.getByRole("listbox", { name: "Thread" })).toBeVisible();
  await expect(auditor.getByRole("button", { name: "Add evidence" })).toBeHidden();
});
