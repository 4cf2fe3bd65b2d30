/** The whole story: an alert comes in, a claim is followed to its words, two people close, an auditor takes it away. */
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import pg from "pg";
import type { Page } from "playwright/test";
import { loginUrl } from "#lib/db/provision.ts";
import { readSecrets } from "#lib/db/secrets.ts";
import { expect, expectAccessible, personOf, test } from "./fixtures.ts";
import type { Desk } from "./fixtures.ts";

type Incident = {
  id: string;
  number: string;
  status: string;
  summaries: {
    origin: string;
    claims: {
      id: string;
      text: string;
      standing: string;
      citations: { evidenceId: string; quote: string; start: number; end: number }[];
    }[];
  }[];
};

/** Ten failed sign-ins and then one that works, and the alert about them, in our own format. */
function sprayRecords(user: string, host: string): Record<string, unknown>[] {
  // An address of its own: two stories that share one are one incident, and rightly so.
  const word = () => randomUUID().slice(0, 4);
  const ip = `2001:db8::${word()}:${word()}`;
  const at = (second: number) => new Date(Date.now() - 600_000 + second * 1000).toISOString();
  const logon = (second: number, outcome: string) => ({
    id: randomUUID(),
    kind: "event",
    time: at(second),
    action: "sign-in",
    outcome,
    user,
    host,
    source: { ip },
  });
  return [
    ...Array.from({ length: 10 }, (_, n) => logon(n * 3, "failure")),
    logon(40, "success"),
    {
      id: randomUUID(),
      kind: "alert",
      time: at(45),
      severity: "high",
      title: `Sign-in after many failures on ${host}`,
      user,
      host,
      source: { ip },
      technique: ["T1110.003"],
    },
  ];
}

async function openedIncident(desk: Desk, number: string): Promise<Incident> {
  return (await desk.read(`/api/incidents/${number}`)) as Incident;
}

async function summarised(desk: Desk, number: string): Promise<Incident> {
  await expect
    .poll(async () => (await openedIncident(desk, number)).summaries.length, { timeout: 30_000 })
    .toBeGreaterThan(0);
  return openedIncident(desk, number);
}

async function proposeClosure(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Close/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("True positive").click();
  await dialog
    .getByLabel("Why")
    .fill("The account holder confirms a forgotten password; it was reset.");
  await dialog.getByRole("button", { name: "Propose closure" }).click();
  await expect(dialog).toBeHidden();
}

