import { mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

/** What Node keeps of compiled modules, for any program that asks it to. */
const NOT_OURS = new Set(["node-compile-cache"]);

/** The temporary directory of one run of a project's tests and of all that they start. */
export function runFolder(project: string): string {
  return join(tmpdir(), `countersign-run-${project}-${process.pid}`);
}

/** Makes that directory; at the end of the run it fails when anything is left in it, and removes it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = runFolder(project.name);
  await mkdir(folder, { recursive: true });
  return async () => {
    const left = (await readdir(folder)).filter((name) => !NOT_OURS.has(name));
    await rm(folder, { recursive: true });
    if (left.length > 0) throw new Error(`The tests left in ${tmpdir()}: ${left.join(", ")}`);
  };
}
