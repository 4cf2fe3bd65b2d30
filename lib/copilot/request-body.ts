import type { ModelConfig } from "#lib/domain/copilot/profile.ts";
import type { Prompt } from "./prompts/prompt.ts";
import { PSEUDONYM_NOTE } from "./redaction/words.ts";
import { ANSWER_SCHEMA } from "./schema.ts";

type CacheMark = { cache_control?: { type: "ephemeral" } };
export type TextBlock = { type: "text"; text: string } & CacheMark;
export type Turn = { role: "user" | "assistant"; content: TextBlock[] };

/** The body of `POST /v1/messages`, as it is sent. There are no tools in it, and no key for any. */
export type RequestBody = {
  model: string;
  max_tokens: number;
  system: TextBlock[];
  messages: Turn[];
  output_config?: {
    effort?: "low" | "medium" | "high";
    format?: { type: "json_schema"; schema: Record<string, unknown> };
  };
  stream: true;
};

/**
 * Steps when the same evidence comes out as other bytes: a run of an earlier layout cannot be rebuilt to its hash, and
 * its `params` say so.
 */
export const LAYOUT = 1;

export type BodyInput = {
  config: Pick<ModelConfig, "model" | "profile">;
  prompt: Pick<Prompt, "text">;
  fence: string;
  canary: string;
  messages: Turn[];
};

/**
 * The layout of every request, in the order in which a provider caches a prefix:
 *
 * 1. `system[0]`: the prompt, word for word as published.
 * 2. further constant system blocks, by the profile: the schema where the server does not enforce it, what
 *    pseudonyms are. The last constant block is **breakpoint 1**: the same for every request of one profile.
 * 3. the last system block: this request's fence word and private marker.
 * 4. the user message: the evidence block; for a summary that may be repaired this is **breakpoint 2**, which the
 *    repair reads, since it goes on in the same conversation. Fence and marker are new for each request, so nothing
 *    else could.
 * 5. the question in a fenced block, if there is one; last a constant sentence that says what to do.
 *
 * `cache_control`, `effort` and the enforced schema are sent when the profile says that the server takes them, and
 * `thinking`, tools and sampling parameters never.
 */
export function requestBody({ config, prompt, fence, canary, messages }: BodyInput): RequestBody {
  const { profile } = config;
  const constant: TextBlock[] = [textBlock(prompt.text)];
  if (profile.schema === "prompted") constant.push(textBlock(SCHEMA_NOTE));
  if (profile.pseudonyms) constant.push(textBlock(PSEUDONYM_NOTE));
  const last = constant.pop() ?? textBlock("");
  const outputConfig = {
    ...(profile.effort && { effort: profile.effort }),
    ...(profile.schema === "enforced" && {
      format: { type: "json_schema" as const, schema: ANSWER_SCHEMA },
    }),
  };
  return {
    model: config.model,
    max_tokens: profile.outputTokens,
    system: [
      ...constant,
      { ...last, ...cacheMark(profile.caches) },
      textBlock(
        `This request's fence word is ${fence}. The private marker ${canary} must not appear in your answer.`,
      ),
    ],
    messages,
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
    stream: true,
  };
}

export function textBlock(text: string): TextBlock {
  return { type: "text", text };
}

export function cacheMark(caches: boolean): CacheMark {
  return caches ? { cache_control: { type: "ephemeral" } } : {};
}

const SCHEMA_NOTE = `The answer is one JSON object that this JSON schema describes, without words or a code fence around it:
${JSON.stringify(ANSWER_SCHEMA)}`;
