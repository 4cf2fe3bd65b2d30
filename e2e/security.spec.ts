/** What a browser never shows: headers nobody should believe, addresses that are none, a policy that is broken. */
import { expect, test } from "./fixtures.ts";
import type { Demo } from "./supervisor.ts";

test("an address that is no UTF-8 and a cookie that is no cookie are the sender's fault", async ({
  desk,
}) => {
  const url = desk.demo.url;
  for (const path of ["/api/incidents/%", "/api/auth/%ff%fe", "/incidents/%"]) {
    expect((await fetch(url + path)).status, path).toBe(400);
  }
  const cookie = { cookie: "countersign.session=%; __Host-countersign.session=%" };
  expect((await fetch(`${url}/api/incidents`, { headers: cookie })).status).toBe(401);
  const nul = await fetch(`${url}/api/incidents?q=%00`, {
    headers: { authorization: `Bearer ${desk.demo.readToken}` },
  });
  expect(nul.status).toBe(400);
});

test("of next-auth only what is used answers, and it says nothing of the database", async ({
  desk,
}) => {
  const url = desk.demo.url;
  for (const path of ["_log", "verify-request", "callback/credentials", "signout"]) {
    expect((await fetch(`${url}/api/auth/${path}`)).status, path).toBe(404);
  }
  const long = await signIn(desk.demo, { email: `${"a".repeat(245)}\u0000@x.test`, password: "x" });
  expect(long.url).toContain("error=CredentialsSignin");
  const odd = await fetch(`${url}/api/auth/csrf?callbackUrl=-1`);
  expect(odd.status).toBe(400);
});

test("every answer of a door keeps a browser from storing, sniffing or framing it", async ({
  desk,
}) => {
  for (const path of ["/api/health", "/api/incidents", "/api/auth/csrf", "/api/auth/providers"]) {
    const { headers } = await fetch(desk.demo.url + path, {
      headers: { authorization: `Bearer ${desk.demo.readToken}` },
    });
    expect(headers.get("cache-control"), path).toContain("no-store");
    expect(headers.get("x-content-type-options"), path).toBe("nosniff");
    expect(headers.get("content-security-policy"), path).toContain("frame-ancestors 'none'");
  }
});

test("X-Forwarded-For does not make a new caller", async ({ desk }) => {
  const email = "nobody-of-this-desk@example.test";
  const answers: string[] = [];
  for (let i = 0; i < 11; i++) {
    const { url } = await signIn(
      desk.demo,
      { email, password: `guess ${i}` },
      { "x-forwarded-for": `203.0.113.${i}` },
    );
    answers.push(url);
  }
  expect(answers.at(-1)).toContain("too_many_attempts");
});

test("a server action wants to know where it comes from", async ({ desk }) => {
  const page = await desk.signIn("analyst");
  await page.goto("/account");
  const caught = page.waitForRequest((one) => one.headers()["next-action"] !== undefined);
  await page.goto("/incidents");
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await page.getByPlaceholder(/note/i).first().fill("Seen.");
  await page.getByRole("button", { name: /add note/i }).click();
  const request = await caught;
  const sent = await request.allHeaders();
  const headers = {
    "next-action": sent["next-action"]!,
    "content-type": sent["content-type"]!,
    cookie: sent["cookie"]!,
  };
  const replay = (more: Record<string, string>) =>
    fetch(request.url(), {
      method: "POST",
      headers: { ...headers, ...more },
      body: request.postData()!,
    });
  expect(await (await replay({})).text()).toContain("origin_missing");
  expect(
    await (await replay({ origin: desk.demo.url, "sec-fetch-site": "cross-site" })).text(),
  ).toContain("origin_missing");
  for (const foreign of ["https://evil.example", "null"]) {
    const answer = await replay({ origin: foreign, "x-forwarded-host": "evil.example" });
    expect(answer.status).toBe(500);
  }
});

test("no page breaks its own policy", async ({ desk }) => {
  const page = await desk.signIn("lead");
  const broken: string[] = [];
  await page.exposeFunction("tellBroken", (what: string) => broken.push(what));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      (window as unknown as { tellBroken: (what: string) => void }).tellBroken(
        `${location.pathname}: ${event.violatedDirective} ${event.blockedURI}`,
      );
    });
  });
  for (const path of [
    "/incidents",
    "/incidents/1",
    "/incidents/1?pane=entities",
    "/trail",
    "/exports",
    "/account",
    "/sources",
    "/models",
    "/runs",
    "/settings/policy",
    "/nowhere",
  ]) {
    await page.goto(path);
    await page.waitForLoadState("load");
    await expect(page.locator("main, h1").first()).toBeVisible();
  }
  expect(broken).toEqual([]);
});

async function signIn(
  demo: Demo,
  who: { email: string; password: string },
  headers: Record<string, string> = {},
): Promise<{ url: string }> {
  const first = await fetch(`${demo.url}/api/auth/csrf`);
  const { csrfToken } = (await first.json()) as { csrfToken: string };
  const cookie = first.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
  const body = new URLSearchParams({ csrfToken, ...who, json: "true", callbackUrl: demo.url });
  const answer = await fetch(`${demo.url}/api/auth/callback/credentials`, {
    method: "POST",
    headers: { cookie, ...headers },
    body,
  });
  return (await answer.json()) as { url: string };
}
