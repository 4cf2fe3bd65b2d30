import type { Figure } from "../figures.ts";

/** `short` is what every check runs, `long` is what takes an hour. */
export type ProofMode = "short" | "normal" | "long";

/** What a proof found. `limits`: what it does not prove, in sentences; why it was skipped, when there are no figures. */
export type Proof = { figures: Figure[]; limits: string };
