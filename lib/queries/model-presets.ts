import { LATEST } from "#lib/copilot/prompts/published.ts";
import { EVALUATION_SUITE } from "#lib/copilot/evals/cases.ts";
import { PRESETS } from "#lib/copilot/profiles.ts";
import type { ModelPreset } from "#lib/copilot/profiles.ts";
import type { PromptSet } from "#lib/domain/copilot/profile.ts";

/** Where a new profile may begin. */
export function modelPresets(): readonly ModelPreset[] {
  return PRESETS;
}

/** What the next evaluation is of: the newest prompts, and the cases they are tried on. */
export function nextEvaluation(): { prompts: PromptSet; suite: string } {
  return { prompts: LATEST, suite: EVALUATION_SUITE };
}
