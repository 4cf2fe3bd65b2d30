/** The log as the signer sees it: it reads entries in order and puts checkpoints beside them. */
export type TrailLog = {
  /** Entries from `seq` on, in order, at most `limit`. */
  read: (seq: number, limit: number) => Promise<LogEntry[]>;
  /** The newest checkpoint that is stored. */
  last: () => Promise<StoredCheckpoint | null>;
  /** Stores a checkpoint, unless one of its size or a greater one is there. */
  save: (checkpoint: StoredCheckpoint) => Promise<void>;
};
export type LogEntry = { seq: number; line: string; leaf: string };
export type StoredCheckpoint = { size: number; root: Buffer; note: string };
/** A witness's word on a checkpoint: its signature line, and when it said it, in seconds since 1970. */
export type StoredCosignature = { size: number; witness: string; line: string; at: number };
/** Where cosignatures are kept: beside the checkpoints, never instead of them. */
export type CosignatureStore = {
  has: (size: number, witness: string) => Promise<boolean>;
  /** Stores it, unless one of this witness over this size is there. */
  save: (cosignature: StoredCosignature) => Promise<void>;
};
/** An authority's word (RFC 3161, the whole TimeStampResp) that the note of this size existed at `at`, ms since 1970. */
export type StoredStamp = { size: number; token: Buffer; at: number };
export type StampStore = {
  /** The newest; `at` is what it says. */
  last: () => Promise<{ size: number; at: number } | null>;
  save: (stamp: StoredStamp) => Promise<void>;
};
