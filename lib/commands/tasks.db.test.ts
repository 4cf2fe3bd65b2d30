/** Tasks of an incident: from a playbook and by hand, done, given, removed and put back, each with its entry. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TaskChange } from "#lib/contracts/work-inputs.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { makeWorld } from "#lib/db/testing-world.ts";
import type { World } from "#lib/db/testing-world.ts";
import { progressOf, TASKS_MAX } from "#lib/domain/incident/task.ts";
import { readIncidentWork } from "#lib/queries/incident-work.ts";
import type { Actor } from "./actor.ts";
import { addTask } from "./add-task.ts";
import { changeTasks } from "./change-tasks.ts";
import { startPlaybook } from "./start-playbook.ts";

let world: World;
let database: TestDatabase;
let ana: Actor;
let bo: Actor;
let auditor: Actor;

const actorOf = ({ id }: TestPerson): Actor => ({ kind: "person", session: null, id });

beforeAll(async () => {
  world = await makeWorld();
  database = world.db;
  [ana, bo, auditor] = [actorOf(world.ana), actorOf(world.bo), actorOf(world.aud)];
});
afterAll(() => database.close());

const PHISHING = { playbook: "Phishing", version: 1 };
const made = async () => (await makeIncident(database)).id;
const tasksOf = async (id: string) => (await readIncidentWork(database.web, id, ana.id)).tasks;
const add = (incidentId: string, title: string, by = ana) =>
  addTask(database.web, { incidentId, title, details: "" }, by);
const change = (incidentId: string, taskIds: string[], what: TaskChange, by = ana) =>
  changeTasks(database.web, { incidentId, taskIds, change: what }, by);
const DONE: TaskChange = { kind: "state", state: "done" };
const OPEN: TaskChange = { kind: "state", state: "open" };
const REMOVED: TaskChange = { kind: "removed", removed: true };

async function entriesOf(incidentId: string): Promise<string[]> {
  const { rows } = await database.pools.owner.query<{ kind: string }>(
    "select kind from trail.entry where incident_id = $1 order by seq",
    [incidentId],
  );
  return rows.map(({ kind }) => kind);
}

async function closed(id: string): Promise<void> {
  const decision = await propose(world.web, { incidentId: id, proposer: world.ana });
  await sign(world.web, decision, { person: world.bo });
}

test("a playbook makes a task of each step, in order, once, with one entry", async () => {
  const id = await made();
  const { taskIds } = await startPlaybook(database.web, { incidentId: id, ...PHISHING }, ana);
  const tasks = await tasksOf(id);
  expect(tasks.map((task) => task.id)).toEqual(taskIds);
  expect(tasks[0]).toMatchObject({
    title: "Keep the message with its headers",
    tactic: "initial-access",
    playbook: { name: "Phishing", version: 1 },
    addedBy: { name: "ana" },
    state: "open",
    assignee: null,
    changed: null,
  });
  await expect(
    startPlaybook(database.web, { incidentId: id, ...PHISHING }, bo),
  ).rejects.toMatchObject({ code: "playbook_started" });
  await change(id, taskIds, REMOVED);
  expect(await tasksOf(id)).toEqual([]);
  await change(id, taskIds, { kind: "removed", removed: false });
  expect((await tasksOf(id)).map((task) => task.id)).toEqual(taskIds);
  expect((await entriesOf(id)).slice(0, 2)).toEqual(["playbook.started", "task.removed"]);
});

test("the playbooks of the product are offered, those that fit nothing named behind the one for any", async () => {
  const { playbooks } = await readIncidentWork(database.web, await made(), ana.id);
  expect(playbooks.map(({ name }) => name)).toEqual([
    "Any incident",
    "Data exfiltration",
    "Credential abuse",
    "Malware on an endpoint",
    "Phishing",
  ]);
  expect(playbooks.every(({ steps }) => steps.length >= 6)).toBe(true);
});

test("each change of a task is one entry; what is so already is none", async () => {
  const id = await made();
  const { id: task } = await add(id, "Ask the owner");
  const both = [task, (await add(id, "Look elsewhere")).id];
  await change(id, [task], { kind: "assignee", personId: bo.id });
  expect((await change(id, both, DONE, bo)).changed).toEqual(both);
  expect((await change(id, both, DONE)).changed).toEqual([]);
  await change(id, [task], OPEN);
  await change(id, [task], { kind: "state", state: "not_needed" });
  expect(await tasksOf(id)).toMatchObject([
    { title: "Ask the owner", state: "not_needed", assignee: { name: "bo" } },
    { title: "Look elsewhere", state: "done", changed: { by: { name: "bo" } } },
  ]);
  expect(progressOf(await tasksOf(id))).toEqual({ done: 1, count: 1 });
  expect(await entriesOf(id)).toEqual([
    ...["task.added", "task.added", "task.assigned", "task.done", "task.done"],
    ...["task.reopened", "task.not_needed"],
  ]);
});

test("only an open task is removed, and a removed one is only put back", async () => {
  const id = await made();
  const { id: task } = await add(id, "Ask the owner");
  await change(id, [task], DONE);
  await expect(change(id, [task], REMOVED)).rejects.toMatchObject({ code: "task_settled" });
  await change(id, [task], OPEN);
  await change(id, [task], REMOVED);
  await expect(change(id, [task], DONE)).rejects.toMatchObject({ code: "task_removed" });
});

test("a task of another incident is not there, and none of the others is changed", async () => {
  const id = await made();
  const own = (await add(id, "Own")).id;
  const foreign = (await add(await made(), "Foreign")).id;
  for (const other of [foreign, randomUUID()]) {
    await expect(change(id, [own, other], DONE)).rejects.toMatchObject({ code: "task_not_found" });
  }
  expect((await tasksOf(id)).map(({ state }) => state)).toEqual(["open"]);
});

test("nobody but who works incidents does any of it, nor is given a task", async () => {
  const id = await made();
  const { id: task } = await add(id, "Ask the owner");
  const before = await entriesOf(id);
  for (const refused of [
    () => startPlaybook(database.web, { incidentId: id, ...PHISHING }, auditor),
    () => add(id, "By an auditor", auditor),
    () => change(id, [task], DONE, auditor),
  ])
    await expect(refused()).rejects.toMatchObject({ code: "role_too_low" });
  await expect(
    change(id, [task], { kind: "assignee", personId: auditor.id }),
  ).rejects.toMatchObject({ code: "assignee_invalid" });
  expect(await entriesOf(id)).toEqual(before);
});

test("what is closed, merged away or not there is worked on no more", async () => {
  const shut = await made();
  const { id: task } = await add(shut, "Ask the owner");
  await closed(shut);
  const merged = await made();
  const into = await made();
  await database.owner.incident.update({ where: { id: merged }, data: { mergedIntoId: into } });
  for (const [incidentId, code] of [
    [shut, "incident_closed"],
    [merged, "incident_merged"],
    [randomUUID(), "incident_not_found"],
  ] as const) {
    for (const refused of [
      () => startPlaybook(database.web, { incidentId, ...PHISHING }, ana),
      () => add(incidentId, "Late"),
      () => change(incidentId, [task], DONE),
    ])
      await expect(refused()).rejects.toMatchObject({ code });
  }
});

test("an incident with a task is not merged away", async () => {
  const id = await made();
  await add(id, "Ask the owner");
  await expect(
    database.owner.incident.update({ where: { id }, data: { mergedIntoId: await made() } }),
  ).rejects.toThrow("only an untouched incident");
});

test("a playbook or version that is not in force starts nothing", async () => {
  const incidentId = await made();
  for (const other of [
    { playbook: "Phishing", version: 2 },
    { playbook: "None", version: 1 },
  ]) {
    await expect(startPlaybook(database.web, { incidentId, ...other }, ana)).rejects.toMatchObject({
      code: "playbook_unknown",
    });
  }
});

test("an incident has a hundred tasks at most, those that were removed not counted", async () => {
  const id = await made();
  for (let n = 1; n <= TASKS_MAX; n += 1) await add(id, `Step ${n}`);
  const tasks = await tasksOf(id);
  await expect(add(id, "One more")).rejects.toMatchObject({ code: "tasks_full" });
  await expect(
    startPlaybook(database.web, { incidentId: id, ...PHISHING }, ana),
  ).rejects.toMatchObject({ code: "tasks_full" });
  await change(id, [tasks[0]!.id], REMOVED);
  await add(id, "One more");
  await expect(
    change(id, [tasks[0]!.id], { kind: "removed", removed: false }),
  ).rejects.toMatchObject({ code: "tasks_full" });
});

test("words that are missing or too long are no task", async () => {
  const id = await made();
  await expect(add(id, "   ")).rejects.toMatchObject({ code: "task_unwritten" });
  await expect(add(id, "x".repeat(201))).rejects.toMatchObject({ code: "task_unwritten" });
});

test("two who do the same task at once leave one entry", async () => {
  const id = await made();
  const { id: task } = await add(id, "Ask the owner");
  const outcomes = await Promise.all([change(id, [task], DONE), change(id, [task], DONE, bo)]);
  expect(outcomes.flatMap(({ changed }) => changed)).toEqual([task]);
  expect(await entriesOf(id)).toEqual(["task.added", "task.done"]);
});
