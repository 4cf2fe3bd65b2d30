import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestDatabase } from "#lib/db/testing.ts";
import { readIfThere } from "#lib/signing/durable.ts";
import { CompactRange } from "#lib/trail/tree.ts";
import { FAULT_STEPS, faultArg, type Fault } from "../drill/faults.ts";
import { startProcess } from "../drill/processes.ts";
import { seededRandom, waitFor } from "../drill/wait.ts";
import { TrailUnderAttack, type TrailRow } from "./trail-under-attack.ts";

export type SignerDrill = {
  rounds: number;
  kills: number;
  errors: number;
  /** Steps at which a process was killed at least once. */
  stepsKilled: number;
  rewritten: number;
  refused: number;
  checkpoints: number;
  /** 1 when the last signer, with no fault and nothing rewritten, did not sign the whole log. */
  stuck: number;
  /** Sizes for which two roots were signed. */
  forks: number;
  /** Signed checkpoints that are not the beginning of the log as it stands at the end. */
  notPrefix: number;
  /** Acknowledged to the signer, and not in the database, or beyond what it remembers. */
  lost: number;
};
type LedgerLine = {
  did: "signed" | "acknowledged" | "failed" | "refused";
  size: number;
  root: string;
};

const ORIGIN = "countersign/drill/trail";
const ROUND_S = 30;

/**
 * Signers one after the other, each struck at one step, over a trail that grows and that its superuser rewrites in every
 * fourth round: sometimes what was signed, sometimes only what no checkpoint covers yet.
 */
export async function drillSigner(db: TestDatabase, size: { rounds: number; seed: number }) {
  const folder = await mkdtemp(join(tmpdir(), "countersign-signer-"));
  const trail = await TrailUnderAttack.open(db);
  try {
    const random = seededRandom(size.seed);
    const result: SignerDrill = { ...NOTHING, rounds: size.rounds };
    const killedAt = new Set<string>();
    for (let round = 0; round < size.rounds; round += 1) {
      const step = FAULT_STEPS[round % FAULT_STEPS.length]!;
      const how = round % 5 === 4 ? "error" : "kill";
      const fault: Fault = { step, how, nth: step === "read" ? 1 + Math.floor(random() * 4) : 1 };
      await trail.append(1 + Math.floor(random() * 4));
      const before = await trail.rows();
      const from = round % 4 === 1 ? Math.floor(random() * before.length) : null;
      if (from !== null) await trail.rewriteFrom(from, before);
      const seen = (await ledgerOf(folder)).length;
      const isKilled = await runSigner(db, folder, fault);
      const news = (await ledgerOf(folder)).slice(seen);
      if (isKilled) killedAt.add(step);
      result.kills += isKilled ? 1 : 0;
      result.errors += news.some(({ did }) => did === "failed") ? 1 : 0;
      result.refused += news.some(({ did }) => did === "refused") ? 1 : 0;
      if (from !== null) {
        result.rewritten += 1;
        // what the signer vouched for has become the history; everything else goes back to what it was
        const isHistory = from < (await signedSize(folder)) && (await isVouched(folder, trail));
        if (!isHistory) await trail.put(before.slice(from));
      }
      result.lost += await lostNow(folder, trail);
    }
    // one more without a fault: whatever was struck, signing goes on
    await trail.append(1);
    await runSigner(db, folder, { step: "read", how: "kill", nth: 0 });
    return { ...result, ...(await judge(folder, trail)), stepsKilled: killedAt.size };
  } finally {
    await trail.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const NOTHING: SignerDrill = {
  rounds: 0,
  kills: 0,
  errors: 0,
  stepsKilled: 0,
  rewritten: 0,
  refused: 0,
  checkpoints: 0,
  stuck: 0,
  forks: 0,
  notPrefix: 0,
  lost: 0,
};

/** True when it was killed. */
async function runSigner(db: TestDatabase, folder: string, fault: Fault): Promise<boolean> {
  const { connectionString } = db.pools.signer.options;
  const instance = startProcess(
    "lib/cli/prove/drill/signer-instance.ts",
    [folder, ORIGIN, faultArg(fault)],
    { DATABASE_URL_SIGNER: String(connectionString) },
  );
  await waitFor("a signer to end", () => instance.isGone(), ROUND_S, 5);
  const said = instance.said().trim();
  if (said !== "" && !said.includes("EIO")) throw new Error(`A signer failed otherwise: ${said}`);
  return instance.wasKilled();
}

async function ledgerOf(folder: string): Promise<LedgerLine[]> {
  const text = (await readIfThere(join(folder, "ledger.jsonl"))) ?? "";
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LedgerLine);
}

async function stateOf(folder: string): Promise<{ size: number; root: string }> {
  const text = await readIfThere(join(folder, "signed.json"));
  return text === null
    ? { size: 0, root: "" }
    : (JSON.parse(text) as { size: number; root: string });
}

async function signedSize(folder: string): Promise<number> {
  return (await stateOf(folder)).size;
}

/** Whether what the signer remembers is the beginning of the log as it stands. */
async function isVouched(folder: string, trail: TrailUnderAttack): Promise<boolean> {
  const { size, root } = await stateOf(folder);
  return rootsOf(await trail.rows()).get(size) === root;
}

function rootsOf(rows: readonly TrailRow[]): Map<number, string> {
  const range = new CompactRange();
  const roots = new Map<number, string>();
  for (const { leaf } of rows) {
    range.append(Buffer.from(leaf, "hex"));
    roots.set(range.size, range.root().toString("hex"));
  }
  return roots;
}

async function lostNow(folder: string, trail: TrailUnderAttack): Promise<number> {
  const [ledger, stored, size] = [
    await ledgerOf(folder),
    await trail.checkpoints(),
    await signedSize(folder),
  ];
  const lost = ledger.filter(
    (line) =>
      line.did === "acknowledged" && (stored.get(line.size) !== line.root || size < line.size),
  );
  return lost.length;
}

async function judge(folder: string, trail: TrailUnderAttack) {
  const signed = (await ledgerOf(folder)).filter(({ did }) => did === "signed");
  const bySize = Map.groupBy(signed, ({ size }) => size);
  const roots = rootsOf(await trail.rows());
  const newest = Math.max(...bySize.keys());
  const isForked = (lines: LedgerLine[]) => new Set(lines.map(({ root }) => root)).size > 1;
  return {
    checkpoints: bySize.size,
    stuck: newest === roots.size ? 0 : 1,
    forks: [...bySize.values()].filter(isForked).length,
    notPrefix: signed.filter(({ size, root }) => roots.get(size) !== root).length,
  };
}
