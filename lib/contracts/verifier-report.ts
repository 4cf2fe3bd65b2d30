/** What the page of the verifier is given: plain data, all times ISO 8601 UTC. */
import type { Standing } from "#lib/domain/summary/claim.ts";

export type VerifierReport = {
  /** The version that judges now: "2". */
  current: string;
  /** Incidents with claims, and how many of them an earlier version judged last. */
  incidents: number;
  waiting: number;
  /** Versions that judged stored claims anew, newest first. */
  versions: VersionReport[];
};

export type VersionReport = {
  verifier: string;
  /** Claims it judged anew, and those whose standing it moved. */
  claims: number;
  moved: number;
  /** From which standing to which; the unmoved ones too. */
  moves: { from: Standing; to: Standing; claims: number }[];
};

export type MovedClaim = {
  claimId: string;
  text: string;
  from: { standing: Standing; verifier: string };
  to: { standing: Standing; verifier: string };
  at: string;
  origin: "rules" | "model";
  /** Stands in a summary that is shown now; else a newer summary took its place. */
  current: boolean;
  incident: { id: string; number: string; title: string };
};

export type MovedClaimsPage = { claims: MovedClaim[]; nextCursor: string | null };
