/** The statement of an activation in plain sentences, each taken from the statement itself. */

import { said, sentence, type Sentence } from "#lib/domain/sentence.ts";

export type ActivationFacts = {
  config: { name: string; version: number; model: string; sha256: string };
  evaluation: { id: string; startedAt: string };
};

type Statement = {
  act?: unknown;
  config?: unknown;
  evaluation?: unknown;
  previous?: unknown;
  prompts?: unknown;
  reason?: unknown;
};

/**
 * `statement` is the canonical JSON that is signed. Null when it does not speak of this configuration and this
 * evaluation: then nothing but its exact text may be shown, and it must not be signed by its words.
 */
export function activationSentences(
  statement: string,
  { config, evaluation }: ActivationFacts,
): Sentence[] | null {
  const given = parse(statement);
  if (given?.act !== "activate_model" || typeof given.reason !== "string") return null;
  if (given.config !== config.sha256 || given.evaluation !== evaluation.id) return null;
  return [
    sentence`${said(config.name)} version ${config.version} (${said(config.model)}) is put in force.`,
    "From then on it may be sent the evidence of incidents, as far as its profile allows, and what it writes is shown to the desk as the model's words.",
    `It goes live with the prompts ${promptWords(given.prompts)}.`,
    `It was evaluated, begun ${evaluation.startedAt.slice(0, 16).replace("T", " ")} UTC.`,
    given.previous === null
      ? "It is the first model to be put in force."
      : "It takes the place of what stands now; if anything else is activated or switched off first, this signature counts for nothing.",
    sentence`Reason: ${said(given.reason)}`,
  ];
}

function promptWords(prompts: unknown): string {
  if (typeof prompts !== "object" || prompts === null) return "none";
  return Object.entries(prompts)
    .map(([name, version]) => `${name} ${String(version)}`)
    .join(", ");
}

function parse(statement: string): Statement | null {
  try {
    const value: unknown = JSON.parse(statement);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}
