import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Db } from "#lib/db/prisma.ts";
import type { BundleScope } from "#lib/trail/bundle/manifest.ts";

/** Puts on the trail that a bundle was written, with the digest of the file. */
export async function recordBundle(
  db: Db,
  bundle: { scope: BundleScope; askedBy: string; entries: number; path: string },
): Promise<void> {
  const { scope, askedBy, entries } = bundle;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(bundle.path)) hash.update(chunk as Uint8Array);
  const incident = scope.kind === "incident" ? scope.incident : null;
  await db.$executeRaw`SELECT gate.record_bundle(${incident}::uuid, ${askedBy}, ${scope.kind}, ${entries}::bigint, ${hash.digest()})`;
}
