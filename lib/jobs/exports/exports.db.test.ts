import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { cancelExport, downloadExport, repeatExport } from "#lib/commands/exports/ask-export.ts";
import { noteExport, takeExport } from "#lib/commands/exports/move-export.ts";
import { exportFile, exportFileLies, openExportFile } from "#lib/db/export-files.ts";
import { approveErasure, askErasure } from "#lib/db/testing-erasure.ts";
import { makeIncident, makePerson } from "#lib/db/testing-people.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { listExports } from "#lib/queries/list-exports.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { dropExports, runExports } from "./run-exports.ts";
import { entriesOf, exportDesk, exportRow, type ExportDesk } from "./testing-exports.ts";

let w: World;
let desk: ExportDesk;
beforeAll(async () => {
  w = await makeWorld();
  desk = await exportDesk(w.db);
});
afterAll(async () => {
  await desk.close();
  await w.db.close();
});
/** What an earlier test left open would stand in the way of the next. */
beforeEach(async () => {
  await w.owner.query(
    "update trail.audit_export set state = 'cancelled' where state in ('queued', 'running')",
  );
});

const by = (person: { id: string }) => ({ kind: "person", id: person.id, session: null }) as const;
const held = (id: string, worker: string) => ({ id, worker });

async function linesOf(id: string): Promise<string[]> {
  return (await readFile(await desk.fileOf(id), "utf8")).split("\n");
}

test("what is asked for becomes ready: a file of its own that only this desk's user reads, with its digest", async () => {
  const id = await desk.ask(w.aud.id, { format: "jsonl" });
  expect(await exportRow(w.db, id)).toMatchObject({ state: "queued", done: 0, total: null });
  expect(await runExports(desk.worker())).toBe(1);
  const row = await exportRow(w.db, id);
  const path = await desk.fileOf(id);
  const bytes = await readFile(path);
  expect(row).toMatchObject({
    state: "ready",
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    file_name: `trail-log-${id.slice(-8)}.jsonl`,
  });
  expect(row.done).toBe(row.total);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(desk.folder)).mode & 0o777).toBe(0o700);
  expect(await desk.files()).toEqual([`${id}.1`]);
  const found = await verifyLines(bytes.toString("utf8").trimEnd().split("\n"));
  expect(found).toMatchObject({ holds: true, scope: "log" });
  expect(await entriesOf(w.db, id)).toEqual([
    ["export.requested", `person:${w.aud.id}`],
    ["export.completed", "system:worker"],
  ]);
});

test("each scope holds its own entries, as a table without formulas and as findings", async () => {
  const { incidentId } = w.closed;
  const { number } = await w.db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const scope = { kind: "incident", incident: incidentId, number } as const;
  const [csv, ocsf] = [
    await desk.ask(w.aud.id, { format: "csv", scope }),
    await desk.ask(w.aud.id, { format: "ocsf", scope }),
  ];
  await runExports(desk.worker());
  const rows = (await linesOf(csv)).slice(0, -1);
  expect(rows).toHaveLength((await exportRow(w.db, csv)).done + 1);
  expect(rows[0]).toBe(`"seq","at","kind","actor","role","incident","payload","leaf"\r`);
  expect(rows.slice(1).every((row) => row.includes(incidentId))).toBe(true);
  const [line, ...more] = await linesOf(ocsf);
  expect(more).toEqual([""]);
  expect(await exportRow(w.db, ocsf)).toMatchObject({ done: 1, total: 1 });
  expect(JSON.parse(line!)).toMatchObject({
    class_uid: 2005,
    type_uid: 200_503,
    status_id: 5,
    metadata: { uid: incidentId },
  });
});

