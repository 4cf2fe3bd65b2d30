import { createHash } from "node:crypto";
import type { PromptSet } from "#lib/domain/copilot/profile.ts";
import { answerV1 } from "./answer-v1.ts";
import { draftV1 } from "./draft-v1.ts";
import type { Prompt } from "./prompt.ts";
import { repairV1 } from "./repair-v1.ts";
import { summariseV1 } from "./summarise-v1.ts";
import { summariseV2 } from "./summarise-v2.ts";
import { summariseV3 } from "./summarise-v3.ts";

/** Every prompt that was ever in use; each stays for good, since runs refer to it. */
export const PROMPTS: readonly Prompt[] = [
  summariseV1,
  summariseV2,
  summariseV3,
  repairV1,
  answerV1,
  draftV1,
];

/** The newest of each: what the next evaluation is of. */
export const LATEST: PromptSet = {
  summarise: summariseV3.version,
  repair: repairV1.version,
  answer: answerV1.version,
  draft: draftV1.version,
};

/** Kinds of runs that a published prompt is for. */
export type PromptedKind = "summary" | "repair" | "answer" | "note" | "handover" | "message";

const NAMES: Record<PromptedKind, keyof PromptSet> = {
  summary: "summarise",
  repair: "repair",
  answer: "answer",
  note: "draft",
  handover: "draft",
  message: "draft",
};

/** The prompt of a kind of run in a set; throws when the set names a version that was never published. */
export function promptFor(kind: PromptedKind, prompts: PromptSet): Prompt {
  const name = NAMES[kind];
  const version = prompts[name];
  const prompt = PROMPTS.find((one) => one.name === name && one.version === version);
  if (!prompt) throw new Error(`There is no prompt ${name}/${version} in this version.`);
  return prompt;
}

/** The digest of a prompt's text, in hex. */
export function promptSha256({ text }: Prompt): string {
  return createHash("sha256").update(text).digest("hex");
}