test("an alert opens an incident, two people close it, an auditor takes its trail away", async ({
  desk,
}) => {
  const analyst = await desk.signIn("analyst");
  await analyst.goto("/incidents?view=all");
  await expect(analyst.getByText(/^INC-\d{6}$/).first()).toBeVisible();

  const host = `story-${randomUUID().slice(0, 8)}`;
  const posted = await desk.post(sprayRecords(`mia.${host}`, host));
  expect(posted).toMatchObject({ accepted: 12, duplicates: 0, rejected: [] });
  expect(posted.incidents).toHaveLength(1);
  const { number } = posted.incidents[0]!;

  await test.step("the incident appears on the queue without a reload", async () => {
    const marker = analyst.getByRole("button", { name: /new incident/ });
    await marker.click();
    await expect(analyst.getByText(number).first()).toBeVisible();
  });

  await test.step("a claim is followed to the words it rests on", async () => {
    await summarised(desk, number);
    await analyst.goto(`/incidents/${number}`);
    const claims = analyst.getByRole("list", { name: "Claims" }).getByRole("listitem");
    await expect(claims.first()).toBeVisible();
    await expect(claims.first()).toContainText("Matches the evidence");
    await analyst
      .getByRole("button", { name: /^Citation \d+: open E/ })
      .first()
      .click();
    const raw = analyst.getByLabel("Raw text of the record");
    const mark = raw.locator("mark[data-cited]").first();
    await expect(mark).toBeInViewport();
    const { summaries } = await openedIncident(desk, number);
    const quotes = summaries.flatMap((one) =>
      one.claims.flatMap((claim) => claim.citations.map((c) => c.quote)),
    );
    const marked = await raw.locator("mark[data-cited]").allTextContents();
    expect(quotes).toContain(marked.join(""));
    await expectAccessible(analyst);
  });

  await test.step("one claim is disputed, with a reason", async () => {
    await analyst.goto(`/incidents/${number}`);
    await analyst.getByRole("button", { name: "Dispute claim 1", exact: true }).click();
    const dialog = analyst.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("The address belongs to our own proxy.");
    await dialog.getByRole("button", { name: "Dispute claim" }).click();
    await expect(dialog).toBeHidden();
    await expect(analyst.getByText("The address belongs to our own proxy.").first()).toBeVisible();
  });

  await test.step("closure is proposed by one analyst", async () => {
    await proposeClosure(analyst);
    await expect(analyst.getByLabel("Decisions waiting for a signature")).toContainText("Closure");
  });

  const { incident, decision } = await openDecision(desk, number);

  await test.step("it cannot be signed by its proposer, nor by nobody, nor past the gate", async () => {
    await analyst.goto(`/incidents/${incident}/decisions/${decision}`);
    await expect(analyst.getByText("You cannot sign this now")).toBeVisible();
    await expect(analyst.getByLabel("Your password")).toHaveCount(0);
    const anonymous = await fetch(`${desk.demo.url}/incidents/${incident}/decisions/${decision}`, {
      redirect: "manual",
    });
    expect([302, 303, 307]).toContain(anonymous.status);
    await refusedBySql(desk, incident, decision);
    expect((await openedIncident(desk, number)).status).not.toBe("closed");
  });

  await test.step("a wrong password does not sign", async () => {
    const second = await desk.signIn("second analyst");
    await second.goto(`/incidents/${incident}/decisions/${decision}`);
    await second.getByLabel("Your password").fill("not my password at all");
    await second.getByRole("button", { name: "Sign as analyst" }).click();
    await expect(second.getByText("Not signed", { exact: true })).toBeVisible();
    expect((await openedIncident(desk, number)).status).not.toBe("closed");
  });

  await test.step("another analyst signs, and the incident is closed", async () => {
    const second = await desk.signIn("second analyst");
    await second.goto(`/incidents/${incident}/decisions/${decision}`);
    await expectAccessible(second);
    await second.getByLabel("Your password").fill(personOf(desk.demo, "second analyst").password);
    await second.getByRole("button", { name: "Sign as analyst" }).click();
    await expect(second.getByLabel(/^Seal of /).first()).toBeVisible();
    expect((await openedIncident(desk, number)).status).toBe("closed");
  });

  await test.step("the auditor takes the trail away and verifies it", async () => {
    const auditor = await desk.signIn("auditor");
    await auditor.goto(`/trail?incident=${number}`);
    await expect(auditor.getByText(/closed|closure/i).first()).toBeVisible();
    await expectAccessible(auditor);
    const [download] = await Promise.all([
      auditor.waitForEvent("download"),
      auditor.getByRole("link", { name: `Download trail-${number}.jsonl` }).click(),
    ]);
    const file = (await download.path())!;
    const good = verify(file);
    expect(good.status, good.stdout).toBe(0);
    const text = await readFile(file, "utf8");
    expect(text).toContain("decision.took_effect");
    const tampered = join(desk.home, "tampered.jsonl");
    await writeFile(tampered, text.replace("decision.signed", "decision.singed"));
    expect(verify(tampered).status).toBe(1);
  });
});

test("new evidence makes an open proposal stale", async ({ desk }) => {
  const host = `stale-${randomUUID().slice(0, 8)}`;
  const records = sprayRecords(`leo.${host}`, host);
  const posted = await desk.post(records, { key: host });
  const { number } = posted.incidents[0]!;
  await summarised(desk, number);
  const analyst = await desk.signIn("analyst");
  await analyst.goto(`/incidents/${number}`);
  await proposeClosure(analyst);
  const { incident, decision } = await openDecision(desk, number);
  await desk.post(sprayRecords(`leo.${host}`, host), { key: host });
  const second = await desk.signIn("second analyst");
  await second.goto(`/incidents/${incident}/decisions/${decision}`);
  await expect(second.getByText(/stale|changed/i).first()).toBeVisible();
  await expect(second.getByRole("button", { name: "Sign as analyst" })).toHaveCount(0);
});

