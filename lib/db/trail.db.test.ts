import { NOBODY } from "./acting.ts";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canonicalJson } from "#lib/trail/canonical.ts";
import {
  buildLine,
  FIRST_PREV,
  leafOfLine,
  parseLine,
  payloadCommitment,
} from "#lib/trail/line.ts";
import type { TrailLine } from "#lib/trail/line.ts";
import { adminQuery } from "./testing.ts";
import { refusal } from "./testing-gate.ts";
import { makeIncident } from "./testing-people.ts";
import { makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";
import { appendTrail, databaseMessage, sqlState, transact } from "./transaction.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

const NOTE = { kind: "note.added", actor: "system:test", incidentId: null, payload: {} } as const;

describe("the trail as the database writes it", () => {
  test("every line is canonical, chained to the one before, and committed to its payload", async () => {
    const { db } = world;
    const { id: incidentId } = await makeIncident(db);
    const odd = { text: 'a"\\\u2028\u{1F600}\u007f\t', list: [1, null, true] };
    await transact(db.web, NOBODY, (tx) => appendTrail(tx, { ...NOTE, incidentId, payload: odd }));
    const rows = await allEntries();
    const heads = new Map<string | null, { seq: number; leaf: string }>();
    let prev = FIRST_PREV;
    for (const [index, row] of rows.entries()) {
      const line = lineOf(row);
      const leaf = leafOfLine(row.line);
      expect(buildLine(line)).toBe(row.line);
      expect(row.leaf.toString("hex")).toBe(leaf);
      expect([line.seq, line.prev]).toEqual([index, prev]);
      expect(line.payload).toBe(payloadCommitment(row.salt.toString("hex"), row.bytes.toString()));
      expect(canonicalJson(JSON.parse(row.bytes.toString()))).toBe(row.bytes.toString());
      const before = heads.get(line.incident) ?? { seq: -1, leaf: FIRST_PREV };
      const chain = line.incident === null ? [null, null] : [before.seq + 1, before.leaf];
      expect([line.incidentSeq, line.incidentPrev]).toEqual(chain);
      heads.set(line.incident, { seq: before.seq + 1, leaf });
      prev = leaf;
    }
    expect(JSON.parse(rows.at(-1)?.line ?? "")).toMatchObject({
      role: "countersign_web",
      actor: "system:test",
    });
    expect(rows[0]?.line).toContain('"kind":"policy.published"');
  });

  test("fifty writers at once leave no gap, no fork and no step back in time", async () => {
    const before = (await allEntries()).length;
    await Promise.all(
      Array.from({ length: 50 }, () =>
        transact(world.db.web, NOBODY, (tx) => appendTrail(tx, NOTE)),
      ),
    );
    const rows = await allEntries();
    expect(rows).toHaveLength(before + 50);
    const times = rows.map((row) => String(JSON.parse(row.line).at));
    expect(times).toEqual(times.toSorted());
  });

  test("what is taken back leaves no entry and no gap", async () => {
    const before = await allEntries();
    const failing = transact(world.db.web, NOBODY, async (tx) => {
      await appendTrail(tx, NOTE);
      throw new Error("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    expect(await allEntries()).toHaveLength(before.length);
  });
});

describe("what an application may not write", () => {
  const REFUSED: [kind: string, actor: string, payload: string, says: string][] = [
    ["decision.signed", "system:test", "{}", "trail: the kind decision.signed is reserved"],
    ["policy.published", "system:test", "{}", "trail: the kind policy.published is reserved"],
    ["role.granted", "system:test", "{}", "trail: the kind role.granted is reserved"],
    ["person.enrolled", "system:test", "{}", "trail: the kind person.enrolled is reserved"],
    ["checkpoint.signed", "system:test", "{}", "trail: the kind checkpoint.signed is reserved"],
    ["Decision.signed", "system:test", "{}", "trail: Decision.signed is not a kind"],
    ["decision.signed\n", "system:test", "{}", "trail: decision.signed"],
    ["note", "system:test", "{}", "trail: note is not a kind"],
    ["note.added", "nobody", "{}", "trail: no such actor"],
    ["note.added", "person:1", "{}", "trail: no such actor"],
    ["note.added", "system:test", "{", "invalid input syntax for type json"],
  ];
  test.each(REFUSED)("%j by %s with %s", async (kind, actor, payload, says) => {
    const words = await refusal(() =>
      world.web.query("select trail.append($1, $2, null, $3)", [kind, actor, payload]),
    );
    expect(words.slice(0, says.length)).toBe(says);
  });

  test("not even a superuser with ordinary triggers switched off", async () => {
    const replica = (sql: string) => () =>
      adminQuery(world.db.adminUrl, `set session_replication_role = replica; ${sql}`);
    expect(await refusal(replica("update trail.entry set line = line"))).toMatch(
      /^append-only: UPDATE on entry/,
    );
    expect(await refusal(replica("delete from trail.sealed_payload"))).toMatch(
      /^append-only: DELETE on sealed_payload/,
    );
    expect(await refusal(replica("truncate trail.entry cascade"))).toMatch(
      /^append-only: TRUNCATE/,
    );
    const close = "update incident set escalated_by = gen_random_uuid() where status = 'new'";
    await makeIncident(world.db);
    expect(await refusal(replica(close))).toMatch(/^G9 /);
  });

  test("a checkpoint covers more than the last", async () => {
    const sign = (size: number) => () =>
      world.db.pools.signer.query(
        "insert into trail.checkpoint (size, root, note) values ($1, $2, 'note')",
        [size, createHash("sha256").digest()],
      );
    expect(await refusal(sign(1))).toMatch(/is covered already/);
    expect(await refusal(sign(2))).toBe("passed");
    expect(await refusal(sign(1_000_000))).toMatch(/the trail is shorter/);
  });
});

describe("transact", () => {
  test("tries a serialization failure again, and gives up on a guard's word", async () => {
    const { id } = await makeIncident(world.db);
    let attempts = 0;
    await transact(
      world.db.web,
      NOBODY,
      async (tx) => {
        attempts += 1;
        await tx.incident.findUniqueOrThrow({ where: { id } });
        if (attempts === 1)
          await world.web.query("update incident set title = 'other' where id = $1", [id]);
        await tx.incident.update({ where: { id }, data: { title: "mine" } });
      },
      { isolation: "RepeatableRead" },
    );
    expect(attempts).toBe(2);
  });

  test("a guard's SQLSTATE and words come through Prisma", async () => {
    const error = await transact(
      world.db.web,
      NOBODY,
      (tx) =>
        tx.$queryRaw`select gate.set_work_status(${world.closed.incidentId}::uuid, ${world.ana.id}::uuid, 'new')`,
    ).catch((thrown: unknown) => thrown);
    expect(sqlState(error)).toBe("42501");
    expect(databaseMessage(error)).toMatch(/^G14 no move/);
  });

  test("a guard that speaks at commit comes through too", async () => {
    const id = world.closed.incidentId;
    const error = await transact(
      world.db.owner,
      NOBODY,
      (tx) =>
        tx.$executeRaw`update incident set escalated_by = gen_random_uuid() where id = ${id}::uuid`,
    ).catch((thrown: unknown) => thrown);
    expect(sqlState(error)).toBe("42501");
    expect(databaseMessage(error)).toMatch(/G9 /);
  });
});

type EntryRow = { line: string; leaf: Buffer; salt: Buffer; bytes: Buffer };

function lineOf(row: EntryRow): TrailLine {
  const parsed = parseLine(row.line);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

async function allEntries(): Promise<EntryRow[]> {
  const { rows } = await world.db.pools.signer.query(
    "select line, leaf, salt, bytes from trail.entry join trail.payload using (seq) order by seq",
  );
  return rows;
}
