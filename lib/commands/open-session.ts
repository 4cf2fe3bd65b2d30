import { uuidV7 } from "./ingest/uuid-v7.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { sessionDigest } from "#lib/trail/line.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";

const nextId = uuidV7();

export type OpenSession = {
  personId: string;
  role: string;
  address: string;
  userAgent: string | null;
};

/** Opens a session for someone whose password was right. */
export async function openSession(db: Db, input: OpenSession): Promise<{ id: string }> {
  const { personId, role, address } = input;
  const userAgent = input.userAgent === null ? null : storableText(input.userAgent);
  const id = nextId();
  return transact(db, { kind: "person", session: sessionDigest(id) }, async (tx) => {
    const session = await tx.session.create({
      data: { id, personId, role, address: storableText(address), userAgent },
      select: { id: true },
    });
    const payload = { session: session.id, role, address, userAgent };
    await appendTrail(tx, {
      kind: "session.opened",
      actor: `person:${personId}`,
      incidentId: null,
      payload,
    });
    return session;
  });
}
