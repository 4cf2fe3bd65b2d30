import { responderSetup, type ResponderSetup } from "#lib/contracts/responder-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import { openSealed, SealError } from "#lib/sealing/seal.ts";

/** A responder in force with what it is opened with. */
export type StoredResponder = { id: string; name: string; setup: ResponderSetup };

type Row = {
  id: string;
  name: string;
  kind: string;
  settings: unknown;
  credentials_sealed: Uint8Array | null;
};

/** The responder in force that serves an action, or why there is none to ask, in a sentence. */
export async function responderFor(
  db: Db,
  action: ResponseActionKind,
  sealKey: string | null,
): Promise<StoredResponder | string> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT id, name, kind, settings, credentials_sealed FROM responder
    WHERE retired_at IS NULL AND ${action} = ANY (actions) ORDER BY at, id LIMIT 1`;
  if (!row) return "No responder serves this action; carry it out by hand and record the outcome.";
  return opened(row, sealKey);
}

/** A responder as it is in force now, if it was changed since; retired for good, nothing more is asked of it. */
export async function responderById(
  db: Db,
  id: string,
  sealKey: string | null,
): Promise<StoredResponder | string> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT now.id, now.name, now.kind, now.settings, now.credentials_sealed
    FROM responder was JOIN responder now ON now.name = was.name AND now.kind = was.kind AND now.retired_at IS NULL
    WHERE was.id = ${id}::uuid`;
  return row ? opened(row, sealKey) : "The responder was retired; look at the system itself.";
}

function opened(
  { id, name, kind, settings, credentials_sealed: sealed }: Row,
  sealKey: string | null,
): StoredResponder | string {
  try {
    const place = { table: "responder", column: "credentials_sealed", rowId: id };
    const credentials: unknown =
      sealed === null ? null : JSON.parse(openSealed(sealed, sealKey ?? "", place));
    const setup = responderSetup.safeParse({ kind, settings, credentials });
    if (setup.success) return { id, name, setup: setup.data };
    return `What is stored of ${name} cannot be used; configure it again.`;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return `The credentials of ${name} cannot be opened here; configure it again.`;
  }
}
