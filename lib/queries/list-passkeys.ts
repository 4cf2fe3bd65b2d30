import type { PasskeyView } from "#lib/contracts/passkey-view.ts";
import type { Db } from "#lib/db/prisma.ts";
import { iso } from "./shape.ts";

/** The passkeys of a person, those that sign first and the newest first among them. */
export async function listPasskeys(db: Db, personId: string): Promise<PasskeyView[]> {
  const rows = await db.passkey.findMany({
    where: { personId },
    select: {
      id: true,
      credentialId: true,
      name: true,
      transports: true,
      enrolledAt: true,
      lastUsedAt: true,
      revokedAt: true,
    },
    orderBy: [{ revokedAt: { sort: "desc", nulls: "first" } }, { enrolledAt: "desc" }],
  });
  return rows.map((row) => ({
    ...row,
    credentialId: Buffer.from(row.credentialId).toString("base64url"),
    enrolledAt: iso(row.enrolledAt),
    lastUsedAt: iso(row.lastUsedAt),
    revokedAt: iso(row.revokedAt),
  }));
}
