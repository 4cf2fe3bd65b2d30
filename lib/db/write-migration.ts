import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startEmbedded } from "./embedded.ts";
import { MIGRATIONS_DIRECTORY, SCHEMA_FILE } from "./migrate.ts";
import { openSchemaEngine } from "./schema-engine.ts";

/**
 * Writes the next migration: the SQL from the schema that the last migration recorded beside itself to
 * prisma/schema.prisma, and a copy of that. Recorded schemas are compared rather than a live database, so that
 * what is written by hand (triggers, grants, CHECKs, partial indexes) is never dropped.
 *
 * Run: `node lib/db/write-migration.ts NAME`. The engine wants some Postgres: a scratch one is started.
 */
export async function writeMigration(name: string): Promise<string> {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new Error(`A migration's name is lower_case_words, not "${name}".`);
  const directory = await mkdtemp(join(tmpdir(), "countersign-migration-"));
  const server = await startEmbedded({ directory, port: await freePort(), password: "scratch" });
  try {
    const folder = join(MIGRATIONS_DIRECTORY, `${await nextNumber()}_${name}`);
    const sql = await difference(server.adminUrl());
    await mkdir(folder);
    await writeFile(join(folder, "migration.sql"), sql);
    await copyFile(SCHEMA_FILE, join(folder, "schema.prisma"));
    return folder;
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function difference(url: string): Promise<string> {
  const content = await readFile(SCHEMA_FILE, "utf8");
  const recorded = await recordedSchema();
  const { engine, close } = await openSchemaEngine(url, content);
  const { stdout } = await engine.diff({
    from: recorded === null ? { tag: "empty" } : { tag: "schemaDatamodel", files: [recorded] },
    to: { tag: "schemaDatamodel", files: [{ path: SCHEMA_FILE, content }] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  await close();
  if (!stdout?.trim() || stdout.includes("This is an empty migration")) {
    throw new Error("Nothing to write: prisma/schema.prisma is what the migrations make.");
  }
  return stdout;
}

async function recordedSchema(): Promise<{ path: string; content: string } | null> {
  const names = (await readdir(MIGRATIONS_DIRECTORY)).toSorted();
  const paths = names.map((name) => join(MIGRATIONS_DIRECTORY, name, "schema.prisma"));
  const path = paths.findLast((candidate) => existsSync(candidate));
  return path ? { path, content: await readFile(path, "utf8") } : null;
}

async function nextNumber(): Promise<string> {
  const names = await readdir(MIGRATIONS_DIRECTORY);
  const last = Math.max(
    0,
    ...names.map((name) => Number.parseInt(name, 10)).filter(Number.isFinite),
  );
  return String(last + 1).padStart(4, "0");
}

if (import.meta.main) process.stdout.write(`${await writeMigration(process.argv[2] ?? "")}\n`);
