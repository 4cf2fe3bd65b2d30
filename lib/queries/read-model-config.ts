import type { Db } from "#lib/db/prisma.ts";
import type { ModelConfig, ModelProfile, Provider } from "#lib/domain/copilot/profile.ts";

const COLUMNS = {
  id: true,
  name: true,
  version: true,
  provider: true,
  model: true,
  baseUrl: true,
  isLocal: true,
  profile: true,
} as const;

/** A model's config without its key; null when there is none. */
export async function readModelConfig(db: Db, configId: string): Promise<ModelConfig | null> {
  const row = await db.modelConfig.findUnique({ where: { id: configId }, select: COLUMNS });
  return row && asConfig(row);
}

/** The config that was saved last; null before the first one. */
export async function newestModelConfig(db: Db): Promise<ModelConfig | null> {
  const row = await db.modelConfig.findFirst({ select: COLUMNS, orderBy: { createdAt: "desc" } });
  return row && asConfig(row);
}

type Row = Omit<ModelConfig, "provider" | "profile"> & { provider: string; profile: unknown };

function asConfig({ provider, profile, ...rest }: Row): ModelConfig {
  return { ...rest, provider: provider as Provider, profile: profile as ModelProfile };
}
