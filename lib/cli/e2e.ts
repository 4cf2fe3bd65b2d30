/** Runs the stories of e2e/ in a real browser, finding or installing one first. */
import { spawnSync } from "node:child_process";
import { inheritedEnv } from "#lib/env.ts";
import { findBrowser } from "./browser.ts";

const browser = findBrowser();
const run = spawnSync(
  process.execPath,
  [
    "node_modules/playwright/cli.js",
    "test",
    "--config",
    "e2e/playwright.config.ts",
    ...process.argv.slice(2),
  ],
  { stdio: "inherit", env: { ...inheritedEnv(), COUNTERSIGN_BROWSER: browser } },
);
process.exitCode = run.status ?? 1;
