/**
 * `npm run prove -- NAME [--short|--long] [--json FILE]`: one claim of the product put to the test, with its figures.
 * Without a mode a proof runs at the size its document states.
 */
import { publish } from "./figures.ts";
import { say } from "./progress.ts";
import type { Proof, ProofMode } from "./prove/proof.ts";

const PROOFS: Record<string, () => Promise<(mode: ProofMode) => Promise<Proof>>> = {
  budget: async () => (await import("./prove/budget.ts")).proveBudget,
  chaos: async () => (await import("./prove/chaos.ts")).proveChaos,
  fuzz: async () => (await import("./prove/fuzz.ts")).proveFuzz,
  gate: async () => (await import("./prove/gate.ts")).proveGate,
  injection: async () => (await import("./prove/injection.ts")).proveInjection,
  model: async () => (await import("./prove/model.ts")).proveModel,
  mutate: async () => (await import("./prove/mutate.ts")).proveMutate,
  outage: async () => (await import("./prove/outage.ts")).proveOutage,
  proofs: async () => (await import("./prove/proofs.ts")).proveProofs,
  secrets: async () => (await import("./prove/secrets.ts")).proveSecrets,
  signer: async () => (await import("./prove/signer.ts")).proveSigner,
  stream: async () => (await import("./prove/stream.ts")).proveStream,
  tamper: async () => (await import("./prove/tamper.ts")).proveTamper,
  workers: async () => (await import("./prove/workers.ts")).proveWorkers,
};

const [name] = process.argv.slice(2);
const load = name === undefined ? undefined : PROOFS[name];
const mode = process.argv.includes("--short")
  ? "short"
  : process.argv.includes("--long")
    ? "long"
    : "normal";

if (!load) {
  process.stderr.write(
    `Usage: npm run prove -- ${Object.keys(PROOFS).join("|")} [--short|--long] [--json FILE]\n`,
  );
  process.exitCode = 1;
} else {
  const prove = await load();
  const { figures, limits } = await prove(mode);
  publish(`npm run prove -- ${name}${mode === "normal" ? "" : ` --${mode}`}`, figures);
  say(`\n${limits}`);
}
