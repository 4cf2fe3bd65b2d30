/** A worker with less memory than what it writes, and one that is killed while it writes. */
import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminQuery, testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { entriesOf, exportDesk, exportRow, type ExportDesk } from "./testing-exports.ts";

const ENTRIES = 50_000;
const PAYLOAD_BYTES = 3_200;
/** Less than half of what the file holds. */
const HEAP_MB = 64;
/** Minutes on a busy machine, where the processor is shared with others. */
const MS_MAX = 600_000;

let db: TestDatabase;
let desk: ExportDesk;
let auditor: string;
beforeAll(async () => {
  db = await testDatabase();
  desk = await exportDesk(db);
  auditor = (await makePerson(db, "auditor")).id;
  await fill();
}, MS_MAX);
afterAll(async () => {
  await desk.close();
  await db.close();
});

/** A log of many entries in one statement, each like the first but for its number; what makes their tree is left out. */
async function fill(): Promise<void> {
  await adminQuery(db.adminUrl, "select trail.write('note.added', 'system:test', null, '{}')");
  await adminQuery(
    db.adminUrl,
    `set session_replication_role = replica;
     alter table trail.entry disable trigger all;
     alter table trail.sealed_payload disable trigger all;
     alter table trail.head disable trigger all;
     with first as (select * from trail.entry order by seq desc limit 1)
     insert into trail.entry (seq, at, kind, actor, role, line, leaf)
       select seq + g, at, kind, actor, role, l, sha256('\\x00'::bytea || convert_to(l, 'UTF8'))
       from first, generate_series(1, ${ENTRIES}) g, replace(line, '"seq":' || seq, '"seq":' || seq + g) l;
     insert into trail.sealed_payload (seq, salt, bytes)
       select e.seq, sha256(convert_to(e.seq::text, 'UTF8')), convert_to(format('{"text":"%s"}', repeat(md5(e.seq::text), ${PAYLOAD_BYTES / 32})), 'UTF8')
       from trail.entry e where not exists (select from trail.sealed_payload p where p.seq = e.seq);
     update trail.head set size = (select max(seq) + 1 from trail.entry);
     alter table trail.sealed_payload enable trigger user;
     alter table trail.head enable trigger user;`,
  );
  await adminQuery(db.adminUrl, "analyze trail.entry, trail.sealed_payload");
}

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
    const { size } = await stat(await desk.fileOf(id));
    expect(size).toBeGreaterThan(HEAP_MB * 2 * 2 ** 20);
  },
  MS_MAX,
);

test(
  "a worker that is killed while it writes leaves nothing that counts, and another begins anew",
  async () => {
    const id = await desk.ask(auditor, { format: "jsonl" });
    const { child, ended } = worker("killed");
    const part = async () => join(desk.folder, (await desk.making(id))[0] ?? "none", "file");
    await vi.waitFor(
      async () => {
        const row = await exportRow(db, id);
        expect(row.done).toBeGreaterThan(0);
        expect((await stat(await part())).size).toBeGreaterThan(0);
      },
      { timeout: 240_000, interval: 5 },
    );
    child.kill("SIGKILL");
    expect(await ended).toMatch(/^SIGKILL/);
    expect(await exportRow(db, id)).toMatchObject({ state: "running", sha256: null });
    await vi.waitFor(async () => expect(await worker("next").ended).toBe("0: begun\n1\n"), {
      timeout: 300_000,
      interval: 100,
    });
    expect(await exportRow(db, id)).toMatchObject({ state: "ready" });
    expect(await desk.making(id)).toEqual([]);
    expect((await entriesOf(db, id)).map(([kind]) => kind)).toEqual([
      "export.requested",
      "export.completed",
    ]);
  },
  MS_MAX,
);
