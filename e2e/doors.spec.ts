/** Every door under app/api, knocked at by whoever should not get in and with whatever should not go in. */
import { glob } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { expect, personOf, test } from "./fixtures.ts";
import type { Desk, Who } from "./fixtures.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";

type Row = {
  /** Its address with a real incident, or one that is nobody's. */
  path: (ids: { incident: string; evidence: string }) => string;
  method?: "POST";
  anonymous: number;
  /** A person who is signed in but may not; null when every role may. */
  wrongRole: { who: Who; status: number } | null;
  /** Input that is not well formed. */
  malformed: { suffix: string; status: number } | null;
  foreign: boolean;
};

const reader = (path: Row["path"], more: Partial<Row> = {}): Row => ({
  path,
  anonymous: 401,
  wrongRole: { who: "admin", status: 403 },
  malformed: null,
  foreign: false,
  ...more,
});

const ofIncident = (rest: string, more: Partial<Row> = {}): Row =>
  reader(({ incident }) => `/api/incidents/${incident}${rest}`, { foreign: true, ...more });

/** One row a door; a door without a row fails the test below. */
const DOORS: Record<string, Row> = {
  "alerts/route.ts": {
    path: () => "/api/alerts",
    method: "POST",
    anonymous: 401,
    wrongRole: { who: "lead", status: 403 },
    malformed: null,
    foreign: false,
  },
  "auth/[...nextauth]/route.ts": {
    path: () => "/api/auth/session",
    anonymous: 200,
    wrongRole: null,
    malformed: null,
    foreign: false,
  },
  "health/route.ts": {
    path: () => "/api/health",
    anonymous: 200,
    wrongRole: null,
    malformed: null,
    foreign: false,
  },
  "incidents/route.ts": reader(() => "/api/incidents", {
    malformed: { suffix: "?severity=apocalyptic", status: 400 },
  }),
  "incidents/table/route.ts": reader(() => "/api/incidents/table", {
    malformed: { suffix: "?q=colour:red", status: 400 },
  }),
  "incidents/counts/route.ts": reader(() => "/api/incidents/counts"),
  "incidents/presence/route.ts": reader(() => "/api/incidents/presence"),
  "incidents/[id]/presence/route.ts": reader(
    ({ incident }) => `/api/incidents/${incident}/presence`,
    { method: "POST" },
  ),
  "incidents/[id]/cited/route.ts": ofIncident("/cited"),
  "incidents/sources/route.ts": reader(() => "/api/incidents/sources"),
  "incidents/views/route.ts": reader(() => "/api/incidents/views"),
  "notices/unread/route.ts": reader(() => "/api/notices/unread", {
    wrongRole: { who: "auditor", status: 403 },
  }),
  "incidents/[id]/route.ts": ofIncident(""),
  "incidents/[id]/thread/route.ts": ofIncident("/thread", {
    malformed: { suffix: "?around=not-an-id", status: 400 },
  }),
  "incidents/[id]/outline/route.ts": ofIncident("/outline", {
    malformed: { suffix: "?from=yesterday", status: 400 },
  }),
  "incidents/[id]/records/route.ts": ofIncident("/records?positions=1", {
    malformed: { suffix: ",x", status: 400 },
  }),
  "incidents/[id]/page/route.ts": ofIncident("/page"),
  "incidents/[id]/preview/route.ts": ofIncident("/preview"),
  "incidents/[id]/summaries/route.ts": ofIncident("/summaries"),
  "incidents/[id]/runs/route.ts": ofIncident("/runs"),
  "incidents/[id]/work/route.ts": ofIncident("/work"),
  "incidents/[id]/observables/route.ts": ofIncident("/observables"),
  "incidents/[id]/similar/route.ts": ofIncident("/similar"),
  "incidents/[id]/split/route.ts": ofIncident("/split"),
  "incidents/[id]/pictures/route.ts": ofIncident("/pictures?of=graph", {
    malformed: { suffix: "s", status: 400 },
  }),
  "incidents/[id]/decisions/route.ts": ofIncident("/decisions"),
  "incidents/[id]/activity/route.ts": ofIncident("/activity"),
  "incidents/[id]/evidence/[evidenceId]/route.ts": reader(
    ({ incident, evidence }) => `/api/incidents/${incident}/evidence/${evidence}`,
    { foreign: true },
  ),
  "incidents/[id]/evidence/route.ts": reader(
    ({ incident }) => `/api/incidents/${incident}/evidence`,
    { method: "POST" },
  ),
  "incidents/[id]/trail/route.ts": ofIncident("/trail", {
    wrongRole: { who: "analyst", status: 403 },
  }),
  "records/route.ts": reader(() => "/api/records", {
    malformed: { suffix: "?limit=0", status: 400 },
  }),
  "records/[evidenceId]/route.ts": reader(({ evidence }) => `/api/records/${evidence}`),
  "block-list/route.ts": reader(() => "/api/block-list", {
    wrongRole: { who: "lead", status: 403 },
  }),
  "review/overrides/route.ts": reader(() => "/api/review/overrides", {
    wrongRole: { who: "analyst", status: 403 },
    malformed: { suffix: "?kind=apocalyptic", status: 400 },
  }),
  "responses/[id]/route.ts": reader(() => `/api/responses/${NOBODY}`, {
    wrongRole: { who: "lead", status: 403 },
  }),
  "runs/[id]/events/route.ts": reader(() => `/api/runs/${NOBODY}/events`, {
    wrongRole: null,
    malformed: { suffix: "?after=-1", status: 400 },
  }),
  "exports/[id]/route.ts": reader(() => `/api/exports/${NOBODY}`, {
    wrongRole: { who: "analyst", status: 403 },
    malformed: { suffix: "0", status: 404 },
  }),
  "trail/route.ts": reader(() => "/api/trail", {
    wrongRole: { who: "analyst", status: 403 },
    malformed: { suffix: "?limit=100000", status: 400 },
  }),
  "decisions/[decisionId]/certificate/route.ts": reader(
    () => `/api/decisions/${NOBODY}/certificate`,
    { wrongRole: { who: "analyst", status: 403 } },
  ),
  "trail/[seq]/route.ts": reader(() => "/api/trail/0", {
    wrongRole: { who: "analyst", status: 403 },
    malformed: { suffix: "x", status: 404 },
  }),
  "trail/[seq]/proof/route.ts": reader(() => "/api/trail/0/proof"),
  "trail/[seq]/proof-with-line/route.ts": reader(() => "/api/trail/999999999/proof-with-line", {
    wrongRole: { who: "analyst", status: 403 },
  }),
  "seal/route.ts": reader(() => "/api/seal", { wrongRole: null }),
  "stream/route.ts": reader(() => "/api/stream", { wrongRole: null }),
};

