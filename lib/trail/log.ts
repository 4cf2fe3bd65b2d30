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
