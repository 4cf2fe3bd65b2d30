import type { Actor } from "#lib/commands/actor.ts";
import { saveModelConfig } from "#lib/commands/save-model-config.ts";
import { canonicalJson } from "#lib/copilot/canonical-json.ts";
import { presetFor } from "#lib/copilot/profiles.ts";
import type { Db } from "#lib/db/prisma.ts";
import { publicKeyOf } from "#lib/sealing/seal.ts";
import { readConfig } from "./run-model/read-config.ts";

/** The name under which a model of the worker's environment is saved. */
export const ENVIRONMENT_NAME = "environment";

const WORKER: Actor = { kind: "system", id: "worker" };

export type EnvironmentModel = { model: string; apiKey: string | null; baseUrl: string | null };

/**
 * Saves the model of the worker's environment as a config like any other, when it differs from the one saved last. It is
 * not switched on by that: an admin evaluates and activates it. Returns the new version, or null when it is known.
 */
export async function saveEnvironmentModel(
  db: Db,
  { apiKey, ...place }: EnvironmentModel,
  sealKey: string | null,
): Promise<number | null> {
  const facts = presetFor(place);
  if (await isKnown(db, { facts, apiKey }, sealKey)) return null;
  const { version } = await saveModelConfig(
    db,
    { name: ENVIRONMENT_NAME, ...facts, apiKey },
    WORKER,
    { sealPublicKey: sealKey === null ? null : publicKeyOf(sealKey) },
  );
  return version;
}

type Wanted = { facts: ReturnType<typeof presetFor>; apiKey: string | null };

async function isKnown(db: Db, { facts, apiKey }: Wanted, sealKey: string | null) {
  const last = await db.modelConfig.findFirst({
    where: { name: ENVIRONMENT_NAME },
    orderBy: { version: "desc" },
    select: { id: true },
  });
  if (!last) return false;
  // a key that was sealed for another installation cannot be opened, and is saved again
  const saved = await readConfig(db, last.id, sealKey).catch(() => null);
  if (!saved) return false;
  const { provider, model, baseUrl, isLocal, profile } = saved.config;
  const isSame =
    canonicalJson({ provider, model, baseUrl, isLocal, profile }) === canonicalJson(facts);
  return isSame && saved.key === apiKey;
}
