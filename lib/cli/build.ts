import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, readFile, stat, writeFile } from "node:fs/promises";
import { inheritedEnv } from "#lib/env.ts";
import { StartError } from "./progress.ts";

const NEXT = "node_modules/next/dist/bin/next";
const STAMP = ".next/countersign-sources";
const SOURCES = [
  "app/**/*",
  "components/**/*",
  "lib/**/*",
  "prisma/schema.prisma",
  "public/**/*",
  "proxy.ts",
  "instrumentation-client.ts",
  "next.config.js",
  "postcss.config.js",
  "package-lock.json",
];

/** True when there is a production build made of exactly these sources. */
export async function isBuilt(): Promise<boolean> {
  if (!existsSync(".next/BUILD_ID") || !existsSync(STAMP)) return false;
  return (await readFile(STAMP, "utf8")) === (await sourcesDigest());
}

/** Makes the production build. Throws StartError with the compiler's last lines. */
export async function build(note: (text: string) => void): Promise<void> {
  const digest = await sourcesDigest();
  const output = await run([NEXT, "build"], note);
  if (output.code !== 0) {
    throw new StartError(
      `The production build failed:\n${output.text.split("\n").slice(-30).join("\n")}`,
    );
  }
  await writeFile(STAMP, digest);
}

async function sourcesDigest(): Promise<string> {
  const hash = createHash("sha256");
  const files: string[] = [];
  for (const pattern of SOURCES) {
    for await (const file of glob(pattern, { exclude: (name) => name === "generated" }))
      files.push(file);
  }
  for (const file of files.toSorted()) {
    if (file.endsWith(".test.ts") || !(await stat(file)).isFile()) continue;
    hash
      .update(file)
      .update("\0")
      .update(await readFile(file))
      .update("\0");
  }
  return hash.digest("hex");
}

function run(
  args: string[],
  note: (text: string) => void,
): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...inheritedEnv(), NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    const hear = (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const line = text.trimEnd().split("\n").at(-1)?.trim();
      if (line) note(line.slice(0, 90));
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => resolve({ code, text }));
  });
}
