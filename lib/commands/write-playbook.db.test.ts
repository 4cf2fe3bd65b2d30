import { afterAll, beforeAll, expect, test } from "vitest";
import type { WritePlaybookInput } from "#lib/contracts/playbooks.ts";
import { writePlaybookInput } from "#lib/contracts/playbooks.ts";
import { makeIncident, makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { PLAYBOOKS_MAX } from "#lib/domain/incident/playbook.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { readIncidentWork } from "#lib/queries/incident-work.ts";
import { listTrail } from "#lib/queries/list-trail.ts";
import { listPlaybooks, playbookPage } from "#lib/queries/playbooks.ts";
import type { Actor } from "./actor.ts";
import { startPlaybook } from "./start-playbook.ts";
import { writePlaybook } from "./write-playbook.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

async function actor(role: Role): Promise<Actor> {
  const { id } = await makePerson(db, role);
  return { kind: "person", id, role, session: null };
}

const step = (title: string) => ({ title, details: "", tactic: null });
const content = (name: string, more: Partial<WritePlaybookInput> = {}): WritePlaybookInput => ({
  name,
  after: 0,
  incidentTypes: ["impact"],
  rank: 500,
  steps: [
    step("Pull the plug"),
    { title: "Count backups", details: "Off site ones too.", tactic: "impact" },
  ],
  reason: "We had none for this.",
  ...more,
});
const write = (by: Actor, input: WritePlaybookInput) => writePlaybook(db.web, input, by);
const offered = async (incidentId: string) =>
  (await readIncidentWork(db.web, incidentId, null)).playbooks.map(({ name }) => name);

test("a lead writes one, it is offered, changed for what comes, and retired; the trail has all of it", async () => {
  const lead = await actor("lead");
  const { id: incidentId } = await makeIncident(db, "high");
  expect(await write(lead, content("Ransomware"))).toEqual({ version: 1 });
  expect(await offered(incidentId)).toContain("Ransomware");
  const start = { incidentId, playbook: "Ransomware", version: 1 };
  await startPlaybook(db.web, start, await actor("analyst"));
  const next = content("Ransomware", { after: 1, steps: [step("Ask for help")], reason: "Short." });
  expect(await write(lead, next)).toEqual({ version: 2 });
  const begun = await readIncidentWork(db.web, incidentId, null);
  expect(begun.tasks.map(({ title }) => title)).toEqual(["Pull the plug", "Count backups"]);

  const { entries } = await listTrail(db.web, {}, null, 1);
  expect(entries[0]).toMatchObject({
    kind: "playbook.written",
    payload: {
      playbook: "Ransomware",
      version: 2,
      rank: 500,
      incidentTypes: ["impact"],
      stepCount: 1,
      steps: [{ title: "Ask for help", details: "", tactic: null }],
      reason: "Short.",
    },
  });

  await write(lead, { ...next, after: 2, steps: [], reason: "Nobody used it." });
  const other = await makeIncident(db, "high");
  expect(await offered(other.id)).not.toContain("Ransomware");
  await expect(
    startPlaybook(db.web, { ...start, incidentId: other.id, version: 3 }, await actor("analyst")),
  ).rejects.toMatchObject({ code: "playbook_unknown" });
  expect((await listPlaybooks(db.web)).at(-1)).toMatchObject({ name: "Ransomware", steps: 0 });
});

test("a page of it shows the version that is asked for, and none that there is not", async () => {
  const lead = await actor("lead");
  await write(lead, content("Paged"));
  for (let after = 1; after < 23; after++)
    await write(lead, content("Paged", { after, steps: [step(`Step of ${after + 1}`)] }));
  const page = (await playbookPage(db.web, "Paged", {}))!;
  expect(page).toMatchObject({ newest: 23, before: 4, shown: { version: 23 } });
  expect(page.history.map(({ version }) => version)).toEqual(
    Array.from({ length: 20 }, (_, at) => 23 - at),
  );
  const old = (await playbookPage(db.web, "Paged", { version: 1, before: 4 }))!;
  expect(old.shown).toMatchObject({ version: 1, by: { id: lead.id }, rank: 500 });
  expect(old.shown.steps[1]).toEqual({
    title: "Count backups",
    details: "Off site ones too.",
    tactic: "impact",
  });
  expect(old).toMatchObject({
    before: null,
    history: [{ version: 3 }, { version: 2 }, { steps: 2 }],
  });
  expect(await playbookPage(db.web, "Paged", { version: 24 })).toBeNull();
  expect(await playbookPage(db.web, "Nothing of the kind", {})).toBeNull();
});

test("leads and admins alone write one", async () => {
  for (const role of ["analyst", "auditor"] as const)
    await expect(write(await actor(role), content(`By ${role}`))).rejects.toMatchObject({
      code: "role_too_low",
    });
  expect(await write(await actor("admin"), content("By admin"))).toEqual({ version: 1 });
});

test("of two who begin from the same version the second is told who was first; a name stands once", async () => {
  const [one, other] = [await actor("lead"), await actor("admin")];
  await write(one, content("Contested"));
  const answers = await Promise.allSettled(
    [one, other].map((by) => write(by, content("Contested", { after: 1 }))),
  );
  const refused = answers.find((answer) => answer.status === "rejected");
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(refused?.reason).toMatchObject({
    code: "playbook_changed",
    publicMessage: expect.stringMatching(/wrote version 2 meanwhile/),
  });
  await expect(write(one, content("CONTESTED"))).rejects.toMatchObject({
    code: "playbook_exists",
    publicMessage: expect.stringContaining('"Contested"'),
  });
  const twins = await Promise.allSettled([
    write(one, content("Twin")),
    write(other, content("TWIN")),
  ]);
  expect(twins.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(twins.find((answer) => answer.status === "rejected")?.reason).toMatchObject({
    status: 409,
  });
  await expect(write(one, content("Never was", { after: 3 }))).rejects.toMatchObject({
    code: "playbook_changed",
  });
});

test("there are as many as are offered, and no more", async () => {
  const lead = await actor("lead");
  await db.owner.$executeRaw`
    INSERT INTO playbook (name, version, incident_types, rank, reason)
    SELECT 'Filler ' || n, 1, '{}', 0, 'To fill.' FROM generate_series(1, ${PLAYBOOKS_MAX}::int) n`;
  await expect(write(lead, content("One too many"))).rejects.toMatchObject({
    code: "playbooks_full",
  });
  await expect(write(lead, content("Paged", { after: 23 }))).resolves.toEqual({ version: 24 });
});

test.each([
  ["no name", { name: "  " }, /Give it a name/],
  ["a slash", { name: "a/b" }, /slash/],
  ["no step of a new one", { steps: [] }, /at least one step/],
  ["a step without words", { steps: [step(" ")] }, /what is to be done/],
  ["too many steps", { steps: Array.from({ length: 51 }, () => step("x")) }, /At most 50/],
  ["a rank out of reach", { rank: 1_001 }, /From 0 to 1000/],
  ["half a rank", { rank: 0.5 }, /whole number/],
  ["a tactic twice", { incidentTypes: ["impact", "impact"] as const }, /named twice/],
  ["no reason", { reason: "" }, /Write a reason/],
  ["half a character", { reason: "\ud800" }, /no text/],
])("%s is refused with a sentence", (_, more, says) => {
  const parsed = writePlaybookInput.safeParse({ ...content("Fine"), ...more });
  expect(parsed.success).toBe(false);
  expect(parsed.error?.issues.map(({ message }) => message).join(" ")).toMatch(says);
});
