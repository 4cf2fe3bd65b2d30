/** A worker with less memory than what it writes, and one that is killed while it writes. */
import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminQuery, testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { entriesOf, exportDesk, exportRow, type ExportDesk } from "./testing-exports.ts";

const ENTRIES = 20_000;
const PAYLOAD_BYTES = 8_000;
/** Less than half of what the file holds. */
const HEAP_MB = 64;
const MS_MAX = 240_000;

let db: TestDatabase;
let desk: ExportDesk;
let auditor: string;
beforeAll(async () => {
  db = await testDatabase();
  desk = await exportDesk(db);
  auditor = (await makePerson(db, "auditor")).id;
  await adminQuery(
    db.adminUrl,
    `do $$ begin for n in 1..${ENTRIES} loop
       perform trail.write('note.added', 'system:test', null, trail.canonical(jsonb_build_object('n', n, 'text', repeat(md5(n::text), ${PAYLOAD_BYTES / 32}))));
       if n % 500 = 0 then commit; end if; -- the head is one row: its versions pile up within a transaction
     end loop; end $$`,
  );
}, MS_MAX);
afterAll(async () => {
  await desk.close();
  await db.close();
});

function worker(name: string) {
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${HEAP_MB}`,
      join(import.meta.dirname, "testing-export-process.ts"),
      ...[db.urls.worker, desk.home, name],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => void (said += chunk.toString()));
  const ended = new Promise<string>((resolve) => {
    child.once("close", (code, signal) => resolve(`${signal ?? code}: ${said}`));
  });
  return { child, ended };
}

test.each(["jsonl", "csv"] as const)(
  "a worker with less memory than the file has bytes writes it all: %s",
  async (format) => {
    const id = await desk.ask(auditor, { format });
    expect(await worker(`small ${format}`).ended).toBe("0: begun\n1\n");
    const row = await exportRow(db, id);
    expect(row).toMatchObject({ state: "ready", done: row.total });
    expect(row.done).toBeGreaterThan(ENTRIES);
    const { size } = await stat(join(desk.folder, id));
    expect(size).toBeGreaterThan(HEAP_MB * 2 * 2 ** 20);
  },
  MS_MAX,
);

test(
  "a worker that is killed while it writes leaves nothing that counts, and another begins anew",
  async () => {
    const id = await desk.ask(auditor, { format: "jsonl" });
    const { child, ended } = worker("killed");
    const part = join(desk.folder, `making-${id}`, "file");
    await vi.waitFor(
      async () => {
        const row = await exportRow(db, id);
        expect(row.done).toBeGreaterThan(0);
        expect((await stat(part)).size).toBeGreaterThan(0);
      },
      { timeout: 60_000, interval: 5 },
    );
    child.kill("SIGKILL");
    expect(await ended).toMatch(/^SIGKILL/);
    expect(await exportRow(db, id)).toMatchObject({ state: "running", sha256: null });
    await vi.waitFor(async () => expect(await worker("next").ended).toBe("0: begun\n1\n"), {
      timeout: 120_000,
      interval: 100,
    });
    expect(await exportRow(db, id)).toMatchObject({ state: "ready" });
    await expect(stat(part)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await entriesOf(db, id)).map(([kind]) => kind)).toEqual([
      "export.requested",
      "export.completed",
    ]);
  },
  MS_MAX,
);
