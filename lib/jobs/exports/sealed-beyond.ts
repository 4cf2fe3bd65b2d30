import { setTimeout as pause } from "node:timers/promises";
import type { Db } from "#lib/db/prisma.ts";
import { newestCheckpoint, type SealedLog } from "#lib/queries/bundle-content.ts";

const LOOK_MS = 500;

/** The newest checkpoint once it covers `size` entries; throws when the signer does not get there in `waitMs`. */
export async function sealedBeyond(
  db: Db,
  { size, waitMs, signal }: { size: number; waitMs: number; signal?: AbortSignal },
): Promise<SealedLog> {
  for (const end = Date.now() + waitMs; ; await pause(LOOK_MS, null, { signal })) {
    const sealed = await newestCheckpoint(db);
    if (sealed && sealed.size >= size) return sealed;
    if (Date.now() > end)
      throw new Error(
        `The trail is sealed at ${sealed?.size ?? 0} entries and not at ${size}: is the signer running?`,
      );
  }
}
