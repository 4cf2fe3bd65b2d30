import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuns } from "#lib/boundary/testing-streams.ts";
import { countStatements } from "#lib/cli/bench/statements.ts";
import type { Actor } from "#lib/commands/actor.ts";
import { addNote } from "#lib/commands/add-note.ts";
import { adminQuery } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { kindsOfGroup } from "#lib/contracts/trail-kinds.ts";
import { listTrail, TRAIL_COUNT_MAX } from "./list-trail.ts";
import { matchingSeqs } from "./match-trail.ts";
import type { TrailFilter } from "./match-trail.ts";
import { deskWorld } from "./queries-fixtures.ts";
import { trailChoices } from "./trail-choices.ts";

const MANY = 6_000;
const OTHER = "019a0000-0000-7000-8000-00000000000a";
let database: TestDatabase;
let ana: Actor;
let caseId: string;
let run: string;

beforeAll(async () => {
  ({ database, ana, caseId } = await deskWorld());
  const runs = await testRuns(database);
  ({ runId: run } = await runs.summary());
  await runs.end(run);
  await addNote(database.web, { incidentId: caseId, text: "Looked at the host." }, ana);
  await append("model_run.started", "system:worker", { run });
  await append("model_run.finished", "model:m-1", { run, stopReason: "end_turn" });
  // The log of years, without its hashes: only the indexes are asked here.
  await adminQuery(
    database.adminUrl,
    `DO $$ DECLARE n bigint := 1000000; BEGIN
       SET LOCAL session_replication_role = replica;
       ALTER TABLE trail.entry DISABLE TRIGGER complete_nodes;
       INSERT INTO trail.entry (seq, at, kind, actor, role, incident_id, line, leaf)
       SELECT n + g, now() + make_interval(days => 1, secs => g), (ARRAY['alert.ingested','evidence.sealed','incident.joined'])[1 + g % 3],
         'source:${OTHER}', 'countersign_web', CASE WHEN g % 40 = 0 THEN gen_random_uuid() END, g::text,
         sha256('\\x00'::bytea || convert_to(g::text, 'UTF8')) FROM generate_series(0, ${MANY - 1}) g;
       ALTER TABLE trail.entry ENABLE ALWAYS TRIGGER complete_nodes;
     END $$`,
  );
  await adminQuery(database.adminUrl, "VACUUM ANALYZE trail.entry, trail.entry_model, incident");
});
afterAll(() => database.close());

async function append(kind: string, actor: string, payload: unknown): Promise<void> {
  await database.worker.$executeRaw`
    SELECT trail.append(${kind}, ${actor}, ${caseId}::uuid, ${JSON.stringify(payload)})`;
}

async function promptOfRun(): Promise<string> {
  const rows = await database.web.$queryRaw<{ prompt: string }[]>`
    SELECT p.name || '/' || p.version AS prompt FROM model_run r JOIN prompt_version p ON p.id = r.prompt_version_id
    WHERE r.id = ${run}::uuid`;
  return rows[0]!.prompt;
}

async function seqsOf(filter: TrailFilter): Promise<number[]> {
  return (await listTrail(database.auditor, filter, null, 200)).entries.map(({ seq }) => seq);
}

describe("a search finds what an independent reading of the whole trail finds", () => {
  test.each<[string, () => TrailFilter | Promise<TrailFilter>, string]>([
    ["a person", () => ({ actor: ana.id }), "actor = 'person:{ana}'"],
    ["an incident", () => ({ incident: caseId }), "incident_id = '{case}'"],
    ["a kind", () => ({ kinds: ["note.added"] }), "kind = 'note.added'"],
    [
      "a group of kinds",
      () => ({ kinds: kindsOfGroup("models") }),
      "split_part(kind, '.', 1) IN ('model_run', 'run', 'question', 'draft', 'summary', 'evaluation')",
    ],
    [
      "a group of kinds of an incident",
      () => ({ kinds: kindsOfGroup("incidents"), incident: caseId }),
      "incident_id = '{case}' AND split_part(kind, '.', 1) IN ('incident', 'verdict', 'note')",
    ],
    ["a login", () => ({ role: "countersign_worker" }), "role = 'countersign_worker'"],
    [
      "a model",
      () => ({ model: "m-1" }),
      "kind ~ '^(model_run|model_config|evaluation|model|run)[.]'",
    ],
    [
      "a model and a kind",
      () => ({ model: "m-1", kinds: ["model_run.finished"] }),
      "kind = 'model_run.finished'",
    ],
    ["a model that did it itself", () => ({ actor: "model:m-1" }), "actor = 'model:m-1'"],
    [
      "a prompt",
      async () => ({ prompt: await promptOfRun() }),
      `kind LIKE 'model_run.%' OR kind = 'prompt.published' AND (SELECT (v ->> 'name') || '/' || (v ->> 'version') FROM trail.payload y,
         LATERAL (SELECT convert_from(y.bytes, 'UTF8')::jsonb AS v) said WHERE y.seq = entry.seq) = '{prompt}'`,
    ],
    [
      "a person and a kind that this person never made",
      () => ({ actor: ana.id, kinds: ["verdict.set"] }),
      "false",
    ],
    ["the number of an entry", () => ({ seq: "3" }), "seq = 3"],
  ])("%s", async (_name, filter, sql) => {
    const expected = await adminQuery(
      database.adminUrl,
      `SELECT seq::int FROM trail.entry WHERE ${sql
        .replace("{case}", caseId)
        .replace("{ana}", ana.id)
        .replace("{prompt}", await promptOfRun())} ORDER BY seq DESC LIMIT 200`,
    );
    expect(await seqsOf(await filter())).toEqual(expected.rows.map(({ seq }) => Number(seq)));
  });

  test("a time range, its end left out", async () => {
    const { rows } = await adminQuery(
      database.adminUrl,
      "SELECT seq::int, at FROM trail.entry ORDER BY seq DESC LIMIT 30",
    );
    const [to, from] = [rows[5]!.at as Date, rows[25]!.at as Date];
    // A millisecond is what an address holds; entries of the same one come with it.
    const expected = rows.filter(({ at }) => at >= from && at < to).map(({ seq }) => seq);
    const found = await seqsOf({ from: from.toISOString(), to: to.toISOString() });
    expect(found.filter((seq) => expected.includes(seq))).toEqual(expected.slice(0, found.length));
    expect(Math.abs(found.length - expected.length)).toBeLessThanOrEqual(1);
    expect(await seqsOf({ from: "2199-01-01T00:00:00Z" })).toEqual([]);
  });
});

