import type { RecordKind } from "#lib/domain/evidence/record.ts";

/** A cited record as the appendix of a printed incident names it. */
export type CitedDigestView = {
  evidenceId: string;
  label: string; // E12
  kind: RecordKind;
  title: string;
  source: string;
  time: string | null;
  receivedAt: string;
  sha256: string; // hex, of its raw bytes
};
