import type { ModelConfig, PromptSet } from "#lib/domain/copilot/profile.ts";
import { MICRO_PER_DOLLAR } from "#lib/domain/copilot/run.ts";

/** Where evidence goes when this model is asked. */
export function whereWords(config: Pick<ModelConfig, "isLocal" | "baseUrl" | "provider">): string {
  const host = config.baseUrl ? hostOf(config.baseUrl) : null;
  if (config.isLocal) return host ? `on your premises, ${host}` : "on your premises";
  return host ?? "Anthropic's own address";
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

/** `summarise 3, repair 1, answer 1, draft 1` */
export function promptSetWords(prompts: PromptSet): string {
  const { summarise, repair, answer, draft } = prompts;
  return `summarise ${summarise}, repair ${repair}, answer ${answer}, draft ${draft}`;
}

/** `$2.00`, `$0.10`, `$0.0375`: at least cents, and no digit of a price is lost. */
export function dollars(micro: number): string {
  const text = (micro / MICRO_PER_DOLLAR).toFixed(6).replace(/0{1,4}$/, "");
  const [whole = "0", part] = text.split(".");
  return `$${Number(whole).toLocaleString("en")}.${part ?? "00"}`;
}

/** What a person typed as dollars, in whole millionths; null when it is no amount. */
export function microOf(text: string): number | null {
  const clean = text
    .trim()
    .replace(/^\$\s*/, "")
    .replaceAll(",", "");
  if (!/^(\d{1,9}(\.\d{0,6})?|\.\d{1,6})$/.test(clean)) return null;
  return Math.round(Number(clean) * MICRO_PER_DOLLAR);
}

/** The amount as a person would type it: `2`, `0.1`. */
export function dollarText(micro: number): string {
  return String(micro / MICRO_PER_DOLLAR);
}

/** `0.9` is `90 %`. */
export function shareWords(share: number): string {
  const percent = share * 100;
  return `${percent.toFixed(Number.isInteger(percent) || percent >= 10 ? 0 : 1)} %`;
}

export function tokenWords(tokens: number): string {
  return tokens.toLocaleString("en");
}
