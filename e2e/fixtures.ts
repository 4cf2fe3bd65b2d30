import { readFile } from "node:fs/promises";
import axe from "axe-core";
import { expect, test as base } from "playwright/test";
import type { Browser, BrowserContext, Page } from "playwright/test";
import { HOME_FILE } from "./global-setup.ts";
import { readDemo } from "./supervisor.ts";
import type { Demo } from "./supervisor.ts";

export type Who = "analyst" | "second analyst" | "lead" | "auditor" | "admin";

export type Desk = {
  demo: Demo;
  home: string;
  /** A page of its own, empty as yet or at `path`, for a person who has signed in. */
  signIn: (who: Who, path?: string) => Promise<Page>;
  /** Posts records as the demo's source of format `auto`. */
  post: (body: unknown, options?: { key?: string; source?: string }) => Promise<PostAnswer>;
  read: (path: string) => Promise<unknown>;
};

export type PostAnswer = {
  accepted: number;
  duplicates: number;
  rejected: { index: number; reason: string }[];
  incidents: { number: string; id: string }[];
};

/** Console errors, page errors and CSP reports fail a story. */
const EXPECTED_ERRORS = [/status of (401|403|404|409)/, /ChunkLoadError/];

export const test = base.extend<{ desk: Desk }>({
  desk: async ({ browser }, use) => {
    const home = await readFile(HOME_FILE, "utf8");
    const demo = (await readDemo(home))!;
    const errors: string[] = [];
    const pages: Page[] = [];
    await use({
      demo,
      home,
      signIn: async (who, path) => {
        const page = await openPage(browser, demo.url, errors);
        pages.push(page);
        await signInAs(page.context(), personOf(demo, who));
        if (path !== undefined) await page.goto(path);
        return page;
      },
      post: (body, options) => postRecords(demo, body, options),
      read: async (path) => {
        const answer = await fetch(`${demo.url}${path}`, {
          headers: { authorization: `Bearer ${demo.readToken}` },
        });
        expect(answer.status, path).toBe(200);
        return answer.json();
      },
    });
    await Promise.all(pages.map((page) => page.context().close()));
    expect(errors).toEqual([]);
  },
});

export { expect };

export function personOf(demo: Demo, who: Who): { email: string; password: string } {
  const role = who === "second analyst" ? "analyst" : who;
  const people = demo.people.filter((person) => person.role === role);
  return who === "second analyst" ? people[1]! : people[0]!;
}

/** Signs in at the door behind the form, which has a story of its own; the cookie is the whole context's. */
export async function signInAs(
  context: BrowserContext,
  person: { email: string; password: string },
): Promise<void> {
  const { csrfToken } = await (await context.request.get("/api/auth/csrf")).json();
  const answer = await context.request.post("/api/auth/callback/credentials", {
    form: { ...person, csrfToken, json: "true", callbackUrl: "/" },
  });
  const { url } = (await answer.json()) as { url: string };
  expect(url).not.toContain("error=");
}

/** Nothing fades in or out any more: what is half open is neither seen nor gone. What turns without end does not count. */
function settled(): boolean {
  const endless = (one: Animation) => one.effect?.getComputedTiming().endTime === Infinity;
  const moving = document
    .getAnimations()
    .some((one) => one.playState === "running" && !endless(one));
  return !moving && document.querySelector("[data-starting-style]") === null;
}

/** Runs every rule of axe over the page as it stands. No page of ours holds a frame, so one document is all. */
export async function expectAccessible(page: Page): Promise<void> {
  // a title is streamed after its page: between two pages there is none for a moment
  await expect(page).toHaveTitle(/\S/);
  await expect(page.locator("h1")).not.toHaveCount(0);
  await page.waitForFunction(settled);
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const here = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await here.run(document, { resultTypes: ["violations"] });
    return {
      frames: window.frames.length,
      violations: violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map((node) => `${node.target.join(" ")} ${node.html.slice(0, 160)}`).join(", ")}`,
      ),
    };
  });
  expect(found).toEqual({ frames: 0, violations: [] });
}

async function openPage(browser: Browser, baseURL: string, errors: string[]): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const text = message.text();
    if (!EXPECTED_ERRORS.some((expected) => expected.test(text))) errors.push(text);
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  return page;
}

async function postRecords(
  demo: Demo,
  body: unknown,
  options: { key?: string; source?: string } = {},
): Promise<PostAnswer> {
  const source = demo.sources.find((one) =>
    options.source ? one.name === options.source : one.format === "auto",
  )!;
  const query = options.key ? `?incident=${encodeURIComponent(options.key)}` : "";
  const answer = await fetch(`${demo.url}/api/alerts${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${source.token}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  expect(answer.status).toBe(202);
  return (await answer.json()) as PostAnswer;
}