test("containment needs a lead", async ({ desk }) => {
  const host = `contain-${randomUUID().slice(0, 8)}`;
  const posted = await desk.post(sprayRecords(`eva.${host}`, host));
  const { number } = posted.incidents[0]!;
  await summarised(desk, number);
  const analyst = await desk.signIn("analyst");
  await analyst.goto(`/incidents/${number}`);
  await analyst.getByRole("button", { name: /^Contain/ }).click();
  const dialog = analyst.getByRole("dialog");
  await dialog.getByLabel("Target 1").fill(host);
  await dialog.getByLabel("Why").fill("Cut the host off until the account holder is reached.");
  await dialog.getByRole("button", { name: "Propose containment" }).click();
  await expect(dialog).toBeHidden();
  const { incident, decision } = await openDecision(desk, number);
  const second = await desk.signIn("second analyst");
  await second.goto(`/incidents/${incident}/decisions/${decision}`);
  await expect(second.getByText("You cannot sign this now")).toBeVisible();
  const lead = await desk.signIn("lead");
  await lead.goto(`/incidents/${incident}/decisions/${decision}`);
  await lead.getByLabel("Your password").fill(personOf(desk.demo, "lead").password);
  await lead.getByRole("button", { name: "Sign as lead" }).click();
  await expect(lead.getByLabel(/^Seal of /).first()).toBeVisible();
});

async function openDecision(
  desk: Desk,
  number: string,
): Promise<{ incident: string; decision: string }> {
  const { decisions } = (await desk.read(`/api/incidents/${number}/decisions`)) as {
    decisions: { id: string; incidentId: string; state: string }[];
  };
  const open = decisions.find((one) => one.state === "proposed")!;
  return { incident: open.incidentId, decision: open.id };
}

function verify(file: string): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, ["lib/cli/verify.ts", file], {
    encoding: "utf8",
  });
  return { status, stdout };
}

/** Every way past the gate that SQL as the web login could try, each refused for its own reason. */
async function refusedBySql(desk: Desk, incident: string, decision: string): Promise<void> {
  const secrets = await readSecrets(desk.home);
  const { adminUrl } = JSON.parse(await readFile(join(desk.home, "database.json"), "utf8")) as {
    adminUrl: string;
  };
  const client = new pg.Client({ connectionString: loginUrl(adminUrl, "web", secrets.web) });
  await client.connect();
  const { rows } = await client.query("SELECT id FROM person WHERE role = 'lead'");
  const lead = rows[0].id as string;
  const attempts: [string, unknown[], RegExp][] = [
    ["UPDATE incident SET status = 'closed' WHERE id = $1", [incident], /permission denied/],
    [
      "UPDATE incident SET closed_by = $2, closed_at = now() WHERE id = $1",
      [incident, decision],
      /permission denied/,
    ],
    ["UPDATE decision SET state = 'in_effect' WHERE id = $1", [decision], /permission denied/],
    [
      "INSERT INTO sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, proof, at) SELECT gen_random_uuid(), id, $2, 'lead', 'approved', statement_sha256, 'password', '\\x00', now() FROM decision WHERE id = $1",
      [decision, lead],
      /permission denied/,
    ],
    [
      "INSERT INTO transition (incident_id, from_version, decision_id, kind, from_status, to_status) SELECT incident_id, incident_version, id, 'closure', 'new', 'closed' FROM decision WHERE id = $1",
      [decision],
      /permission denied/,
    ],
    [
      "SELECT gate.sign_decision(id, $2, 'approved', statement_sha256, sha256('guess'), null) FROM decision WHERE id = $1",
      [decision, lead],
      /G6 password proof/,
    ],
    ["SELECT gate.take_effect($1)", [decision], /permission denied/],
    ["SELECT key FROM gate.sign_key", [], /permission denied/],
    ["SELECT gate.set_work_status($1, $2, 'closed')", [incident, lead], /G14/],
    ["UPDATE person SET role = 'lead'", [], /permission denied/],
    ["DELETE FROM policy_rule", [], /permission denied/],
    ["SET session_replication_role = replica", [], /permission denied/],
    ["UPDATE trail.entry SET line = ''", [], /permission denied/],
  ];
  for (const [sql, values, reason] of attempts) {
    await expect(client.query(sql, values), sql).rejects.toThrow(reason);
  }
  await client.end();
}
