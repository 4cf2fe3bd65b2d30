import type { Prompt } from "./prompt.ts";
import { summariseV1 } from "./summarise-v1.ts";
import { summariseV2 } from "./summarise-v2.ts";

/** Every prompt that was ever in use; each stays for good, since runs refer to it. */
export const PROMPTS: readonly Prompt[] = [summariseV1, summariseV2];

/** The prompt that new summaries are written with. */
export const SUMMARISE_PROMPT: Prompt = summariseV2;
