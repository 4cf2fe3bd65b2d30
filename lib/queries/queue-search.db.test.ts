/** The queue by every kind of term: each finds what it means and nothing else, in every view and order. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assignIncident } from "#lib/commands/assign-incident.ts";
import type { Actor } from "#lib/commands/actor.ts";
import { addSource, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import type { TestRecord } from "#lib/commands/ingest-fixtures.ts";
import { QUEUE_SORTS } from "#lib/contracts/queue-words.ts";
import { adminQuery, testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { propose } from "#lib/db/testing-gate.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { listIncidents } from "./list-incidents.ts";
import { writeValue } from "#lib/domain/incident/queue-syntax.ts";
import type { QueueFilter } from "./list-incidents.ts";
import { queueCounts } from "./queue-counts.ts";
import { queueSources } from "./queue-sources.ts";

let db: TestDatabase;
let ana: TestPerson;
const idOf = new Map<string, string>();

const ALERTS: [name: string, source: string, record: TestRecord][] = [
  [
    "spray",
    "Entra ID",
    {
      title: "Password spray",
      severity: "high",
      fields: { "rule.name": "Spray, many", technique: ["T1110.003"], "event.code": "50126" },
      observables: observables("user:j.doe", "ip:203.0.113.9"),
    },
  ],
  [
    "word",
    "Defender",
    {
      title: "Encoded PowerShell from Word",
      severity: "critical",
      fields: { "event.code": "1" },
      observables: observables(
        "host:ws-014.corp.example",
        "hash:aa00bb11cc22",
        "file:invoice_100%.docm",
      ),
    },
  ],
  [
    "beacon",
    "Zeek",
    {
      title: "Beacon to a rare domain",
      severity: "low",
      fields: { "network.bytes_out": 4096 },
      observables: observables(
        "host:ws-0140",
        "domain:cdn.evil.example",
        "url:http://cdn.evil.example/a",
      ),
    },
  ],
  [
    "rename",
    "Defender",
    { title: "Mass file rename", severity: "high", observables: observables("host:fs-2") },
  ],
];

beforeAll(async () => {
  db = await testDatabase();
  ana = await makePerson(db, "analyst", "Ana Díaz");
  for (const [name, sourceName, record] of ALERTS) {
    const known = await db.web.source.findFirst({ where: { name: sourceName } });
    const source = known ?? (await addSource(db.web, sourceName));
    const { incidents } = await ingest(db.web, source, [{ ...record, recordId: name }], name);
    idOf.set(name, incidents[0]!.id);
  }
  const by: Actor = { kind: "person", session: null, id: ana.id, role: "analyst" };
  await assignIncident(
    db.web,
    { incidentId: idOf.get("word")!, personId: ana.id, expected: null },
    by,
  );
  await adminQuery(
    db.adminUrl,
    `UPDATE incident SET verdict = 'suspicious' WHERE id = '${idOf.get("word")}';
     UPDATE incident SET opened_at = now() - interval '3 days', sla_due_at = now() - interval '2 days' WHERE id = '${idOf.get("spray")}';
     UPDATE incident SET sla_due_at = now() + interval '5 minutes' WHERE id = '${idOf.get("rename")}'`,
  );
});
afterAll(() => db.close());

async function found(filter: Partial<QueueFilter>): Promise<string[]> {
  const { incidents, nextCursor } = await listIncidents(db.web, {
    view: "all",
    personId: ana.id,
    ...filter,
  });
  expect(nextCursor).toBeNull();
  const ids = new Set(incidents.map(({ id }) => id));
  expect(ids.size).toBe(incidents.length);
  return [...idOf].filter(([, id]) => ids.has(id)).map(([name]) => name);
}

describe.each(QUEUE_SORTS)("by %s", (sort) => {
  test.each<[q: string, names: string[]]>([
    ["severity:high", ["spray", "rename"]],
    ["severity:high,low -source:entra", ["beacon", "rename"]],
    ["-severity:high", ["word", "beacon"]],
    ["status:new", ["spray", "word", "beacon", "rename"]],
    ["status:closed", []],
    ["verdict:none", ["spray", "beacon", "rename"]],
    ["verdict:suspicious,test", ["word"]],
    ["-verdict:none", ["word"]],
    ["assignee:me", ["word"]],
    ["assignee:díaz", ["word"]],
    ["assignee:nobody severity:high", ["spray", "rename"]],
    ["source:defend", ["word", "rename"]],
    ['source:"Entra ID",zeek', ["spray", "beacon"]],
    ["is:breached", ["spray"]],
    ["is:due_soon", ["rename"]],
    ["is:breached,due_soon", ["spray", "rename"]],
    ["is:escalated", []],
    ["age:>2d", ["spray"]],
    ["age:<2d -age:>1w", ["word", "beacon", "rename"]],
    ["active:<1h", ["spray", "word", "beacon", "rename"]],
    ["opened:>=2190-01-01", []],
    ["host:ws-014", ["word"]],
    ["host:WS-014*", ["word", "beacon"]],
    ["host:*corp*", ["word"]],
    ["-host:ws-014", ["spray", "beacon", "rename"]],
    ["host:ws-014,fs-2", ["word", "rename"]],
    ["user:J.Doe", ["spray"]],
    ["host:j.doe", []],
    ["ip:203[.]0[.]113[.]9", ["spray"]],
    ["hash:aa00*", ["word"]],
    ["sha1:AA00BB11CC22", ["word"]],
    ["file:invoice_100%.docm", ["word"]],
    ["file:invoice_100_.docm", []],
    ["file:*100%*", ["word"]],
    ['rule:"Spray, many"', ["spray"]],
    ["technique:T1110.003", ["spray"]],
    ["technique:T1110", []],
    ["event.code:1", ["word"]],
    ["event.code:1,50126", ["spray", "word"]],
    ["network.bytes_out:4096", ["beacon"]],
    ["-event.code:1 severity:critical", []],
    ["password", ["spray"]],
    ["PASSWORD SPRAY", ["spray"]],
    ["-password", ["word", "beacon", "rename"]],
    ["hxxp://cdn[.]evil[.]example", ["beacon"]],
    ["evil.example", ["beacon"]],
    ["014.corp", ["word"]],
    ["aa00bb", ["word"]],
    ["00bb", []],
    ["ws", ["word", "beacon"]],
    ["rare evil", ["beacon"]],
    ["rare powershell", []],
    ["a%b", []],
  ])("%s", async (q, names) => {
    expect(await found({ q, sort })).toEqual(names);
  });
});

test("views: mine, unassigned and closed hold what they say, under any filter", async () => {
  expect(await found({ view: "mine" })).toEqual(["word"]);
  expect(await found({ view: "mine", q: "severity:high" })).toEqual([]);
  expect(await found({ view: "mine", personId: null })).toEqual([]);
  expect(await found({ view: "unassigned", q: "severity:high" })).toEqual(["spray", "rename"]);
  expect(await found({ view: "closed", q: "severity:high" })).toEqual([]);
  expect(await found({ view: "closed", q: "status:new severity:low" })).toEqual(["beacon"]);
});

test("a filter that cannot be read is refused with the reason", async () => {
  await expect(listIncidents(db.web, { personId: null, q: "colour:red" })).rejects.toMatchObject({
    code: "filter_invalid",
    status: 400,
  });
});

test("what waits for a person is what the gate would let them sign", async () => {
  const { id: lea } = await makePerson(db, "lead", "Lea");
  await propose(db.pools.web, {
    incidentId: idOf.get("rename")!,
    kind: "escalation",
    proposer: ana,
  });
  expect(await found({ view: "waiting", personId: lea })).toEqual(["rename"]);
  expect(await found({ view: "waiting", personId: lea, q: "severity:low" })).toEqual([]);
  expect(await found({ view: "waiting", personId: ana.id })).toEqual([]);
  expect(await found({ view: "waiting", personId: null })).toEqual(["rename"]);
  expect(await found({ q: "is:waiting" })).toEqual(["rename"]);
  expect(await queueCounts(db.web, lea)).toMatchObject({ waiting: 1, toSign: 1 });
  expect(await queueCounts(db.web, ana.id)).toMatchObject({ waiting: 0, toSign: 0, mine: 1 });
  expect(await queueCounts(db.web, null)).toMatchObject({ waiting: 1, toSign: 0, mine: 0 });
});

test("the sources of the menu are each told once, those that were revoked last, and each finds its own", async () => {
  await addSource(db.web, "AAA, first");
  await db.owner.$executeRaw`UPDATE source SET active = false WHERE name = 'AAA, first'`;
  const names = await queueSources(db.web);
  expect(names.at(-1)).toBe("AAA, first");
  expect(new Set(names).size).toBe(names.length);
  for (const name of new Set(ALERTS.map(([, source]) => source))) {
    expect(names).toContain(name);
    const q = `source:${writeValue(name)}`;
    const { incidents } = await listIncidents(db.web, { q, personId: null });
    expect(incidents.length).toBeGreaterThan(0);
    for (const { sources } of incidents) expect(sources).toContain(name);
  }
});
