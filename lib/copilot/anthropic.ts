import type { Model } from "./answer.ts";
import { openModel } from "./provider.ts";

export type ModelSettings = { model: string; apiKey: string | null; baseUrl: string | null };

const PROFILE = { countsTokens: false, timeoutSeconds: 300, idleSeconds: 300 };

/** A model from settings alone, without a stored profile. */
export function anthropicModel({ model, apiKey, baseUrl }: ModelSettings): Model {
  const config = { provider: "compatible", model, baseUrl, profile: PROFILE } as const;
  const provider = openModel(config, apiKey);
  return { id: model, answer: (request, signal) => provider.stream(request, { signal }) };
}
