/** Generates the Prisma client; offline, because generating needs no engine binary (only a path to one). */
import { spawnSync } from "node:child_process";
import { inheritedEnv } from "#lib/env.ts";

const generated = spawnSync(process.execPath, ["node_modules/prisma/build/index.js", "generate"], {
  encoding: "utf8",
  env: {
    ...inheritedEnv(),
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
  },
});
if (generated.status !== 0) {
  process.stderr.write(`${generated.stdout}${generated.stderr}`);
  process.exitCode = 1;
}