async function someIncident(desk: Desk): Promise<{ incident: string; evidence: string }> {
  const { incidents } = (await desk.read("/api/incidents?limit=1")) as {
    incidents: { id: string }[];
  };
  const id = incidents[0]!.id;
  const { evidence } = (await desk.read(`/api/incidents/${id}`)) as { evidence: { id: string }[] };
  return { incident: id, evidence: evidence[0]!.id };
}

test("every door has a row in the security table", async () => {
  const found: string[] = [];
  for await (const file of glob("**/route.ts", { cwd: "app/api" })) found.push(file);
  expect(found.length).toBeGreaterThan(10);
  expect(found.toSorted()).toEqual(Object.keys(DOORS).toSorted());
});

test("a stranger gets in nowhere but at the public doors", async ({ desk }) => {
  const ids = await someIncident(desk);
  for (const [door, row] of Object.entries(DOORS)) {
    const answer = await fetch(`${desk.demo.url}${row.path(ids)}`, { method: row.method ?? "GET" });
    expect(answer.status, door).toBe(row.anonymous);
    if (row.anonymous !== 200) {
      expect(answer.headers.get("content-type"), door).toContain("application/problem+json");
    }
    const forged = await fetch(`${desk.demo.url}${row.path(ids)}`, {
      method: row.method ?? "GET",
      headers: {
        authorization: "Bearer cs_src_this-token-was-never-given-to-anybody",
        "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy",
      },
    });
    expect(forged.status, `${door} with a forged token`).toBe(row.anonymous);
  }
});

test("a person without the permission is told which one it is", async ({ desk }) => {
  const ids = await someIncident(desk);
  for (const who of ["admin", "analyst", "lead"] as const) {
    const page = await desk.signIn(who);
    for (const [door, row] of Object.entries(DOORS)) {
      if (row.wrongRole?.who !== who) continue;
      const answer = await page.request.fetch(row.path(ids), { method: row.method ?? "GET" });
      expect(answer.status(), `${door} as ${who}`).toBe(row.wrongRole.status);
      expect(((await answer.json()) as { detail: string }).detail, door).toMatch(/may|token/);
    }
  }
});

