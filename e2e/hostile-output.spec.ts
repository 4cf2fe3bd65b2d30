/** What a model could be talked into writing is shown as the text it is: nothing runs, nothing is loaded, nothing is lost. */
import { expect, test } from "playwright/test";
import type { Page } from "playwright/test";
import { visibleText } from "#lib/domain/evidence/display.ts";
import type { Answer, FakeRequest } from "./fake-model/server.ts";
import { honestAnswer, shownRecords } from "./fake-model/claims-from-evidence.ts";
import { hostilePayloads } from "./hostile-payloads.ts";
import { probeAnswer } from "./model-steps.ts";
import { activateEnvironment, addSource, startModelDesk } from "./model-desk.ts";
import type { ModelDesk } from "./model-desk.ts";

const PAYLOADS = hostilePayloads();
/** As many as one answer may hold. */
const PER_ANSWER = 60;
const PARTS = Array.from({ length: Math.ceil(PAYLOADS.length / PER_ANSWER) }, (_, part) =>
  PAYLOADS.slice(part * PER_ANSWER, (part + 1) * PER_ANSWER),
);

let desk: ModelDesk;

test.describe.configure({ mode: "serial", timeout: 420_000 });
test.beforeAll(async () => {
  desk = await startModelDesk(script);
});
test.afterAll(() => desk?.stop());
test.afterEach(() => desk.leave());

function alertOf(part: number): object {
  const time = new Date().toISOString();
  const title = `Say part ${part}`;
  return {
    id: `part-${part}`,
    kind: "alert",
    time,
    severity: "high",
    title,
    host: `ws-${700 + part}`,
  };
}

/** The title of the alert says which part of the payloads the model is talked into. */
function script(request: FakeRequest): Answer {
  const probe = probeAnswer(request);
  if (probe) return probe;
  const alert = shownRecords(request).find(({ kind }) => kind === "alert");
  const part = PARTS[Number(/^Say part (\d+)$/.exec(String(alert?.fields["alert.title"]))?.[1])];
  if (!alert || !part) return honestAnswer(request);
  const claims = part.map((text) => ({
    text,
    kind: "observation",
    polarity: "affirmed",
    citations: [{ id: alert.id, quote: text.slice(0, 100) }],
    predicates: [],
  }));
  return { type: "claims", claims };
}

/** Everything that would show that a text was more than shown. */
async function watch(page: Page): Promise<string[]> {
  const seen: string[] = [];
  await page.exposeFunction("tell", (what: string) => seen.push(what));
  await page.addInitScript(() => {
    const own = window as unknown as { tell: (what: string) => void; fired: (n: number) => void };
    own.fired = (number) => own.tell(`payload ${number} ran`);
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      own.tell(`the policy was asked: ${violatedDirective} ${blockedURI}`),
    );
  });
  const host = new URL(desk.running.url).host;
  page.on("request", (request) => {
    const { protocol, host: asked } = new URL(request.url());
    if (protocol.startsWith("http") && asked !== host) seen.push(`it asked ${request.url()}`);
  });
  page.on("dialog", (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", (popup) => seen.push(`a window: ${popup.url()}`));
  return seen;
}

/** Elements that can only have come out of a payload, and links that lead elsewhere. */
function strangers(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const made =
      "img, iframe, object, embed, video, audio, marquee, math, base, template, noscript";
    const elements = [
      ...document.querySelectorAll(
        `main :is(${made}), [data-voice=model] :is(script, style, link, meta, form)`,
      ),
    ];
    const links = [...document.querySelectorAll("a[href]")].filter(
      (link) => new URL((link as HTMLAnchorElement).href).origin !== location.origin,
    );
    return [...elements, ...links].map((element) => element.outerHTML.slice(0, 200));
  });
}

test("303 payloads as a model's words stand on every screen as text and do nothing", async ({
  browser,
}) => {
  const [admin, analyst] = [
    await desk.signedIn(browser, "adam"),
    await desk.signedIn(browser, "ana"),
  ];
  await activateEnvironment(admin);
  expect(PAYLOADS.length).toBeGreaterThan(300);
  const seen = await watch(analyst);
  const token = await addSource(admin, "Sensor");
  const numbers = await Promise.all(
    PARTS.map((_, part) => desk.postTo(token, `part-${part}`, alertOf(part))),
  );
  for (const [part, payloads] of PARTS.entries()) {
    await test.step(`part ${part + 1} of ${PARTS.length}`, async () => {
      const number = numbers[part]!;
      await openRun(analyst, number);
      await expectClaims(analyst, payloads);
      for (const view of ["request", "answer", "events"]) {
        await analyst.goto(`${new URL(analyst.url()).pathname}?view=${view}`);
        await expect(analyst.getByRole("tabpanel")).toBeVisible();
        expect(await strangers(analyst)).toEqual([]);
      }
      await analyst.goto(`/incidents/${number}?summary=model`);
      await expect(analyst.getByLabel("Model summary").getByRole("listitem").first()).toBeVisible();
      expect(await strangers(analyst)).toEqual([]);
    });
  }
  expect(seen).toEqual([]);
});

/** Waits for the summary's run of an incident and opens it. */
async function openRun(page: Page, number: string): Promise<void> {
  await expect(async () => {
    await page.goto(`/runs?kind=summary&incident=${number}&state=finished`);
    await expect(page.getByRole("table").getByRole("row")).toHaveCount(2, { timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  await page.getByRole("row").nth(1).getByRole("link", { name: "Summary" }).click();
}

/** Every claim is there, to the character, with what hides in it written out. */
async function expectClaims(page: Page, payloads: readonly string[]): Promise<void> {
  const claims = page.getByRole("list", { name: "Claims of the run" });
  await expect(claims.locator("> li")).toHaveCount(payloads.length);
  const shown = await claims.locator("> li > div > p").allTextContents();
  expect(shown).toEqual(payloads.map((text) => visibleText(text.trim())));
  expect(await strangers(page)).toEqual([]);
}
