import type { Prompt } from "./prompts/prompt.ts";
import { ANSWER_SCHEMA } from "./schema.ts";

const TOKENS_MAX = 16_000;

/** The body of `POST /v1/messages`, as it is sent. */
export type ModelRequest = {
  model: string;
  max_tokens: number;
  system: { type: "text"; text: string }[];
  messages: { role: "user"; content: { type: "text"; text: string }[] }[];
  output_config: { format: { type: "json_schema"; schema: Record<string, unknown> } };
  stream: true;
};

export type BuiltRequest = {
  body: ModelRequest;
  /** The exact bytes of the body, as text: what is stored before it is sent. */
  text: string;
  /** A word the model must not repeat; an answer that holds it was steered by its input. */
  canary: string;
};

export type RequestInput = {
  model: string;
  prompt: Prompt;
  /** From `writeEvidenceBlock`, made with the same fence. */
  evidence: string;
  fence: string;
  canary: string;
};

/**
 * The request for one summary. The prompt comes first and is the same each time, so that a provider can keep it;
 * what is of this request only, fence and canary, follows. Nothing but the system part instructs.
 */
export function buildRequest({
  model,
  prompt,
  evidence,
  fence,
  canary,
}: RequestInput): BuiltRequest {
  const ofThisRequest = `This request's fence word is ${fence}. The private marker ${canary} must not appear in your answer.`;
  const body: ModelRequest = {
    model,
    max_tokens: TOKENS_MAX,
    system: [
      { type: "text", text: prompt.text },
      { type: "text", text: ofThisRequest },
    ],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: evidence },
          { type: "text", text: "State what these records show, as claims." },
        ],
      },
    ],
    output_config: { format: { type: "json_schema", schema: ANSWER_SCHEMA } },
    stream: true,
  };
  return { body, text: JSON.stringify(body), canary };
}
