import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askExport } from "#lib/commands/exports/ask-export.ts";
import { exportFile, exportFolder } from "#lib/db/export-files.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { ExportFormat, ExportState } from "#lib/domain/trail/export.ts";
import type { BundleScope, Withheld } from "#lib/trail/bundle/manifest.ts";
import type { ExportClocks, ExportContext } from "./run-exports.ts";

const NOTHING: Withheld = { evidence: false, names: false, payloads: false };

/** A desk's folder and what a worker of it needs to write exports. */
export async function exportDesk(db: TestDatabase) {
  const home = await mkdtemp(join(tmpdir(), "exports-"));
  const said: string[] = [];
  const tell = (facts: object, message: string) =>
    void said.push(`${message} ${JSON.stringify(facts)}`);
  const log = { info: tell, warn: tell, error: tell };
  let workers = 0;
  return {
    home,
    said,
    folder: exportFolder(home),
    /** What lies in the folder. */
    files: () => readdir(exportFolder(home)).catch(() => []),
    /** Where the file of the hand that has it, or that was done with it, lies. */
    fileOf: async (id: string) => exportFile({ id, hand: (await exportRow(db, id)).hand }, home),
    /** Folders in which an export is being written. */
    making: async (id: string) =>
      (await readdir(exportFolder(home)).catch(() => [])).filter((name) =>
        name.startsWith(`making-${id}`),
      ),
    /** A worker of its own; `stop` is what tells it to. */
    worker(more: Partial<ExportContext> = {}, clocks: Partial<ExportClocks> = {}) {
      const stop = new AbortController();
      const context: ExportContext = {
        ...{ db: db.worker, home, organisation: "test", log, signal: stop.signal },
        worker: `worker-${(workers += 1)}`,
        clocks: { beatMs: 20, ...clocks },
        ...more,
      };
      return { ...context, stop };
    },
    ask: async (
      person: string,
      order: { format: ExportFormat; scope?: BundleScope; withheld?: Partial<Withheld> },
    ) => {
      const { format, scope = { kind: "log" }, withheld } = order;
      const whole = { format, scope, withheld: { ...NOTHING, ...withheld } };
      const { exportId } = await askExport(db.web, whole, {
        ...{ kind: "person", id: person, session: null },
      });
      return exportId;
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
export type ExportDesk = Awaited<ReturnType<typeof exportDesk>>;

export type ExportRow = {
  state: ExportState;
  done: number;
  total: number | null;
  bytes: number | null;
  sha256: string | null;
  file_name: string | null;
  reason: string | null;
  hand: number;
};

export async function exportRow(db: TestDatabase, id: string): Promise<ExportRow> {
  const { rows } = await db.pools.auditor.query<ExportRow>(
    `select state, done::int, total::int, bytes::float8 as bytes, encode(sha256, 'hex') as sha256, file_name, reason, hand
     from trail.audit_export where id = $1`,
    [id],
  );
  return rows[0]!;
}

/** The entries that an export left on the trail, in order: kind and who. */
export async function entriesOf(db: TestDatabase, id: string): Promise<[string, string][]> {
  const { rows } = await db.pools.auditor.query<{ kind: string; actor: string }>(
    `select e.kind, e.actor from trail.entry e join trail.payload p using (seq)
     where e.kind like 'export.%' and convert_from(p.bytes, 'UTF8')::jsonb ->> 'export' = $1 order by seq`,
    [id],
  );
  return rows.map(({ kind, actor }) => [kind, actor]);
}
