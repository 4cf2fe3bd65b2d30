import type { Proof, ProofMode } from "./proof.ts";

/** Instructions of attackers, in six carriers, through the real pipeline and a model that obeys every one. */
export function proveInjection(_mode: ProofMode): Promise<Proof> {
  return Promise.resolve({ figures: [], limits: "skipped: there are no attack strings here." });
}
