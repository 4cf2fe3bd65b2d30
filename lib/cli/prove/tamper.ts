/** The log attacked by a superuser with every trigger off: what the signer, a bundle and an earlier checkpoint notice. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { folderFiles } from "#lib/bundle/open-bundle.ts";
import { parseWitnessKey } from "#lib/trail/bundle/cosignature.ts";
import { verifyBundle, type BundleOptions } from "#lib/trail/bundle/verify-bundle.ts";
import { pgTrailLog } from "#lib/db/trail-log.ts";
import { newestCheckpoint } from "#lib/queries/bundle-content.ts";
import {
  ORIGIN,
  sealedTrail,
  testWitness,
  type SealedTrail,
  type Witness,
} from "#lib/jobs/exports/testing-bundle.ts";
import { openSigner } from "#lib/signing/signer.ts";
import { parseVerifierKeys } from "#lib/trail/checkpoint.ts";
import { none, told, type Figure } from "../figures.ts";
import { say } from "../progress.ts";
import { drillDatabase } from "./drill/database.ts";
import { TAMPER_ATTACKS, type Scene, type TamperAttack } from "./tamper/attacks.ts";
import { readLog, writeLog, type LogState } from "./tamper/log-table.ts";
import type { Proof, ProofMode } from "./proof.ts";

const ENTRIES: Record<ProofMode, number> = { short: 200, normal: 5_000, long: 5_000 };

const LIMITS = `Not noticed, and why. A log cut at an older checkpoint (5) verifies: only a time, the witness's size or a newer checkpoint
shows it. A forged entry that no passkey signed (10) is an entry: whoever writes to the log may write what is not so; what a person
signed by passkey cannot be forged (10b). With both keys stolen (12) only a checkpoint that the auditor kept shows it. The bundles
of the attacked log are made with the export key in hand. The signer is asked at its next whole check of the log.`;

type Observed = { signer: string; bundle: string; older: string; fresh: string };

export async function proveTamper(mode: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  const trail = await sealedTrail(db);
  try {
    const { scene, whole, older } = await prepare(trail, ENTRIES[mode]);
    const rows: { attack: TamperAttack; observed: Observed }[] = [];
    for (const attack of TAMPER_ATTACKS) {
      await writeLog(db.adminUrl, attack.strike(whole, scene));
      const signer = await signerVerdict(scene, whole);
      const bundled = await bundleVerdicts(scene, { older, size: whole.rows.length });
      rows.push({ attack, observed: { ...bundled, signer } });
    }
    await writeLog(db.adminUrl, whole);
    const untouched = await bundleVerdicts(scene, { older, size: whole.rows.length });
    const offline = await verifyOffline(trail);
    print(rows);
    return {
      figures: figuresOf({ rows, untouched, offline, n: whole.rows.length }),
      limits: LIMITS,
    };
  } finally {
    await trail.close();
    await db.close();
  }
}

/** A log with the auditor's checkpoint at a third, one more at two thirds, and the newest over all. */
async function prepare(trail: SealedTrail, entries: number) {
  const part = Math.ceil(entries / 3);
  const sizes: number[] = [];
  const notes: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    await trail.append(part);
    await trail.seal();
    const sealed = await newestCheckpoint(trail.db.worker);
    sizes.push(sealed!.size);
    notes.push(sealed!.note);
  }
  await copyFile(join(trail.place, "signed.json"), join(trail.place, "signed.kept"));
  const witness = await testWitness(trail.place, Math.floor(Date.now() / 1000));
  const log = await readLog(trail.db.adminUrl);
  // the witness cosigned every checkpoint of the honest log
  const checkpoints = log.checkpoints.map((one) => ({ ...one, note: witness.cosign(one.note) }));
  const [early, between] = [sizes[0]! - 10, sizes[1]!];
  const scene: Scene = { trail, witness, early, between, middle: between + 10 };
  return { scene, whole: { rows: log.rows, checkpoints }, older: notes[0]! };
}

