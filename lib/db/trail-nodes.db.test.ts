import { readFile } from "node:fs/promises";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeReader, trailProof } from "#lib/queries/trail-proof.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { consistencyFromNodes, inclusionFromNodes, rootFromNodes } from "#lib/trail/nodes.ts";
import { consistencyProof, inclusionProof } from "#lib/trail/proof.ts";
import { readTlogProof } from "#lib/trail/tlog-proof.ts";
import { nodeHash, root, type Hash } from "#lib/trail/tree.ts";
import { adminQuery, testDatabase, type TestDatabase } from "./testing.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await append(150);
});
afterAll(() => db.close());

async function append(count: number): Promise<void> {
  await db.pools.web.query(
    `select trail.append('note.added', 'system:test', case when i % 3 = 0 then gen_random_uuid() end, '{}')
       from generate_series(1, $1) as i`,
    [count],
  );
}

async function leaves(): Promise<Hash[]> {
  const { rows } = await db.pools.auditor.query<{ leaf: Hash }>(
    "select leaf from trail.entry order by seq",
  );
  return rows.map(({ leaf }) => leaf);
}

type Node = { level: number; index: string; hash: Hash };

async function nodes(): Promise<Node[]> {
  const { rows } = await db.pools.auditor.query<Node>(
    "select level, index, hash from trail.node order by level, index",
  );
  return rows;
}

/** Each complete subtree of two leaves and more, in the order of `nodes`. */
function completeSubtrees(all: Hash[]): Node[] {
  const found: Node[] = [];
  let below = all;
  for (let level = 1; below.length > 1; level += 1) {
    below = Array.from({ length: Math.floor(below.length / 2) }, (_, i) =>
      nodeHash(below[2 * i]!, below[2 * i + 1]!),
    );
    found.push(...below.map((hash, index) => ({ level, index: String(index), hash })));
  }
  return found;
}

test("every complete subtree is a node, each once, and nothing else is", async () => {
  const expected = completeSubtrees(await leaves());
  expect(expected.length).toBeGreaterThan(140);
  expect(await nodes()).toEqual(expected);
});

test("many writers at once complete the same nodes", async () => {
  await Promise.all(Array.from({ length: 10 }, () => append(7)));
  expect(await nodes()).toEqual(completeSubtrees(await leaves()));
});

test("the migration makes the nodes of a log that was there before it, as appending does", async () => {
  const before = await nodes();
  const sql = await readFile("prisma/migrations/0038_trail_nodes/migration.sql", "utf8");
  const backfill = /DO \$\$\nDECLARE v_level[\s\S]*?END \$\$;/.exec(sql)?.[0] ?? "";
  await adminQuery(
    db.adminUrl,
    `alter table trail.node disable trigger all; truncate trail.node; ${backfill};
     alter table trail.node enable always trigger append_only; alter table trail.node enable always trigger append_only_whole`,
  );
  expect(await nodes()).toEqual(before);
  expect(before.length).toBeGreaterThan(140);
});

test("root, inclusion and consistency at any size come from the nodes in the database", async () => {
  const all = await leaves();
  const read = nodeReader(db.web);
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), async (a, b) => {
      const size = 1 + (a % all.length);
      const then = all.slice(0, size);
      expect(await rootFromNodes(size, read)).toEqual(root(then));
      expect(await inclusionFromNodes(b % size, size, read)).toEqual(
        inclusionProof(b % size, then),
      );
      const oldSize = 1 + (b % size);
      expect(await consistencyFromNodes(oldSize, size, read)).toEqual(
        consistencyProof(oldSize, then),
      );
    }),
    { numRuns: 60 },
  );
});

test("an entry waits for a checkpoint, then has its proof; what is not there has none", async () => {
  const size = (await leaves()).length;
  expect(await trailProof(db.web, 3)).toEqual({ state: "pending" });
  expect(await trailProof(db.web, size)).toEqual({ state: "missing" });
  const note = "origin\nnot checked here\n";
  await db.pools.signer.query(
    "insert into trail.checkpoint (size, root, note) values ($1, sha256(''::bytea), $2)",
    [size - 5, note],
  );
  const proof = await trailProof(db.web, 3);
  if (proof.state !== "sealed") throw new Error("no proof");
  const hashes = inclusionProof(3, (await leaves()).slice(0, size - 5));
  expect(readTlogProof(proof.text)).toEqual({ index: 3, hashes, checkpoint: note });
  expect(await trailProof(db.web, size - 5)).toEqual({ state: "pending" });
});

test("the database's canonical JSON is this code's, byte for byte", async () => {
  // PostgreSQL's text has no U+0000, and sorts keys by bytes: the same order but for astral characters
  const text = fc
    .string({ unit: "binary", maxLength: 12 })
    .map((s) => s.replaceAll("\u0000", "").toWellFormed());
  const key = fc.string({ unit: "grapheme-ascii", maxLength: 8 });
  const { any } = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      text,
      fc.maxSafeInteger().map((n) => (n === 0 ? 0 : n)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 5 }),
      fc.dictionary(key, tie("any"), { maxKeys: 6, noNullPrototype: true }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.array(any, { minLength: 20, maxLength: 20 }), async (values) => {
      const texts = values.map((value) => JSON.stringify(value));
      const { rows } = await db.pools.owner.query<{ text: string }>(
        "select trail.canonical(v::jsonb) as text from unnest($1::text[]) with ordinality as t (v, place) order by place",
        [texts],
      );
      expect(rows.map((row) => row.text)).toEqual(values.map(canonicalJson));
    }),
    { numRuns: 100 },
  );
});
