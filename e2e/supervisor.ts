import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { inheritedEnv } from "#lib/env.ts";

export type Demo = {
  url: string;
  people: { email: string; password: string; role: string }[];
  sources: { name: string; format: string; token: string }[];
  readToken: string;
  night: { startedAt: string; done: boolean };
};

export type Running = {
  url: string;
  home: string;
  output: () => string;
  process: ChildProcess;
  /** Resolves with the exit code once the supervisor has stopped. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
};

const READY = /Ready after ([\d.]+) s at (\S+)/;

/** Starts Countersign as `npm start` does and waits until it says that it is ready. */
export async function startCountersign(options: {
  home: string;
  port?: number;
  args?: string[];
  env?: Record<string, string>;
}): Promise<Running> {
  const port = options.port ?? (await freePort());
  const run = launch(
    [`--port=${port}`, `--data-dir=${options.home}`, ...(options.args ?? [])],
    options.env,
  );
  const exited = new Promise<number | null>((resolve) => run.child.once("exit", resolve));
  const ready = run.until(READY);
  const first = await Promise.race([ready, exited.then(() => null)]);
  if (first === null) throw new Error(`Countersign did not start:\n${run.output()}`);
  return {
    url: `http://localhost:${port}`,
    home: options.home,
    output: run.output,
    process: run.child,
    stop: async (signal = "SIGTERM") => {
      run.child.kill(signal);
      return exited;
    },
  };
}

/** Runs the supervisor to its end, for the starts that must fail. */
export async function runCountersign(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const run = launch(args, env);
  const code = await new Promise<number | null>((resolve) => run.child.once("exit", resolve));
  return { code, output: run.output() };
}

/** Waits until the demo night is in, summarised and decided. */
export async function demoOf(running: Running): Promise<Demo> {
  for (;;) {
    const demo = await readDemo(running.home);
    if (demo?.night.done) return demo;
    if (running.process.exitCode !== null)
      throw new Error(`Countersign stopped:\n${running.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

export async function readDemo(home: string): Promise<Demo | null> {
  const text = await readFile(join(home, "demo.json"), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as Demo);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function launch(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["lib/cli/start.ts", ...args], {
    env: { ...inheritedEnv(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const waiting: { pattern: RegExp; resolve: (match: RegExpExecArray) => void }[] = [];
  const hear = (chunk: Buffer) => {
    text += chunk.toString("utf8");
    for (const wait of waiting) {
      const match = wait.pattern.exec(text);
      if (match) wait.resolve(match);
    }
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return {
    child,
    output: () => text,
    until: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve) => waiting.push({ pattern, resolve })),
  };
}
