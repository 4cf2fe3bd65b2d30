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
  const sha256 = await fileSha256(bundle.path);
  const incident = scope.kind === "incident" ? scope.incident : null;
  await db.$executeRaw`SELECT gate.record_bundle(${incident}::uuid, ${askedBy}, ${scope.kind}, ${entries}::bigint, ${sha256})`;
}

export async function fileSha256(path: string): Promise<Buffer<ArrayBuffer>> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return Buffer.from(hash.digest());
}
