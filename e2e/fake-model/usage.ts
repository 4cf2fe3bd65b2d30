/** Token figures as a provider gives them, at three and a half bytes a token, and what it keeps of earlier requests. */
import { createHash } from "node:crypto";
import type { FakeBlock, FakeBody } from "./answer.ts";

export type Usage = {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
};

export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify(text)) / 3.5);
}

/** Tokens of a whole request, schema and all. */
export function inputTokens(body: FakeBody): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify(body)) / 3.5);
}

/** A provider's cache of prompts: a marked prefix is written once and read afterwards. */
export class PromptCache {
  #kept = new Set<string>();

  /** The figures of one request, and its marked prefixes kept for the next. */
  usageOf(body: FakeBody): Usage {
    let [text, read, written] = ["", 0, 0];
    for (const block of blocksOf(body)) {
      text += block.text ?? "";
      if (!block.cache_control) continue;
      const key = createHash("sha256").update(`${body.model}\n${text}`).digest("hex");
      if (this.#kept.has(key)) read = tokensOf(text);
      this.#kept.add(key);
      written = tokensOf(text);
    }
    return {
      input_tokens: Math.max(inputTokens(body) - written, 0),
      cache_creation_input_tokens: written - read,
      cache_read_input_tokens: read,
    };
  }
}

/** The blocks of the system part and of all messages, in the order in which a provider reads them. */
export function blocksOf(body: FakeBody): FakeBlock[] {
  return [
    ...asBlocks(body.system ?? []),
    ...(body.messages ?? []).flatMap(({ content }) => asBlocks(content)),
  ];
}

export function asBlocks(content: string | FakeBlock[]): FakeBlock[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