async function bundleVerdicts(
  { trail, witness }: Scene,
  { older, size }: { older: string; size: number },
): Promise<Omit<Observed, "signer">> {
  if (!(await newestCheckpoint(trail.db.worker)))
    return { bundle: "none", older: "none", fresh: "none" };
  const folder = await trail.bundle({ kind: "log" });
  try {
    const options = await auditorsOptions(trail, witness);
    const verdict = async (more: BundleOptions) => {
      const { checks } = await verifyBundle(folderFiles(folder), { ...options, ...more });
      return checks.find(({ fault }) => fault !== null)?.fault ?? "holds";
    };
    return {
      bundle: await verdict({}),
      older: await verdict({ olderCheckpoint: older }),
      fresh: await verdict({ witnessSize: size }),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function auditorsOptions(trail: SealedTrail, witness: Witness): Promise<BundleOptions> {
  return {
    logKeys: parseVerifierKeys(await readFile(trail.logKeyFile, "utf8")),
    witnesses: [parseWitnessKey(await readFile(witness.keyFile, "utf8"))],
  };
}

/** What the signer does next, from the memory it had before the attack, once there is an entry more. */
async function signerVerdict(scene: Scene, whole: LogState): Promise<string> {
  const { trail } = scene;
  const statePath = join(trail.place, "signed.tried");
  await copyFile(join(trail.place, "signed.kept"), statePath);
  const signer = await openSigner({
    log: pgTrailLog(trail.db.pools.signer),
    key: trail.logKey,
    origin: ORIGIN,
    statePath,
    signEveryEntries: 1,
  });
  await trail.append(1);
  const { did, size } = await signer.step();
  if (did === "signed") await cosignNewest(scene);
  return did === "signed" && size > whole.rows.length
    ? "signs"
    : did === "refused"
      ? "refuses"
      : did;
}

/** The witness saw nothing wrong in a log that grew, and cosigned. */
async function cosignNewest({ trail, witness }: Scene): Promise<void> {
  const log = await readLog(trail.db.adminUrl);
  const newest = log.checkpoints.at(-1)!;
  const cosigned = { ...newest, note: witness.cosign(newest.note) };
  const checkpoints = [...log.checkpoints.slice(0, -1), cosigned];
  await writeLog(trail.db.adminUrl, { ...log, checkpoints });
}

/** The verifier of a bundle in a network namespace that has no network; null where none may be made. */
async function verifyOffline(trail: SealedTrail): Promise<number | null> {
  if (spawnSync("unshare", ["-rn", "true"]).status !== 0) return null;
  const folder = await mkdtemp(join(trail.place, "offline-"));
  const bundle = await trail.bundle();
  await writeFile(join(folder, "verify.mjs"), await readFile(join(bundle, "verify.mjs")));
  let failed = 0;
  for (const command of [
    [process.execPath, join(folder, "verify.mjs"), bundle],
    ["sh", join(bundle, "verify.sh"), bundle],
  ])
    try {
      execFileSync("unshare", ["-rn", ...command], { stdio: "ignore" });
    } catch {
      failed += 1;
    }
  return failed;
}

function print(rows: { attack: TamperAttack; observed: Observed }[]): void {
  say(
    "| # | attack | signer's next run | bundle alone | with the auditor's earlier checkpoint | with the witness's size |",
  );
  say("|---|---|---|---|---|---|");
  for (const { attack, observed } of rows) {
    const { signer, bundle, older, fresh } = observed;
    const mark = isAsExpected(attack, observed) ? "" : " (NOT AS EXPECTED)";
    say(`| ${attack.row} | ${attack.name}${mark} | ${signer} | ${bundle} | ${older} | ${fresh} |`);
  }
}

function isAsExpected(attack: TamperAttack, observed: Observed): boolean {
  const fresh = attack.fresh ?? attack.bundle;
  return (
    observed.signer === attack.signer &&
    observed.bundle === attack.bundle &&
    observed.older === attack.older &&
    observed.fresh === fresh
  );
}

type Result = {
  rows: { attack: TamperAttack; observed: Observed }[];
  untouched: Omit<Observed, "signer">;
  offline: number | null;
  n: number;
};

function figuresOf({ rows, untouched, offline, n }: Result): Figure[] {
  const odd = rows.filter(({ attack, observed }) => !isAsExpected(attack, observed)).length;
  const unnoticed = rows.filter(({ observed }) =>
    [
      observed.signer === "refuses",
      observed.bundle !== "holds",
      observed.older !== "holds",
      observed.fresh !== "holds",
    ].every((seen) => !seen),
  ).length;
  const sound = Object.values(untouched).filter((verdict) => verdict !== "holds").length;
  return [
    told("entries", n, 1, "in the attacked log"),
    told("attacks", rows.length, rows.length, "by a superuser, triggers off"),
    none("notAsExpected", odd, rows.length, "rows that differ from what is expected of them"),
    told("unnoticed", unnoticed, rows.length, "by anything but a signature by passkey: row 10"),
    none("falseAlarms", sound, 3, "of the log as it was"),
    offline === null
      ? told("offline", 0, 0, "skipped: no network namespace may be made here")
      : none("offline", offline, 2, "verifiers that failed without a network"),
  ];
}
