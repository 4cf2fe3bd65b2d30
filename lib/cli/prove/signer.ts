/** Signer and witness killed at each step, and disks that fail: never two histories signed, no checkpoint lost. */
import { none, told, type Figure } from "../figures.ts";
import { drillDatabase } from "./drill/database.ts";
import { FAULT_STEPS } from "./drill/faults.ts";
import type { Proof, ProofMode } from "./proof.ts";
import { drillSigner, type SignerDrill } from "./signer/signer-drill.ts";
import { drillWitness, type WitnessDrill } from "./signer/witness-drill.ts";

const SIZES: Record<ProofMode, { signer: number; witness: number }> = {
  short: { signer: 45, witness: 15 },
  normal: { signer: 200, witness: 90 },
  long: { signer: 700, witness: 700 },
};
const SEED = 6;

/** The proof over a database of its own. */
export async function proveSigner(mode: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  try {
    const startedAt = performance.now();
    const { signer, witness } = SIZES[mode];
    const signed = await drillSigner(db, { rounds: signer, seed: SEED });
    const cosigned = await drillWitness({ rounds: witness, seed: SEED });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const took = told("took", seconds, 1, "", "s");
    return {
      figures: [...signerFigures(signed), ...witnessFigures(cosigned), took],
      limits: LIMITS,
    };
  } finally {
    await db.close();
  }
}

function signerFigures(found: SignerDrill): Figure[] {
  const { rounds, checkpoints } = found;
  const steps = FAULT_STEPS.length;
  return [
    told("signer.kills", found.kills, rounds, "SIGKILL of the signer before a step"),
    told("signer.errors", found.errors, rounds, "EIO from its disk or its database"),
    {
      ...told("signer.steps", found.stepsKilled, steps, "steps at which it was killed"),
      target: "all",
      holds: found.stepsKilled === steps,
    },
    told(
      "signer.rewritten",
      found.rewritten,
      rounds,
      "rounds in which a superuser rewrote the trail",
    ),
    told("signer.refused", found.refused, found.rewritten, "of those, refused to sign"),
    told("signer.checkpoints", checkpoints, rounds),
    none("signer.forks", found.forks, checkpoints, "sizes with two roots signed"),
    none("signer.notPrefix", found.notPrefix, checkpoints, "signed, and no beginning of the log"),
    none("signer.stuck", found.stuck, 1, "the last signer did not sign the whole log"),
    none("signer.lost", found.lost, checkpoints, "acknowledged, and gone or forgotten"),
  ];
}

function witnessFigures(found: WitnessDrill): Figure[] {
  return [
    told("witness.kills", found.kills, found.rounds, "SIGKILL of the witness before a step"),
    told("witness.errors", found.errors, found.rounds, "EIO from its disk"),
    told("witness.cosigned", found.cosigned, found.asked, "of checkpoints, half of them forks"),
    none("witness.forks", found.forks, found.cosigned, "cosigned, and not of one history"),
  ];
}

const LIMITS =
  "A killed process is not a lost machine: what the kernel had taken was kept, so that a disk which lies about fsync is not in it. Errors are thrown where the disk would say them, before the step, not by a disk. The rewriting superuser leaves the checkpoints in the database alone.";
