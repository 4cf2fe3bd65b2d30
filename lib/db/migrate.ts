import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSchemaEngine } from "./schema-engine.ts";

const PRISMA_DIRECTORY = fileURLToPath(new URL("../../prisma/", import.meta.url));
export const SCHEMA_FILE = join(PRISMA_DIRECTORY, "schema.prisma");
export const MIGRATIONS_DIRECTORY = join(PRISMA_DIRECTORY, "migrations");

/** The database cannot be brought to the present schema; the message is one sentence for the operator. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

/**
 * Applies what is missing of prisma/migrations, like `prisma migrate deploy`, and names what it applied.
 * `ownerUrl` must act as countersign_owner (see `ownerUrl` in provision.ts).
 * @throws MigrationError when a migration fails now or stopped half way before.
 */
export async function migrate(
  ownerUrl: string,
  directory: string = MIGRATIONS_DIRECTORY,
): Promise<string[]> {
  const datamodel = await readFile(SCHEMA_FILE, "utf8");
  const { engine, postgresError, close } = await openSchemaEngine(ownerUrl, datamodel);
  const migrationsList = await readMigrations(directory);
  const filters = { externalTables: [], externalEnums: [] };
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters });
    return appliedMigrationNames;
  } catch (error) {
    throw explain(error as Error, postgresError());
  } finally {
    await close();
  }
}

async function readMigrations(directory: string) {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
  const migrationDirectories = await Promise.all(
    names.map(async (path) => {
      const value = await readFile(join(directory, path, "migration.sql"), "utf8");
      return {
        path,
        migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value } },
      };
    }),
  );
  const lock = await readFile(join(directory, "migration_lock.toml"), "utf8");
  const lockfile = { path: "migration_lock.toml", content: lock };
  return { baseDir: directory, lockfile, shadowDbInitScript: "", migrationDirectories };
}

function explain(error: Error, postgresError: Error | null): MigrationError {
  const text = error.message ?? String(error);
  const name = /`(\d{4}\w*)`/.exec(text)?.[1] ?? /(\d{4}_\w+)/.exec(text)?.[1] ?? "a migration";
  if (text.includes("P3009") || /failed migrations in the target database/.test(text)) {
    return new MigrationError(
      `The database is half migrated: ${name} failed in an earlier run; restore a backup or start with an empty ` +
        "database (npm run reset).",
      { cause: error },
    );
  }
  const reason = (postgresError?.message ?? text).split("\n")[0];
  return new MigrationError(`Migration ${name} could not be applied: ${reason}.`, { cause: error });
}
