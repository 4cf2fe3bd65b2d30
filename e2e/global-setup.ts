import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoOf, startCountersign } from "./supervisor.ts";

/** One Countersign with its demo night for all stories; `HOME_VARIABLE` tells the fixtures where it lives. */
export const HOME_VARIABLE = "COUNTERSIGN_E2E_HOME";

export default async function globalSetup(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), "countersign-e2e-"));
  process.stdout.write("  Starting Countersign with its demo night ...\n");
  const running = await startCountersign({ home });
  await demoOf(running);
  process.env[HOME_VARIABLE] = home;
  return async () => {
    await running.stop();
    await rm(home, { recursive: true, force: true });
  };
}
