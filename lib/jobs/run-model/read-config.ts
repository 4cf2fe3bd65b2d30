import type { Db } from "#lib/db/prisma.ts";
import type { ModelConfig, ModelProfile, Provider } from "#lib/domain/copilot/profile.ts";
import { openSealed } from "#lib/sealing/seal.ts";

export type OpenConfig = { config: ModelConfig; key: string | null };

/** Where the key of a config is sealed for. */
export function keyPlace(configId: string) {
  return { table: "model_config", column: "key_sealed", rowId: configId };
}

/**
 * A model's config with its key, opened.
 * @throws SealError when the key was sealed for another installation, or none is here to open it
 */
export async function readConfig(
  db: Db,
  configId: string,
  sealKey: string | null,
): Promise<OpenConfig> {
  const row = await db.modelConfig.findUniqueOrThrow({ where: { id: configId } });
  const { id, name, version, model, baseUrl, isLocal, keySealed } = row;
  const config: ModelConfig = {
    ...{ id, name, version, model, baseUrl, isLocal },
    provider: row.provider as Provider,
    profile: row.profile as unknown as ModelProfile,
  };
  const key = keySealed ? openSealed(keySealed, sealKey ?? "", keyPlace(id)) : null;
  return { config, key };
}