test("a worker that died is taken over once its lease ran out, and what it left half-written is gone", async () => {
  const id = await desk.ask(w.aud.id, { format: "jsonl" });
  const dead = await takeExport(w.db.worker, { worker: "dead", leaseMs: 300 });
  expect(dead?.id).toBe(id);
  const half = join(desk.folder, `making-${id}-before`);
  await mkdir(half);
  await writeFile(join(half, "file"), "half of a li");
  expect(await runExports(desk.worker())).toBe(0);
  await vi.waitFor(async () => expect(await runExports(desk.worker())).toBe(1), 10_000);
  expect(await noteExport(w.db.worker, held(id, "dead"), { done: 1, total: 1, leaseMs: 1 })).toBe(
    false,
  );
  expect(await desk.making(id)).toEqual([]);
  expect((await linesOf(id))[0]).toMatch(/^\{"leaf":/);
});

test("what a hand that lost the export still puts there lies beside the result, and goes", async () => {
  const id = await desk.ask(w.aud.id, { format: "jsonl" });
  const late = await takeExport(w.db.worker, { worker: "late", leaseMs: 1 });
  await vi.waitFor(async () => expect(await runExports(desk.worker())).toBe(1), 10_000);
  const left = exportFile({ id, hand: late!.hand }, desk.home);
  await writeFile(left, "what the late hand wrote");
  const { sha256, hand } = await exportRow(w.db, id);
  expect(await desk.fileOf(id)).not.toBe(left);
  const digest = createHash("sha256").update(await readFile(await desk.fileOf(id)));
  expect(digest.digest("hex")).toBe(sha256);
  await dropExports(desk.worker());
  expect((await desk.files()).filter((name) => name.includes(id))).toEqual([`${id}.${hand}`]);
});

test("what three workers died over is given up, in a sentence and on the trail", async () => {
  const id = await desk.ask(w.aud.id, { format: "jsonl" });
  for (const worker of ["one", "two", "three"])
    await vi.waitFor(
      async () => expect((await takeExport(w.db.worker, { worker, leaseMs: 1 }))?.id).toBe(id),
      10_000,
    );
  await vi.waitFor(async () => {
    expect(await takeExport(w.db.worker, { worker: "four", leaseMs: 1 })).toBeNull();
    expect(await exportRow(w.db, id)).toMatchObject({
      state: "failed",
      reason: "Three workers began it and none came to its end.",
    });
  }, 10_000);
  expect((await entriesOf(w.db, id)).at(-1)).toEqual(["export.failed", "system:worker"]);
});

test("a worker that is told to stop puts it back, and that attempt does not count", async () => {
  const id = await desk.ask(w.aud.id, { format: "bundle" });
  const worker = desk.worker();
  const running = runExports(worker); // waits for a seal that does not come
  await vi.waitFor(async () => expect((await exportRow(w.db, id)).state).toBe("running"), 10_000);
  worker.stop.abort();
  await running;
  const { rows } = await w.owner.query(
    "select state, attempt, worker from trail.audit_export where id = $1",
    [id],
  );
  expect(rows).toEqual([{ state: "queued", attempt: 0, worker: null }]);
  expect(await desk.making(id)).toEqual([]);
});

test("one's own is cancelled while it is written: the work ends, and no file is left", async () => {
  const id = await desk.ask(w.aud.id, { format: "bundle" });
  const running = runExports(desk.worker());
  await vi.waitFor(async () => expect((await exportRow(w.db, id)).state).toBe("running"), 10_000);
  await expect(cancelExport(w.db.web, { exportId: id }, by(w.lea))).rejects.toMatchObject({
    code: "export_of_another",
  });
  await cancelExport(w.db.web, { exportId: id }, by(w.aud));
  expect(await running).toBe(0);
  expect(await exportRow(w.db, id)).toMatchObject({ state: "cancelled", sha256: null });
  expect((await desk.files()).filter((name) => name.includes(id))).toEqual([]);
  expect((await entriesOf(w.db, id)).map(([kind]) => kind)).toEqual([
    "export.requested",
    "export.cancelled",
  ]);
  await expect(cancelExport(w.db.web, { exportId: id }, by(w.aud))).rejects.toMatchObject({
    code: "export_done",
  });
});

test("without a seal a bundle fails and says why; the same is asked again as one's own", async () => {
  const id = await desk.ask(w.aud.id, { format: "bundle", withheld: { names: true } });
  await runExports(desk.worker({}, { sealMs: 1 }));
  const row = await exportRow(w.db, id);
  expect(row).toMatchObject({ state: "failed", bytes: null });
  expect(row.reason).toMatch(/is the signer running\?$/);
  const { exportId } = await repeatExport(w.db.web, { exportId: id }, by(w.lea));
  const [again] = (await listExports(w.db.web, { personId: w.lea.id })).exports;
  expect(again).toMatchObject({ id: exportId, format: "bundle", withheld: { names: true } });
});

test("it fails in a sentence when it grows bigger than one may be", async () => {
  const id = await desk.ask(w.aud.id, { format: "csv" });
  await runExports(desk.worker({ bytesMax: 1_000 }));
  expect((await exportRow(w.db, id)).reason).toMatch(/^It grew bigger/);
  expect((await desk.files()).filter((name) => name.includes(id))).toEqual([]);
});

test("a fourth that is not done is refused, for this person alone", async () => {
  for (let n = 0; n < 3; n += 1) await desk.ask(w.aud.id, { format: "csv" });
  await expect(desk.ask(w.aud.id, { format: "csv" })).rejects.toMatchObject({
    code: "exports_open",
    status: 429,
  });
  await desk.ask(w.lea.id, { format: "csv" });
});

test("nobody asks while the files that are kept fill their room", async () => {
  await desk.ask(w.aud.id, { format: "csv" });
  const taken = await takeExport(w.db.worker, { worker: "big", leaseMs: 60_000 });
  await w.db.pools.worker.query(
    "select gate.complete_export($1, 'big', 'big.csv', 50 * 1024::bigint * 1024 * 1024, sha256('big'), 1, 2)",
    [taken!.id],
  );
  await expect(desk.ask(w.lea.id, { format: "csv" })).rejects.toMatchObject({
    code: "exports_full",
  });
  await vi.waitFor(async () => {
    await dropExports(desk.worker());
    expect((await exportRow(w.db, taken!.id)).state).toBe("expired");
  }, 10_000);
  await desk.ask(w.lea.id, { format: "csv" });
});

test("a download is let through and told on the trail; the file of what expired is gone, its row is not", async () => {
  const id = await desk.ask(w.aud.id, { format: "jsonl" });
  await expect(downloadExport(w.db.web, { exportId: id }, by(w.lea))).rejects.toMatchObject({
    code: "export_gone",
  });
  await runExports(desk.worker({}, { keepSeconds: 1 }));
  const { fileName, bytes } = await downloadExport(w.db.web, { exportId: id }, by(w.lea));
  expect(fileName).toBe(`trail-log-${id.slice(-8)}.jsonl`);
  const stream = openExportFile({ id, hand: 1 }, desk.home);
  expect((await new Response(stream).arrayBuffer()).byteLength).toBe(bytes);
  expect(await exportFileLies({ id, hand: 1, bytes }, desk.home)).toBe(true);
  expect(await exportFileLies({ id, hand: 1, bytes: bytes + 1 }, desk.home)).toBe(false);
  await vi.waitFor(async () => {
    await dropExports(desk.worker());
    expect((await exportRow(w.db, id)).state).toBe("expired");
  }, 10_000);
  expect((await desk.files()).filter((name) => name.includes(id))).toEqual([]);
  await expect(downloadExport(w.db.web, { exportId: id }, by(w.lea))).rejects.toMatchObject({
    code: "export_gone",
  });
  expect((await entriesOf(w.db, id)).slice(2)).toEqual([
    ["export.downloaded", `person:${w.lea.id}`],
    ["export.expired", "system:worker"],
  ]);
});

test("only leads and auditors who are active ask for and take files away", async () => {
  const off = await makePerson(w.db, "analyst");
  for (const [person, code] of [
    [w.ana, "role_too_low"],
    [w.adm, "role_too_low"],
    [off, "role_too_low"],
    [w.gone, "person_inactive"],
  ] as const) {
    await expect(desk.ask(person.id, { format: "csv" })).rejects.toMatchObject({ code });
    await expect(
      downloadExport(w.db.web, { exportId: w.ana.id }, by(person)),
    ).rejects.toMatchObject({ code });
  }
});

test("an erasure takes the files that could hold what it erased, and has the others written anew", async () => {
  const { incidentId } = w.closed;
  const { number } = await w.db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const scope = { kind: "incident", incident: incidentId, number } as const;
  const ready = await desk.ask(w.aud.id, { format: "jsonl", scope });
  await runExports(desk.worker());
  const running = await desk.ask(w.lea.id, { format: "jsonl" });
  await takeExport(w.db.worker, { worker: "writing", leaseMs: 60_000 });
  // a bundle of another incident rests on entries of this one
  const other = await makeIncident(w.db);
  const beside = { kind: "incident", incident: other.id, number: 2 } as const;
  const bundle = await desk.ask(w.lea.id, { format: "bundle", scope: beside });
  await takeExport(w.db.worker, { worker: "packing", leaseMs: 60_000 });
  await approveErasure(w.web, w.adm, await askErasure(w.web, w.lea, incidentId));
  const { rows } = await w.owner.query(
    "select state, attempt from trail.audit_export where id = any ($1)",
    [[running, bundle]],
  );
  expect(rows).toEqual([
    { state: "queued", attempt: 0 },
    { state: "queued", attempt: 0 },
  ]);
  await expect(downloadExport(w.db.web, { exportId: ready }, by(w.aud))).rejects.toMatchObject({
    code: "export_gone",
  });
  await dropExports(desk.worker());
  expect((await exportRow(w.db, ready)).state).toBe("expired");
  expect((await desk.files()).filter((name) => name.includes(ready))).toEqual([]);
});

test("the list goes by pages, by person and by state, and knows no strange cursor", async () => {
  const mine = { personId: w.aud.id };
  const first = await listExports(w.db.web, mine, null, 2);
  const second = await listExports(w.db.web, mine, first.nextCursor, 2);
  const all = await listExports(w.db.web, mine, null, 50);
  expect([...first.exports, ...second.exports].map(({ id }) => id)).toEqual(
    all.exports.slice(0, 4).map(({ id }) => id),
  );
  expect(all.exports.every((one) => one.by.id === w.aud.id)).toBe(true);
  const failed = await listExports(w.db.web, { state: "failed" });
  expect(failed.exports.length).toBeGreaterThan(0);
  expect(failed.exports.every(({ state }) => state === "failed")).toBe(true);
  await expect(listExports(w.db.web, mine, "bm9uZQ")).rejects.toMatchObject({
    code: "cursor_invalid",
  });
});