test("pages follow one another without a gap or a repetition, for one kind and for many", async () => {
  for (const filter of [
    { kinds: ["alert.ingested", "evidence.sealed"] },
    { actor: `source:${OTHER}` },
  ]) {
    const first = await listTrail(database.auditor, filter, null, 50);
    const second = await listTrail(database.auditor, filter, first.nextCursor, 50);
    const whole = await listTrail(database.auditor, filter, null, 100);
    expect([...first.entries, ...second.entries]).toEqual(whole.entries);
    expect(second.count).toBeNull();
  }
});

test("counting stops where it is said to", async () => {
  const everything = await listTrail(database.auditor, {}, null, 1);
  expect(everything.count).toBe(TRAIL_COUNT_MAX + 1);
  expect((await listTrail(database.auditor, { kinds: ["note.added"] })).count).toBe(1);
  expect((await listTrail(database.auditor, { kinds: ["lesson.approved"] })).count).toBe(0);
});

test.each<[string, TrailFilter, RegExp]>([
  ["a person", { actor: OTHER }, /Index (Only )?Scan[^\n]* using entry_actor/],
  ["an incident", { incident: OTHER }, /Index (Only )?Scan[^\n]* using entry_incident/],
  ["a rare kind", { kinds: ["note.added"] }, /Index (Only )?Scan[^\n]* using entry_kind/],
  [
    "a group of kinds",
    { kinds: kindsOfGroup("decisions") },
    /Index (Only )?Scan[^\n]* using entry_kind/,
  ],
  [
    "a source and a kind",
    { actor: `source:${OTHER}`, kinds: ["note.added"] },
    /using entry_(actor_kind|kind)/,
  ],
  ["a login", { role: "countersign_signer" }, /Index (Only )?Scan[^\n]* using entry_role/],
  ["times", { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }, /using entry_at/],
])("%s is found by its index", async (_name, filter, index) => {
  const { text, values } = matchingSeqs(filter, null, 101);
  const plain = values.map((value) => (typeof value === "bigint" ? String(value) : value));
  const { rows } = await database.pools.auditor.query(`EXPLAIN ${text}`, plain);
  const plan = rows.map((row: Record<string, string>) => row["QUERY PLAN"]).join("\n");
  expect(plan).toMatch(index);
  expect(plan).not.toMatch(/Seq Scan on entry/);
});

test.each(["model", "prompt"] as const)("a %s is found by its index", async (by) => {
  const { rows } = await database.pools.auditor.query(
    `SELECT indexdef FROM pg_indexes WHERE indexname = 'entry_model_${by}'`,
  );
  expect(rows[0].indexdef).toContain(`(${by}, seq)`);
});

test("whatever a payload says, its entry is written, and found by no model that it does not name", async () => {
  const size = (await seqsOf({ model: "m-1" })).length;
  for (const payload of [
    [],
    "text",
    null,
    { run: "x'; --" },
    { run: 7 },
    { run: OTHER },
    { draft: {} },
  ])
    await append("model_run.failed", "system:worker", payload);
  expect((await seqsOf({ model: "m-1" })).length).toBe(size);
});

test("what can be chosen is what the trail is about, in one statement", async () => {
  const choices = await trailChoices(database.auditor);
  expect(choices.models).toContain("m-1");
  expect(choices.people).toContainEqual({ id: ana.id, name: "Ana", role: "analyst" });
  expect(choices.prompts).toContain(await promptOfRun());
  expect(await countStatements(database.urls.web, (db) => trailChoices(db))).toBe(1);
});
