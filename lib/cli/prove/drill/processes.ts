import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { inheritedEnv } from "#lib/env.ts";

/** A process of the drill's own: killed without a word, or told to stop. */
export type DrillProcess = {
  pid: number;
  /** SIGKILL: it gets to do nothing more. Resolves when it is gone. */
  kill: () => Promise<void>;
  /** SIGTERM, then SIGKILL after ten seconds. */
  stop: () => Promise<void>;
  /** True once it has ended, for whatever reason. */
  isGone: () => boolean;
  /** True once it has ended by SIGKILL, whoever sent it. */
  wasKilled: () => boolean;
  /** What it said on stderr, its last 20,000 characters. */
  said: () => string;
};

const STOP_MS = 10_000;
const KEPT_CHARS = 20_000;

/** Starts `node FILE ARGS` (from the repository's root) with these settings beside what is inherited. */
export function startProcess(
  file: string,
  args: string[],
  settings: Record<string, string>,
): DrillProcess {
  const child = spawn(process.execPath, [resolve(file), ...args], {
    env: { ...inheritedEnv(), ...settings },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-KEPT_CHARS);
  });
  return {
    pid: child.pid ?? 0,
    kill: () => end(child, "SIGKILL"),
    stop: async () => {
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await end(child, "SIGTERM");
      clearTimeout(timer);
    },
    isGone: () => hasEnded(child),
    wasKilled: () => child.signalCode === "SIGKILL",
    said: () => said,
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
