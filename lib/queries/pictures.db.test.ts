import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addSource, at, ingest } from "#lib/commands/ingest-fixtures.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { Fields } from "#lib/domain/evidence/fields.ts";
import { pictureAttack } from "./picture-attack.ts";
import { pictureGraph } from "./picture-graph.ts";
import { pictureProcesses } from "./picture-processes.ts";
import { recordsWhere } from "./records-where.ts";

let database: TestDatabase;
let incidentId: string;
let otherId: string;

const event = (clock: string, fields: Fields, kind = "event") => ({
  kind,
  time: at(clock),
  title: "something happened",
  fields,
});

beforeAll(async () => {
  database = await testDatabase();
  const source = await addSource(database.web, "EDR");
  const records = [
    event("03:00:00", {
      host: "WS-1.corp.example",
      user: "j.doe",
      "event.class": "process_activity",
      action: "process_created",
      "process.name": "powershell.exe",
      "process.guid": "{b}",
      "process.pid": 20,
      "parent.name": "WINWORD.EXE",
      "parent.guid": "{a}",
      "process.command_line": "powershell -enc AAAA",
    }),
    event("03:00:05", { host: "ws-1", user: "J.DOE" }),
    event("03:00:09", {
      host: "ws-1",
      "event.class": "network_activity",
      action: "Open",
      "parent.name": "winword.exe",
      "process.name": "powershell.exe",
      "destination.ip": "203.0.113.9",
    }),
    event("03:00:10", { host: "dc-1", "destination.ip": ["203.0.113.9", "203.0.113.10"] }),
    event("03:01:00", { host: "ws-1", user: "-" }),
    event(
      "03:02:00",
      { host: "ws-1", technique: ["T1059.001", "no id"], tactic: ["TA0006", "Not a tactic"] },
      "alert",
    ),
  ];
  const { incidents } = await ingest(database.web, source, records, "one-case");
  incidentId = incidents[0]!.id;
  const elsewhere = [event("03:00:00", { host: "elsewhere", user: "nobody.here" }, "alert")];
  otherId = (await ingest(database.web, source, elsewhere, "another-case")).incidents[0]!.id;
});
afterAll(() => database.close());

describe("the graph", () => {
  test("says what records name together, spellings as one, and nothing of another incident", async () => {
    const { nodes, edges, capped } = await pictureGraph(database.web, incidentId);
    expect(capped).toBe(false);
    expect(nodes.map(({ key }) => key).toSorted()).toEqual([
      "host:dc-1",
      "host:ws-1.corp.example",
      "ip:203.0.113.10",
      "ip:203.0.113.9",
      "process:powershell.exe",
      "process:winword.exe",
      "user:j.doe",
    ]);
    const told = edges.map(({ from, verb, to, records }) => `${from} ${verb} ${to} ${records}`);
    expect(told.toSorted()).toEqual([
      "host:dc-1 connected to ip:203.0.113.10 1",
      "host:dc-1 connected to ip:203.0.113.9 1",
      "host:ws-1.corp.example ran process:powershell.exe 2",
      "process:powershell.exe connected to ip:203.0.113.9 1",
      "process:winword.exe started process:powershell.exe 2",
      "user:j.doe on host:ws-1.corp.example 2",
    ]);
  });

  test("each edge opens the thread at exactly its records", async () => {
    const { edges } = await pictureGraph(database.web, incidentId);
    for (const { where, records, from, to } of edges) {
      const found = await recordsWhere(database.web, incidentId, where!);
      const positions = found.ok ? (found.positions ?? []).length : found.reason;
      expect(positions, `${from} ${to}: ${where}`).toBe(records);
    }
  });

  test("what is too much is left out, and said", async () => {
    const few = await pictureGraph(database.web, incidentId, { edges: 2, nodes: 10 });
    expect(few).toMatchObject({ capped: true });
    expect(few.edges.length).toBeLessThanOrEqual(2);
    const nodes = await pictureGraph(database.web, incidentId, { edges: 100, nodes: 3 });
    expect(nodes).toMatchObject({ capped: true });
    expect(nodes.nodes).toHaveLength(3);
  });

  test("an incident that names nobody has an empty picture", async () => {
    const { nodes } = await pictureGraph(database.web, otherId);
    expect(nodes.map(({ key }) => key)).toEqual(["user:nobody.here", "host:elsewhere"]);
    await expect(
      pictureGraph(database.web, "00000000-0000-7000-8000-000000000000"),
    ).resolves.toEqual({ nodes: [], edges: [], capped: false });
  });
});

test("starts of processes are events that say a process began, not all that name its parent", async () => {
  const { starts, capped } = await pictureProcesses(database.web, incidentId);
  expect(capped).toBe(false);
  expect(starts).toMatchObject([
    {
      position: 1,
      host: "WS-1.corp.example",
      name: "powershell.exe",
      commandLine: "powershell -enc AAAA",
      pid: "20",
      parentName: "WINWORD.EXE",
    },
  ]);
  await expect(pictureProcesses(database.web, incidentId, 0)).resolves.toEqual({
    starts: [],
    capped: true,
  });
});

test("techniques keep the source's word where ATT&CK has none, and tactics are only its own", async () => {
  const { records, named, tactics } = await pictureAttack(database.web, incidentId);
  expect(tactics[0]).toEqual({ id: "reconnaissance", name: "Reconnaissance" });
  expect(records).toMatchObject([
    {
      position: 6,
      source: "EDR",
      techniques: [
        { id: "T1059.001", name: "Command and Scripting Interpreter: PowerShell" },
        { id: "no id", name: "no id", tactics: [] },
      ],
      tactics: ["execution", "credential-access"],
    },
  ]);
  expect(named).toEqual([]);
});
