import { randomUUID } from "node:crypto";
import { createTokenCache } from "#lib/connectors/responders/access-token.ts";
import { NO_LIST } from "#lib/connectors/responders/block-list-responder.ts";
import { openResponder } from "#lib/connectors/responders/open-responder.ts";
import type { ConfigureResponderInput, ResponderSetup } from "#lib/contracts/responder-inputs.ts";
import { newToken } from "#lib/db/new-token.ts";
import type { Db } from "#lib/db/prisma.ts";
import { databaseMessage, sqlState, transact } from "#lib/db/transaction.ts";
import { RESPONDERS_WITH_TOKEN } from "#lib/domain/decision/responder.ts";
import { Problem } from "#lib/domain/problem.ts";
import { seal } from "#lib/sealing/seal.ts";
import type { Actor } from "../actor.ts";
import { withGuards } from "../guard-problem.ts";

export type ConfiguredResponder = {
  id: string;
  version: number;
  /** Shown once; null where the other side reads nothing here, or keeps the token it has. */
  token: string | null;
};

/**
 * Adds a responder, or the next version of one, for good. Its credentials are sealed for the worker and are not read
 * back by this process; the database writes the trail. Throws Problem `responder_settings` 422, `responder_taken` 409,
 * `sealing_key_missing` 503. By a person; by the system only with the owner's login.
 */
export async function configureResponder(
  db: Db,
  input: ConfigureResponderInput,
  by: Actor,
  { sealPublicKey }: { sealPublicKey: string | null },
): Promise<ConfiguredResponder> {
  refuseUnusable(input.setup);
  const id = randomUUID();
  const { name, actions, replaces } = input;
  const { kind, settings, credentials } = input.setup;
  const sealed = credentials && sealFor(JSON.stringify(credentials), id, sealPublicKey);
  const wantsToken = RESPONDERS_WITH_TOKEN.includes(kind) && (replaces === null || input.newToken);
  const made = wantsToken ? newToken("cs_rsp") : null;
  const person = by.kind === "person" ? by.id : null;
  try {
    return await withGuards(() =>
      transact(db, by, async (tx) => {
        const [row] = await tx.$queryRaw<{ version: number }[]>`
          SELECT gate.configure_responder(${id}::uuid, ${person}::uuid, ${name}, ${kind}, ${JSON.stringify(settings)}::jsonb,
            ${actions}::text[], ${sealed}::bytea, ${credentialsHint(input.setup)}, ${made?.sha256 ?? null}::bytea,
            ${made?.hint ?? null}, ${replaces}::uuid) AS version`;
        return { id, version: row?.version ?? 1, token: made?.token ?? null };
      }),
    );
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new Problem("responder_taken", 409, "There is a responder of this name already.", {
      internal: databaseMessage(error),
    });
  }
}

/** Opens it as the worker will, so that what cannot work is refused before it is kept. */
function refuseUnusable(setup: ResponderSetup): void {
  try {
    openResponder(setup, { tokens: createTokenCache(), blockList: NO_LIST });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Problem("responder_settings", 422, `This cannot be used: ${error.message}.`);
  }
}

const HINT_CHARACTERS = 4;

function credentialsHint({ kind, credentials }: ResponderSetup): string | null {
  if (credentials === null) return null;
  if (kind === "webhook") return credentials.keys[0]?.slice(-HINT_CHARACTERS) ?? null;
  const secret =
    "token" in credentials
      ? credentials.token
      : "clientSecret" in credentials
        ? credentials.clientSecret
        : "";
  return secret.slice(-HINT_CHARACTERS);
}

function sealFor(text: string, rowId: string, publicKey: string | null): Uint8Array<ArrayBuffer> {
  if (publicKey === null) {
    throw new Problem(
      "sealing_key_missing",
      503,
      "This installation cannot keep credentials: COUNTERSIGN_SEAL_PUBLIC is not set.",
    );
  }
  return seal(text, publicKey, { table: "responder", column: "credentials_sealed", rowId });
}
