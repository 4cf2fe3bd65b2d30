import { spawnSync } from "node:child_process";
import { inheritedEnv } from "#lib/env.ts";
import { findBrowser } from "./browser.ts";

/** Runs Playwright by one of its configurations, finding or installing a browser first; what is asked goes on to it. */
export function runStories(config: string, asked: string[]): void {
  const run = spawnSync(
    process.execPath,
    ["node_modules/playwright/cli.js", "test", "--config", config, ...asked],
    { stdio: "inherit", env: { ...inheritedEnv(), COUNTERSIGN_BROWSER: findBrowser() } },
  );
  process.exitCode = run.status ?? 1;
}
