import type { TokenCache } from "#lib/connectors/responders/access-token.ts";
import type { Limits } from "#lib/connectors/responders/api.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { WorkerLog } from "../worker-log.ts";

/** What carrying out responses needs. */
export type RespondContext = {
  db: Db;
  /** This process, among all workers. */
  worker: string;
  /** Opens the responders' credentials; null: only those without any can be asked. */
  sealKey: string | null;
  log: WorkerLog;
  /** Kept for as long as the process lives. */
  tokens: TokenCache;
  /** A run is another's to take after this long, in ms: longer than any call of a responder takes. */
  leaseMs: number;
  limits?: Partial<Limits>;
  signal?: AbortSignal;
};

export const LEASE_MS = 150_000;
