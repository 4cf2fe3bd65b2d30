import type { ProbeView } from "#lib/contracts/copilot-views.ts";
import type { ModelConfig } from "#lib/domain/copilot/profile.ts";
import type { ModelAnswer } from "./answer.ts";
import { type BuiltRequest, measured } from "./build-request.ts";
import { canonicalJson } from "./canonical-json.ts";
import { requestBody, textBlock } from "./request-body.ts";
import { bytesFor, tokensRead } from "./tokens.ts";
import { evidenceBytes, fenced } from "./write-evidence.ts";

type Finding = ProbeView["findings"][number];
type ProbedConfig = Pick<ModelConfig, "model" | "profile" | "provider">;

/** Longer than the window some servers have unless they are told otherwise: those cut it, and say nothing. */
const FILLER_TOKENS = 6_000;
const FILLER =
  "A scheduled backup of the file share ended without a warning; nothing else happened on this host.";
/** Counts of a tokeniser and of a bill differ by what a server wraps around a request. */
const COUNT_TOLERANCE = 0.25;

const PROMPT = `This is a test of a connection; no incident is behind it. The user message holds records between two lines that carry this request's fence word. Each line is one record in JSON with an "id" and a "raw" text. The first and the last record hold a token: the word after "token" in their raw text.

Answer with two claims: one that says which token the first record holds, and one that says which token the last record holds. Each is of kind "observation", affirmed, cites its record by "id" with the token as the quote, and has no predicates.`;

/**
 * The request that tries out a profile before anything depends on it: a token stands at either end of an evidence
 * block longer than careless servers read. An answer that quotes both, in the shape that was asked for, shows in one
 * call that evidence arrives whole, that the schema holds and that the key works.
 */
export function probeRequest(
  config: ProbedConfig,
  { fence, canary }: { fence: string; canary: string },
): BuiltRequest {
  const bytes = Math.min(bytesFor(FILLER_TOKENS), evidenceBytes(config.profile));
  const [first, last] = tokensOf(fence);
  const lines = [line(1, `token ${first}`)];
  for (let size = 0; size < bytes;) {
    const filler = line(lines.length + 1, FILLER);
    size += filler.length + 1;
    lines.push(filler);
  }
  lines.push(line(lines.length + 1, `token ${last}`));
  const content = [
    textBlock(fenced(fence, "evidence", lines)),
    textBlock("State which tokens the first and the last record hold."),
  ];
  const body = requestBody({
    config,
    prompt: { text: PROMPT },
    fence,
    canary,
    messages: [{ role: "user", content }],
  });
  const leftOut = { alerts: 0, events: 0, withheld: 0 };
  return { kind: "probe", body, fence, canary, shownIds: [], leftOut, ...measured(body, config) };
}

export type ProbeInput = {
  answer: ModelAnswer;
  request: Pick<BuiltRequest, "fence">;
  config: ProbedConfig;
  /** What `countTokens` said; undefined when it was not asked. */
  counted?: number | null | undefined;
};

/** What the answer to a probe shows, a sentence for each thing that was tried. */
export function readProbe({ answer, request, config, counted }: ProbeInput): {
  ok: boolean;
  findings: Finding[];
} {
  // an answer that is thrown away for its marker has come all the same, and shows what the server does
  const isAnswered = answer.state === "finished" || answer.canary === "leaked";
  const findings = [
    finding(
      "answer",
      isAnswered,
      isAnswered
        ? `The server answered in ${(answer.latencyMs / 1000).toFixed(1)} seconds.`
        : (answer.reason ?? "The server gave no answer."),
    ),
  ];
  if (isAnswered) {
    findings.push(
      schemaFinding(answer, config),
      evidenceFinding(answer, request),
      readFinding(answer, config),
      markerFinding(answer),
      modelFinding(answer, config),
    );
    if (config.profile.countsTokens && counted !== undefined)
      findings.push(countFinding(answer, counted));
  }
  return { ok: findings.every(({ ok }) => ok), findings };
}

