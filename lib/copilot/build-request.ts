import type { LeftOut } from "#lib/contracts/copilot-views.ts";
import type { ModelConfig, PromptSet } from "#lib/domain/copilot/profile.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { SentRequest } from "./answer.ts";
import { promptFor } from "./prompts/published.ts";
import { textFor } from "./record-line.ts";
import { cacheMark, LAYOUT, type RequestBody, requestBody, textBlock } from "./request-body.ts";
import { estimateTokens, fewestTokens, mostTokens } from "./tokens.ts";
import { type EvidenceInput, evidenceBytes, fenced, writeEvidence } from "./write-evidence.ts";

/** What is asked over the evidence of an incident. */
export type AskedKind = Extract<RunKind, "summary" | "answer" | "note" | "handover" | "message">;

export type BuiltRequest = SentRequest & {
  kind: AskedKind | "repair" | "probe";
  body: RequestBody;
  fence: string;
  /** What went beside the text, for the record. */
  params: Record<string, unknown>;
  /** The records shown, by id. */
  shownIds: string[];
  leftOut: LeftOut;
  estimatedTokens: number;
  /** More than the request can be expected to have: what is reserved for. */
  mostTokens: number;
  fewestTokens: number;
};

export type RequestInput = Omit<EvidenceInput, "redact" | "bytesMax"> & {
  kind: AskedKind;
  config: Pick<ModelConfig, "model" | "profile">;
  prompts: PromptSet;
  /** The question of an answer; for a draft what the person wishes for. */
  question?: string | null | undefined;
  redactor: { redact: EvidenceInput["redact"] };
  /** Must not come back: an answer that holds it was steered by its input. New for each request. */
  canary: string;
};

const QUESTION_MAX = 4_000;

const TASKS: Record<AskedKind, string> = {
  summary: "State what these records show, as claims.",
  answer: "Answer the question from these records, as claims.",
  note: "Draft a note, as claims.",
  handover: "Draft a hand-over, as claims.",
  message: "Draft a message to the affected person, as claims.",
};

/** The request for one run over an incident. Pure: the same input is the same bytes. */
export function buildRequest(input: RequestInput): BuiltRequest {
  const { kind, config, prompts, fence, canary, question, redactor } = input;
  const { profile } = config;
  const evidence = writeEvidence({
    ...input,
    redact: redactor.redact,
    bytesMax: evidenceBytes(profile),
  });
  const mayGoOn = kind === "summary" && profile.repairs && profile.caches;
  const asked = question ? textFor(question, QUESTION_MAX, (text) => redactor.redact(text)) : null;
  const content = [
    { ...textBlock(evidence.text), ...cacheMark(mayGoOn) },
    ...(asked === null
      ? []
      : [textBlock(fenced(fence, "question", [canonicalJson({ question: asked })]))]),
    textBlock(TASKS[kind]),
  ];
  const prompt = promptFor(kind, prompts);
  const body = requestBody({
    config,
    prompt,
    fence,
    canary,
    messages: [{ role: "user", content }],
  });
  const { shownIds, leftOut } = evidence;
  return { kind, body, fence, canary, shownIds, leftOut, ...measured(body, config) };
}

/** The bytes of a body, what they may weigh, and what the record says of them. */
export function measured(body: RequestBody, { profile }: Pick<ModelConfig, "profile">) {
  const text = JSON.stringify(body);
  const read = textRead(body);
  return {
    text,
    params: {
      layout: LAYOUT,
      maxTokens: body.max_tokens,
      schema: profile.schema,
      effort: body.output_config?.effort ?? null,
      caches: profile.caches,
      pseudonyms: profile.pseudonyms,
    },
    estimatedTokens: estimateTokens(read),
    mostTokens: mostTokens(read),
    fewestTokens: fewestTokens(read),
  };
}

/** What a model reads of a body: its texts without the escapes of JSON, and the schema. */
function textRead({ system, messages, output_config: output }: RequestBody): string {
  const blocks = [...system, ...messages.flatMap(({ content }) => content)];
  const schema = output?.format ? JSON.stringify(output.format.schema) : "";
  return [...blocks.map(({ text }) => text), schema].join("\n");
}
