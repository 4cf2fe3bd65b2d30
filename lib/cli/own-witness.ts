import { join } from "node:path";
import { freePort } from "#lib/db/embedded.ts";
import type { StartArgs } from "./args.ts";

/** How a witness is started beside the product, and what the signer is told of it. */
export type WitnessPlan = { args: string[]; signer: Record<string, string> };

/**
 * The demo shows a witness at work when none is configured. It has a process, a folder and a key of its own, but it is
 * on the machine that it should watch: whoever has the machine has both keys. Its name says where it is.
 */
export async function witnessPlan(
  { demo, home }: Pick<StartArgs, "demo" | "home">,
  given: NodeJS.ProcessEnv,
): Promise<WitnessPlan | null> {
  if (!demo || given["COUNTERSIGN_WITNESS_URL"]) return null;
  const port = String(await freePort());
  const directory = join(home, "witness");
  const logKey = join(home, "signer", "log.key.pub");
  return {
    args: [
      ...["lib/cli/witness.ts", "--dir", directory, "--port", port],
      ...["--log-key", logKey, "--name", "witness-on-this-machine"],
    ],
    signer: {
      COUNTERSIGN_WITNESS_URL: `http://127.0.0.1:${port}/`,
      COUNTERSIGN_WITNESS_KEY: join(directory, "witness.key.pub"),
    },
  };
}
