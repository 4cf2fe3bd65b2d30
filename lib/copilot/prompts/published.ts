import type { Prompt } from "./prompt.ts";
import { summariseV1 } from "./summarise-v1.ts";

/** Every prompt that was ever in use; each stays for good, since runs refer to it. */
export const PROMPTS: readonly Prompt[] = [summariseV1];

/** The prompt that new summaries are written with. */
export const SUMMARISE_PROMPT: Prompt = summariseV1;
