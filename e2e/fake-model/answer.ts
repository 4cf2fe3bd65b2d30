/** What the fake model can be told to answer: every good and bad thing a server of the Messages protocol does. */
import type { IncomingMessage } from "node:http";

/** What arrived at the fake model. */
export type FakeRequest = {
  path: string;
  headers: IncomingMessage["headers"];
  text: string;
  /** What the model sees of it: a server that drops blocks or ignores fields has done so. */
  body: FakeBody;
  /** 1 is the first request for a message; those that count tokens are kept apart. */
  number: number;
  /** Milliseconds since 1970, with a fraction. */
  at: number;
  /** When the last byte of each claim of the answer was written, in their order; as `at`. */
  claimEndedAt: number[];
  /** The caller went away before the answer was whole. */
  isAbandoned: boolean;
};
export type FakeBody = {
  model?: string;
  stream?: boolean;
  max_tokens?: number;
  system?: string | FakeBlock[];
  messages?: { role?: string; content: string | FakeBlock[] }[];
  output_config?: { format?: unknown; effort?: string };
};
export type FakeBlock = { type?: string; text?: string; cache_control?: unknown };

/** How an answer travels. Without any of it: at once, in small uneven pieces, after an empty thinking block. */
export type Wire = {
  chunkChars?: number;
  chunkDelayMs?: number;
  /** The bytes go out one by one, so many a second. */
  bytesPerSecond?: number;
  /** What comes before the text; `empty` is what today's models do. */
  thinking?: "empty" | "none" | { text: string };
  /** Events that are never sent, by type: `message_stop`, `message_delta`, `content_block_stop`. */
  leaveOut?: string[];
  contentType?: string;
  /** Figures to report instead of the honest ones. */
  usage?: Record<string, number>;
  /** The model that says it answered. */
  answeredBy?: string;
};

/** How a server that does not hold the answer to the schema puts the claims. */
export type Dress = "object" | "fenced" | "prose" | "array";

export type Answer =
  | (Wire & { type: "text"; text: string; stopReason?: string })
  | (Wire & { type: "claims"; claims: unknown[]; as?: Dress; stopReason?: string })
  /** So many bytes of valid claims, or of one claim without end. */
  | (Wire & { type: "flood"; bytes: number; of: "claims" | "text"; stopReason?: string })
  /** A refusal, before any output or after `partial`. */
  | (Wire & { type: "refusal"; category?: string; partial?: string })
  /** An HTTP error before the stream: 429, 529 and the like; `code` is the provider's own word for it. */
  | {
      type: "error";
      status: number;
      errorType: string;
      code?: string;
      headers?: Record<string, string>;
    }
  /** An `error` event inside a stream that began with 200. */
  | (Wire & { type: "stream_error"; partial: string; errorType: string })
  /** The connection ends after `partial`: cut, reset (RST), or closed as if the answer were whole. */
  | (Wire & { type: "broken"; partial: string; how?: "cut" | "reset" | "closed" })
  /** The stream begins, gives `partial`, and then says nothing until the caller gives up. */
  | (Wire & { type: "stalled"; partial: string })
  /** Reset before a byte of an answer. */
  | { type: "reset" }
  /** Nothing at all, until the caller gives up. */
  | { type: "silent" }
  /** These bytes, whatever they are. */
  | { type: "raw"; status?: number; headers?: Record<string, string>; body: string };

export type Script = (request: FakeRequest) => Answer | Promise<Answer>;

/** An answer that has a text, at least the beginning of one. */
export type Reply = Exclude<Answer, { type: "silent" | "error" | "reset" | "raw" }>;

export function textOf(answer: Reply): string {
  switch (answer.type) {
    case "text":
      return answer.text;
    case "claims":
      return dressed(answer.claims, answer.as ?? "object");
    case "flood":
      return floodText(answer);
    case "refusal":
    case "stream_error":
    case "broken":
    case "stalled":
      return answer.partial ?? "";
  }
}

function dressed(claims: unknown[], as: Dress): string {
  const object = JSON.stringify({ claims });
  switch (as) {
    case "object":
      return object;
    case "fenced":
      return `Here is what the records show:\n\n\`\`\`json\n${object}\n\`\`\`\n`;
    case "array":
      return JSON.stringify(claims);
    case "prose":
      return `I looked at the records {of this incident}. They show ${claims.length} things worth saying, but I would rather tell you in words.`;
  }
}

function floodText({ bytes, of }: { bytes: number; of: "claims" | "text" }): string {
  const head = '{"claims":[';
  if (of === "text")
    return `${head}{"text":"${"a".repeat(bytes)}","kind":"gap","citations":[],"predicates":[]}]}`;
  const one = JSON.stringify({
    text: `Nothing is known of this. ${"So it is. ".repeat(60)}`,
    kind: "gap",
    polarity: "affirmed",
    citations: [],
    predicates: [],
  });
  const count = Math.ceil(bytes / (one.length + 1));
  return `${head}${Array.from({ length: count }, () => one).join(",")}]}`;
}

/** Where each claim of an answer ends, in characters of its text; none where the text is not the plain object. */
export function claimEnds(answer: Reply): number[] {
  if (answer.type !== "claims" || (answer.as ?? "object") !== "object") return [];
  let at = '{"claims":['.length;
  return answer.claims.map((claim) => {
    const end = at + JSON.stringify(claim).length;
    at = end + 1;
    return end;
  });
}

export function stopOf(answer: Reply): { stop_reason: string; stop_details: unknown } {
  if (answer.type === "refusal") {
    const details = { type: "refusal", category: answer.category ?? "cyber", explanation: null };
    return { stop_reason: "refusal", stop_details: details };
  }
  const stop = ("stopReason" in answer && answer.stopReason) || "end_turn";
  return { stop_reason: stop, stop_details: null };
}
