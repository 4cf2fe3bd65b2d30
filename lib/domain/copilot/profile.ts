/** What a model can do, costs and may be sent: the profile of one version of one model behind one address. */

export const TLP = ["clear", "green", "amber", "amber_strict", "red"] as const;
export type Tlp = (typeof TLP)[number];

export const PROVIDERS = ["anthropic", "compatible"] as const;
export type Provider = (typeof PROVIDERS)[number];

export type ModelProfile = {
  /** `enforced`: the server holds the answer to the schema; `prompted`: the schema stands in the prompt. */
  schema: "enforced" | "prompted";
  /** The server answers `POST /v1/messages/count_tokens`. */
  countsTokens: boolean;
  /** `cache_control` marks may be sent. */
  caches: boolean;
  /** `output_config.effort`; null: not sent. */
  effort: "low" | "medium" | "high" | null;
  /** Tokens of request and answer together. */
  windowTokens: number;
  /** Tokens of the answer, at most. */
  outputTokens: number;
  /** Tokens of evidence in one request, at most (about). */
  evidenceTokens: number;
  /** Requests to this model at one time, over all workers. */
  concurrency: number;
  /** The longest a request may take, and the longest it may say nothing, in seconds. */
  timeoutSeconds: number;
  idleSeconds: number;
  /** Millionths of a US dollar for a million tokens. */
  price: { input: number; output: number; cacheRead: number; cacheWrite: number };
  /** The most sensitive evidence that may be sent (TLP 2.0). `red` only for a model on one's own premises. */
  accepts: Tlp;
  /** Users, hosts, addresses and mailboxes are sent as pseudonyms. */
  pseudonyms: boolean;
  /** Failed claims go back to the model once. */
  repairs: boolean;
};

/** What stands in one immutable row; the key itself is sealed and apart. */
export type ModelConfig = {
  id: string;
  name: string;
  version: number;
  provider: Provider;
  model: string;
  /** Null: the provider's own address. */
  baseUrl: string | null;
  /** Runs on the organisation's own premises: nothing leaves it. */
  isLocal: boolean;
  profile: ModelProfile;
};

/** The prompts that go live together, as name to version. */
export type PromptSet = { summarise: number; repair: number; answer: number; draft: number };

export function mayReceive(profile: ModelProfile, sensitivity: Tlp): boolean {
  return TLP.indexOf(sensitivity) <= TLP.indexOf(profile.accepts);
}

/** A name that is pointed at another model any day: what was evaluated and signed would change unseen. */
export function isModelAlias(model: string): boolean {
  return /(^|[^a-z0-9])(latest|newest)$/i.test(model);
}

export const MODEL_ALIAS_REFUSED =
  "Name one version of the model: what `latest` means changes without a signature.";