test("malformed input is refused with a sentence, and nobody's objects are not there", async ({
  desk,
}) => {
  const ids = await someIncident(desk);
  const page = await desk.signIn("lead");
  for (const [door, row] of Object.entries(DOORS)) {
    if (row.malformed) {
      const answer = await page.request.get(`${row.path(ids)}${row.malformed.suffix}`);
      expect(answer.status(), `${door} malformed`).toBe(row.malformed.status);
    }
    if (!row.foreign) continue;
    for (const incident of [NOBODY, "INC-999999999", "%27%20OR%201=1", "..%2f..%2fetc"]) {
      const answer = await page.request.get(row.path({ incident, evidence: NOBODY }));
      expect(answer.status(), `${door} for ${incident}`).toBe(404);
    }
  }
});

test("a record of another incident does not open through this one", async ({ desk }) => {
  const { incidents } = (await desk.read("/api/incidents?limit=2")) as {
    incidents: { id: string }[];
  };
  const [one, other] = incidents as [{ id: string }, { id: string }];
  const { evidence } = (await desk.read(`/api/incidents/${other.id}`)) as {
    evidence: { id: string }[];
  };
  const page = await desk.signIn("analyst");
  const answer = await page.request.get(`/api/incidents/${one.id}/evidence/${evidence[0]!.id}`);
  expect(answer.status()).toBe(404);
});

test("ingest says clearly what it does not take", async ({ desk }) => {
  const token = desk.demo.sources.find((source) => source.format === "auto")!.token;
  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(`${desk.demo.url}/api/alerts`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      body,
    });
  const big = `{"a":"${"x".repeat(26 * 1024 * 1024)}"}`;
  expect((await post(big)).status).toBe(413);
  expect((await post(gzipSync(big), { "content-encoding": "gzip" })).status).toBe(413);
  expect((await post("{}", { "content-type": "application/xml" })).status).toBe(415);
  expect((await post("{}", { "content-encoding": "br" })).status).toBe(415);
  expect((await post("not gzip", { "content-encoding": "gzip" })).status).toBe(400);
  const tooLongKey = await fetch(`${desk.demo.url}/api/alerts?incident=${"k".repeat(300)}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{}",
  });
  expect(tooLongKey.status).toBe(400);
});

test("a bad record is refused by its index and the good ones go in", async ({ desk }) => {
  const deep = `${"[".repeat(40)}${"]".repeat(40)}`;
  const answer = await desk.post(
    `[{"id":"doors-1","kind":"event","host":"doors-host"},
      {"id":"doors-2","__proto__":{"role":"lead"}},
      {"id":"doors-3","deep":${deep}},
      {"id":"doors-4","text":"${"x".repeat(262_145)}"},
      7]`,
  );
  expect(answer.accepted).toBe(1);
  expect(answer.rejected.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  for (const { reason } of answer.rejected) expect(reason.length).toBeGreaterThan(10);
  const again = await desk.post(`{"id":"doors-1","kind":"event","host":"doors-host"}`);
  expect([again.accepted, again.duplicates]).toEqual([0, 1]);
});

test("a token that asks too often is told when to come back", async ({ desk }) => {
  const headers = { authorization: `Bearer ${desk.demo.readToken}` };
  const statuses = new Set<number>();
  let retryAfter: string | null = null;
  for (let round = 0; round < 60 && !statuses.has(429); round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        fetch(`${desk.demo.url}/api/incidents?limit=1`, { headers }),
      ),
    );
    for (const answer of answers) {
      statuses.add(answer.status);
      if (answer.status === 429) retryAfter = answer.headers.get("retry-after");
      await answer.arrayBuffer();
    }
  }
  expect([...statuses].toSorted()).toEqual([200, 429]);
  expect(Number(retryAfter)).toBeGreaterThan(0);
  // The next stories read with the same token.
  await expect
    .poll(async () => (await fetch(`${desk.demo.url}/api/incidents?limit=1`, { headers })).status, {
      timeout: 15_000,
    })
    .toBe(200);
});

test("an unknown account and a wrong password get the same answer", async ({ desk, browser }) => {
  const known = personOf(desk.demo, "analyst").email;
  const answers: string[] = [];
  for (const email of [known, "nobody@nowhere.example"]) {
    const context = await browser.newContext({ baseURL: desk.demo.url });
    const page = await context.newPage();
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("wrong password, surely");
    await page.getByRole("button", { name: "Sign in" }).click();
    answers.push(
      (await page.getByRole("alert").filter({ hasText: /\w/ }).first().textContent()) ?? "",
    );
    await context.close();
  }
  expect(answers[0]).toBe(answers[1]);
  expect(answers[0]).not.toBe("");
});