/** Two words that no server can guess, since the fence is new each time. */
function tokensOf(fence: string): [first: string, last: string] {
  return [`ZK${fence.slice(0, 8).toUpperCase()}`, `ZQ${fence.slice(-8).toUpperCase()}`];
}

function line(position: number, raw: string): string {
  return canonicalJson({ id: `E${position}`, kind: "event", raw });
}

function schemaFinding(answer: ModelAnswer, { profile }: ProbedConfig): Finding {
  const isObject = answer.isComplete || answer.notices.includes(answer.reason ?? "");
  const isClean = isObject && answer.dropped.length === 0;
  if (profile.schema === "enforced" && (!isClean || answer.hadPreamble)) {
    const sentence =
      "The server does not hold its answer to the schema; choose a schema in the prompt for it.";
    return finding("schema", false, sentence);
  }
  if (!isClean) {
    const why = answer.dropped[0] ?? answer.reason;
    const sentence = `The answer is not in the shape that was asked for. ${why ?? ""}`;
    return finding("schema", false, sentence.trim());
  }
  const around = answer.hadPreamble ? ", with words around it that are left out" : "";
  return finding("schema", true, `The answer is the JSON object that was asked for${around}.`);
}

function evidenceFinding({ claims }: ModelAnswer, { fence }: { fence: string }): Finding {
  const said = JSON.stringify(claims);
  const [first, last] = tokensOf(fence).map((token) => said.includes(token));
  if (first && last) {
    const sentence =
      "The answer quotes the tokens at both ends of the evidence: all of it arrived.";
    return finding("evidence", true, sentence);
  }
  if (!first && !last) {
    const sentence =
      "The answer quotes no token of the evidence: the server drops it, or the model does not follow.";
    return finding("evidence", false, sentence);
  }
  const end = first ? "end" : "beginning";
  const sentence = `The answer misses the token at the ${end} of the evidence: the server cuts long requests. Raise its context length.`;
  return finding("evidence", false, sentence);
}

function readFinding({ usage, notices }: ModelAnswer, { profile }: ProbedConfig): Finding {
  const read = tokensRead(usage);
  if (notices[0]) return finding("tokens", false, notices[0]);
  if (read !== null) return finding("tokens", true, `The server counts ${read} tokens read.`);
  const isFree = profile.price.input === 0 && profile.price.output === 0;
  const sentence = isFree
    ? "The server gives no token counts; nothing is charged for them."
    : "The server gives no token counts, so each run is charged as the most it can cost.";
  return finding("tokens", isFree, sentence);
}

function markerFinding({ canary }: ModelAnswer): Finding {
  return canary === "kept"
    ? finding("marker", true, "The answer does not repeat the private marker.")
    : finding(
        "marker",
        false,
        "The answer repeats the private marker: the model ignores its rules.",
      );
}

function modelFinding({ modelAnswered }: ModelAnswer, { model, provider }: ProbedConfig): Finding {
  if (modelAnswered === model) return finding("model", true, `The server answered as ${model}.`);
  const named = modelAnswered ? `as ${modelAnswered}` : "without naming a model";
  // a server of one's own runs what it was started with, under whatever name
  const sentence = `The server answered ${named} where ${model} was asked for.`;
  return finding("model", provider === "compatible", sentence);
}

function countFinding({ usage }: ModelAnswer, counted: number | null): Finding {
  if (counted === null)
    return finding("count", false, "The server does not count tokens; switch counting off.");
  const read = tokensRead(usage);
  const isNear = read === null || Math.abs(counted - read) <= read * COUNT_TOLERANCE;
  return isNear
    ? finding("count", true, `The server counts ${counted} tokens before sending.`)
    : finding("count", false, `The server counted ${counted} tokens and charged for ${read}.`);
}

function finding(check: string, ok: boolean, sentence: string): Finding {
  return { check, ok, sentence };
}
