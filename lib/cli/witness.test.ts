import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { freePort } from "#lib/db/embedded.ts";
import { openNote, parseVerifierKey, signCheckpoint, verifierKey } from "#lib/trail/checkpoint.ts";
import { leafHash, root } from "#lib/trail/tree.ts";
import { ownFolder } from "#lib/testing-folder.ts";

const ORIGIN = "countersign/test/trail";
const { privateKey: key } = generateKeyPairSync("ed25519");
const running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGTERM");
    await once(child, "exit");
  }
});

/** A folder with this program and nothing that was installed. */
function bareCopy(): string {
  const folder = ownFolder("witness-bare");
  for (const part of ["package.json", "lib/trail", "lib/signing", "lib/cli"])
    cpSync(part, join(folder, part), { recursive: true });
  return folder;
}

function start(folder: string, ...args: string[]) {
  const child = spawn(process.execPath, ["lib/cli/witness.ts", ...args], { cwd: folder });
  running.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  return {
    exited: once(child, "exit") as Promise<[code: number | null]>,
    said: () => said,
  };
}

test("one command and bare Node: it waits for the log's key, makes its own, and cosigns", async () => {
  const folder = bareCopy();
  const [logKey, port] = [join(folder, "log.key.pub"), await freePort()];
  const witness = start(
    folder,
    ...["--dir", join(folder, "w"), "--port", String(port), "--log-key", logKey, "--name", "w1"],
  );
  await expect.poll(witness.said, { timeout: 10_000 }).toContain("waiting for the log's key");
  writeFileSync(logKey, `${verifierKey({ name: ORIGIN, key })}\n`);
  await expect.poll(witness.said, { timeout: 10_000 }).toContain("witnessing");
  const note = signCheckpoint({ origin: ORIGIN, size: 1, root: root([leafHash("a")]) }, key);
  const answer = await fetch(`http://127.0.0.1:${port}/add-checkpoint`, {
    method: "POST",
    body: `old 0\n\n${note}`,
  });
  const known = parseVerifierKey(readFileSync(join(folder, "w/witness.key.pub"), "utf8").trim());
  expect(openNote(note + (await answer.text()), [known]).cosignatures).toHaveLength(1);
  expect(statSync(join(folder, "w/witness.key")).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "w/seen.json")).mode & 0o777).toBe(0o600);
}, 30_000);

test.each([
  ["no arguments", []],
  ["a port that is none", ["--dir", "w", "--log-key", "k", "--port", "99999"]],
])("%s: it says how it is used, and stops", async (_name, args) => {
  const witness = start(process.cwd(), ...args);
  expect((await witness.exited)[0]).toBe(1);
  expect(witness.said()).toContain("Usage: npm run witness");
});
