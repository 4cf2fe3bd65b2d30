import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A time-stamping authority (RFC 3161, by HTTP as its section 3.4 says), and the file of CAs it is believed under. */
export type Tsa = { url: string; caFile: string };
/** `token`: the whole TimeStampResp, DER; `at`: the time in it, ms since 1970. */
export type Stamp = { token: Buffer; at: number };

const ANSWER_MS_MAX = 15_000;
const OPENSSL_MS_MAX = 10_000;
const TOKEN_BYTES_MAX = 65_536;
const run = promisify(execFile);

/**
 * Asks for a token over the sha256 of `data` and checks it: its imprint, its nonce, its signature up to one of the CAs,
 * and that the certificate is for time stamping. Throws with a sentence when any of it is not so.
 */
export async function askTsa({ url, caFile }: Tsa, data: string): Promise<Stamp> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-tsa-"));
  const [dataFile, query, reply] = ["data", "query.tsq", "reply.tsr"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  try {
    await writeFile(dataFile, data, { mode: 0o600 });
    await openssl("-query", "-data", dataFile, "-sha256", "-cert", "-out", query);
    await writeFile(reply, await send(url, await readFile(query)), { mode: 0o600 });
    // by the query, whose imprint is ours and whose nonce shows that the answer is to it
    await openssl("-verify", "-queryfile", query, "-in", reply, "-CAfile", caFile).catch(
      (error: unknown) => {
        throw new Error(`the time stamp does not hold: ${reasonOf(error)}`);
      },
    );
    const { stdout } = await openssl("-reply", "-in", reply, "-text");
    return { token: await readFile(reply), at: timeIn(stdout) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function openssl(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run("openssl", ["ts", ...args], { timeout: OPENSSL_MS_MAX });
}

async function send(url: string, query: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const response = await fetch(url, {
    method: "POST",
    body: query,
    headers: { "content-type": "application/timestamp-query" },
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  }).catch(() => {
    throw new Error("the time-stamping authority does not answer");
  });
  if (response.status !== 200)
    throw new Error(`the time-stamping authority answered ${response.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > TOKEN_BYTES_MAX)
      throw new Error("the time-stamping authority answered at too great length");
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts);
}

/** The words of openssl's own error line: `id:error:code:library:function:reason:file:line:`. */
function reasonOf(error: unknown): string {
  const said = (error as { stderr?: string }).stderr ?? "";
  return /:error:[0-9A-F]+:[^:\n]*:[^:\n]*:([^:\n]+):/.exec(said)?.[1] ?? "openssl refuses it";
}

function timeIn(text: string): number {
  const [, time] = /^Time stamp: (.+)$/m.exec(text) ?? [];
  const at = time === undefined ? Number.NaN : Date.parse(time);
  if (Number.isNaN(at)) throw new Error("the time stamp names no time");
  return at;
}
