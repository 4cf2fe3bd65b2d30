import { saveModelConfigInput } from "#lib/contracts/copilot-inputs.ts";
import type { SaveModelConfigInput } from "#lib/contracts/copilot-inputs.ts";
import type { ModelConfig, ModelProfile } from "#lib/domain/copilot/profile.ts";
import { dollarText, microOf } from "./model-words.ts";

/** What a person edits: numbers are text until they are read. */
export type ModelForm = {
  name: string;
  provider: ModelConfig["provider"];
  model: string;
  baseUrl: string;
  isLocal: boolean;
  apiKey: string;
  schema: ModelProfile["schema"];
  countsTokens: boolean;
  caches: boolean;
  effort: "none" | NonNullable<ModelProfile["effort"]>;
  accepts: ModelProfile["accepts"];
  pseudonyms: boolean;
  repairs: boolean;
} & Record<NumberField | PriceField, string>;

export const NUMBER_FIELDS = [
  "windowTokens",
  "outputTokens",
  "evidenceTokens",
  "concurrency",
  "timeoutSeconds",
  "idleSeconds",
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];
export const PRICE_FIELDS = ["input", "output", "cacheRead", "cacheWrite"] as const;
export type PriceField = (typeof PRICE_FIELDS)[number];

/** An error by the path of its field: `name`, `profile.windowTokens`, `profile.price.input`. */
export type FormErrors = Record<string, string | undefined>;

type Begin = Pick<ModelConfig, "name" | "provider" | "model" | "baseUrl" | "isLocal" | "profile">;

/** The form of a preset or of an earlier version. A key is never in it: each version is given its own. */
export function formOf({ name, provider, model, baseUrl, isLocal, profile }: Begin): ModelForm {
  const { schema, countsTokens, caches, effort, accepts, pseudonyms, repairs, price } = profile;
  return {
    ...{ name, provider, model, baseUrl: baseUrl ?? "", isLocal, apiKey: "" },
    ...{ schema, countsTokens, caches, effort: effort ?? "none" },
    ...{ accepts, pseudonyms, repairs },
    windowTokens: String(profile.windowTokens),
    outputTokens: String(profile.outputTokens),
    evidenceTokens: String(profile.evidenceTokens),
    concurrency: String(profile.concurrency),
    timeoutSeconds: String(profile.timeoutSeconds),
    idleSeconds: String(profile.idleSeconds),
    input: dollarText(price.input),
    output: dollarText(price.output),
    cacheRead: dollarText(price.cacheRead),
    cacheWrite: dollarText(price.cacheWrite),
  };
}

export type ReadForm =
  | { ok: true; input: SaveModelConfigInput }
  | { ok: false; errors: FormErrors };

/** Reads the form by the very schema the server asks; of several errors of a field the first is told. */
export function readForm(form: ModelForm): ReadForm {
  const parsed = saveModelConfigInput.safeParse(rawOf(form));
  if (parsed.success) return { ok: true, input: parsed.data };
  const errors: FormErrors = {};
  for (const { path, message } of parsed.error.issues) errors[path.join(".")] ??= message;
  return { ok: false, errors };
}

function rawOf(form: ModelForm): unknown {
  const { name, provider, model, isLocal, schema, countsTokens, caches } = form;
  const { accepts, pseudonyms, repairs } = form;
  const numbers = NUMBER_FIELDS.map((field) => [field, wholeOf(form[field])]);
  const prices = PRICE_FIELDS.map((field) => [field, microOf(form[field]) ?? Number.NaN]);
  return {
    ...{ name, provider, model, isLocal },
    baseUrl: form.baseUrl.trim() === "" ? null : form.baseUrl,
    apiKey: form.apiKey.trim() === "" ? null : form.apiKey,
    profile: {
      ...{ schema, countsTokens, caches, accepts, pseudonyms, repairs },
      effort: form.effort === "none" ? null : form.effort,
      ...Object.fromEntries(numbers),
      price: Object.fromEntries(prices),
    },
  };
}

function wholeOf(text: string): number {
  const clean = text.trim().replaceAll(",", "");
  return /^\d{1,9}$/.test(clean) ? Number(clean) : Number.NaN;
}
