import type { ModelConfig, ModelProfile, Provider } from "#lib/domain/copilot/profile.ts";
import { dollars } from "./tokens.ts";

/** Where a new configuration may begin: plain data, safe to show. */
export type ModelPreset = {
  id: string;
  /** As in a list. */
  label: string;
  /** What an admin should know before taking it, in a sentence or two. */
  hint: string;
  name: string;
  provider: Provider;
  model: string;
  baseUrl: string | null;
  isLocal: boolean;
  needsKey: boolean;
  profile: ModelProfile;
};

type Price = { input: number; output: number; cacheRead: number; cacheWrite: number };

/** A write into the cache for five minutes costs a quarter more than reading without one. */
function priceOf(input: number, output: number, cacheRead: number): Price {
  return {
    input: dollars(input),
    output: dollars(output),
    cacheRead: dollars(cacheRead),
    cacheWrite: dollars(input * 1.25),
  };
}

/** Where the cloud models are, whether or not somebody wrote it down. */
const PROVIDER_HOST = "api.anthropic.com";

const FREE: Price = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

const CLOUD: ModelProfile = {
  schema: "enforced",
  countsTokens: true,
  caches: true,
  effort: "low",
  windowTokens: 1_000_000,
  outputTokens: 16_000,
  evidenceTokens: 60_000,
  concurrency: 4,
  timeoutSeconds: 300,
  idleSeconds: 90,
  price: FREE,
  accepts: "amber",
  pseudonyms: true,
  repairs: true,
};

/** What any server may be expected to take: nothing but the plain protocol. */
const OWN_SERVER: ModelProfile = {
  ...CLOUD,
  schema: "prompted",
  countsTokens: false,
  caches: false,
  effort: null,
  windowTokens: 32_768,
  outputTokens: 6_000,
  evidenceTokens: 16_000,
  concurrency: 1,
  timeoutSeconds: 900,
  // a server of one's own is silent while it reads
  idleSeconds: 300,
  accepts: "amber_strict",
  pseudonyms: false,
};

type Cloud = {
  model: string;
  label: string;
  hint: string;
  price: Price;
  over?: Partial<ModelProfile>;
};

function cloud({ model, label, hint, price, over }: Cloud): ModelPreset {
  return {
    id: model,
    label,
    hint,
    name: model,
    provider: "anthropic",
    model,
    baseUrl: null,
    isLocal: false,
    needsKey: true,
    profile: { ...CLOUD, price, ...over },
  };
}

const CLOUD_MODELS: readonly ModelPreset[] = [
  cloud({
    model: "claude-sonnet-5-5",
    label: "Claude Sonnet 5.5",
    hint: "The usual choice: about $0.16 for a large incident.",
    price: priceOf(2, 10, 0.2),
  }),
  cloud({
    model: "claude-opus-5-5",
    label: "Claude Opus 5.5",
    hint: "More thorough, at twice the price.",
    price: priceOf(4, 20, 0.2),
  }),
  cloud({
    model: "claude-haiku-5-5",
    label: "Claude Haiku 5.5",
    // above 100,000 tokens of request the price is five times as high
    hint: "The cheapest. Keep evidence under 100,000 tokens: its price rises above that.",
    price: priceOf(0.1, 0.5, 0.1),
  }),
  cloud({
    model: "claude-fable-5-1",
    label: "Claude Fable 5.1",
    hint: "The most expensive; set a budget first.",
    price: priceOf(10, 50, 0.25),
  }),
  cloud({
    model: "claude-opus-5",
    label: "Claude Opus 5",
    hint: "An older model, still served.",
    price: priceOf(5, 25, 0.5),
  }),
  cloud({
    model: "claude-sonnet-5",
    label: "Claude Sonnet 5",
    hint: "An older model, still served.",
    price: priceOf(2, 10, 0.2),
  }),
  cloud({
    model: "claude-haiku-4-5",
    label: "Claude Haiku 4.5",
    hint: "An older model with a smaller window; takes no effort.",
    price: priceOf(1, 5, 0.1),
    over: { windowTokens: 200_000, effort: null },
  }),
];

type Own = {
  id: string;
  label: string;
  hint: string;
  port: number;
  needsKey?: boolean;
  over?: Partial<ModelProfile>;
};

function own({ id, label, hint, port, needsKey = false, over }: Own): ModelPreset {
  return {
    id,
    label,
    hint,
    name: id,
    provider: "compatible",
    model: "",
    baseUrl: `http://127.0.0.1:${port}`,
    isLocal: true,
    needsKey,
    profile: { ...OWN_SERVER, ...over },
  };
}

const OWN_SERVERS: readonly ModelPreset[] = [
  own({
    id: "vllm",
    label: "vLLM",
    hint: "Version 0.22 or later; it enforces the schema.",
    port: 8000,
    over: { schema: "enforced", countsTokens: true, concurrency: 4 },
  }),
  own({
    id: "ollama",
    label: "Ollama",
    hint: "Enter the address without /v1 and the model with its tag, and raise the context length: by itself it cuts long requests and says nothing.",
    port: 11434,
  }),
  own({
    id: "llama.cpp",
    label: "llama.cpp server",
    hint: "Start it with a context (-c) at least as long as the window entered here.",
    port: 8080,
    over: { countsTokens: true },
  }),
  own({
    id: "lm-studio",
    label: "LM Studio",
    hint: "Version 0.4.1 or later. Load the model with a context as long as the window entered here.",
    port: 1234,
  }),
  {
    ...own({
      id: "litellm",
      label: "LiteLLM proxy",
      hint: "What it can do and what may be sent depends on the model behind it; enter that model's prices.",
      port: 4000,
      needsKey: true,
      // a proxy on one's own premises sends on to wherever its model is
      over: { ...CLOUD, effort: null, caches: false, concurrency: 2 },
    }),
    isLocal: false,
  },
];

export const PRESETS: readonly ModelPreset[] = [...CLOUD_MODELS, ...OWN_SERVERS];

/**
 * The configuration that settings from the environment amount to: a known model with its profile, or a server at an
 * address of one's own, of which no more is assumed than the plain protocol. It counts as remote: nothing in an
 * address shows on whose premises it is.
 */
export function presetFor({
  model,
  baseUrl,
}: {
  model: string;
  baseUrl: string | null;
}): Pick<ModelConfig, "provider" | "model" | "baseUrl" | "isLocal" | "profile"> {
  const known = CLOUD_MODELS.find((preset) => preset.model === model);
  if (baseUrl === null || URL.parse(baseUrl)?.host === PROVIDER_HOST) {
    const profile = known?.profile ?? { ...CLOUD, effort: null, price: dearest() };
    return { provider: "anthropic", model, baseUrl: null, isLocal: false, profile };
  }
  const profile: ModelProfile = {
    ...OWN_SERVER,
    windowTokens: known?.profile.windowTokens ?? 200_000,
    outputTokens: CLOUD.outputTokens,
    evidenceTokens: CLOUD.evidenceTokens,
    concurrency: 2,
    accepts: "amber",
    pseudonyms: true,
    price: known?.profile.price ?? FREE,
  };
  return { provider: "compatible", model, baseUrl, isLocal: false, profile };
}

/** An unknown model is charged like the dearest known one, so that a budget holds whatever it costs. */
function dearest(): Price {
  return priceOf(10, 50, 0.25);
}
