import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright";
import { browserPath } from "#lib/env.ts";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Without these Chromium tries to reach its maker's hosts at every start. */
export const BROWSER_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A Chromium to test with: the one named by COUNTERSIGN_BROWSER, Playwright's own, the system's, or one
 * installed now (Playwright's download; else, as root on Debian, apt). Throws when there is none.
 */
export function findBrowser(): string {
  const named = browserPath();
  if (named) return named;
  const found = candidates().find((path) => existsSync(path));
  if (found) return found;
  process.stdout.write("  No Chromium here; installing one (this happens once) ...\n");
  spawnSync(process.execPath, ["node_modules/playwright/cli.js", "install", "chromium"], {
    stdio: "inherit",
    timeout: 300_000,
  });
  const downloaded = candidates().find((path) => existsSync(path));
  if (downloaded) return downloaded;
  if (process.getuid?.() === 0) {
    spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
    spawnSync("apt-get", ["install", "-y", "-qq", "chromium"], { stdio: "inherit" });
  }
  const installed = candidates().find((path) => existsSync(path));
  if (installed) return installed;
  throw new Error(
    "There is no Chromium. Install one, or name it: COUNTERSIGN_BROWSER=/path/to/chromium npm test",
  );
}

function candidates(): string[] {
  return [chromium.executablePath(), ...SYSTEM];
}
