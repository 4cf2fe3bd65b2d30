import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { demoOf, startCountersign } from "./supervisor.ts";

/** One Countersign with its demo night for all stories; `HOME_FILE` tells the fixtures where it lives. */
export const HOME_FILE = "test-results/e2e-home";

export default async function globalSetup(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), "countersign-e2e-"));
  process.stdout.write("  Starting Countersign with its demo night ...\n");
  // A limit that one story can reach; the others stay far below it.
  const running = await startCountersign({ home, env: { COUNTERSIGN_RATE: "250" } });
  await demoOf(running);
  await mkdir(dirname(HOME_FILE), { recursive: true });
  await writeFile(HOME_FILE, home);
  return async () => {
    await running.stop();
    await rm(home, { recursive: true, force: true });
  };
}
