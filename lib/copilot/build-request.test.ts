import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { startFakeModel, type FakeModel } from "#e2e/fake-model/server.ts";
import type { ClaimCheck, DraftClaim } from "#lib/domain/summary/claim.ts";
import type { AskedKind } from "./build-request.ts";
import { buildRepair, mayRepair, type RepairInput } from "./build-repair.ts";
import { canonicalJson } from "./canonical-json.ts";
import { PRESETS } from "./profiles.ts";
import { LATEST, promptFor } from "./prompts/published.ts";
import { PSEUDONYM_NOTE } from "./redaction/words.ts";
import { LAYOUT } from "./request-body.ts";
import { openModel } from "./provider.ts";
import { CANARY, FENCE, testPreset, testRecord, testRequest } from "./testing.ts";

const RECORDS = [
  testRecord(1, { kind: "alert", severity: "high", fields: { host: "ws-014" } }),
  testRecord(2, { fields: { host: "ws-014", user: "j.doe" } }),
];
const KINDS: AskedKind[] = ["summary", "answer", "note", "handover", "message"];
const { profile } = testPreset();
const bare = { schema: "prompted", caches: false, effort: null, pseudonyms: false } as const;

let fake: FakeModel | null = null;
afterEach(async () => {
  await fake?.close();
  fake = null;
});

test.each(KINDS)(
  "a request for kind %s: only the system part instructs, nothing is a tool",
  (kind) => {
    const { body, text } = testRequest(RECORDS, { kind, question: "Who was it?" });
    expect(JSON.parse(text)).toEqual(body);
    expect(body.system[0]?.text).toBe(promptFor(kind, LATEST).text);
    expect(body.system.at(-1)?.text).toContain(CANARY);
    expect(JSON.stringify(body.messages)).not.toContain(CANARY);
    expect(body.messages).toHaveLength(1);
    expect(body.messages[0]?.role).toBe("user");
    const [evidence, question] = body.messages[0]!.content;
    expect(evidence?.text.startsWith(`<<<${FENCE} evidence begins>>>`)).toBe(true);
    expect(question?.text).toBe(
      `<<<${FENCE} question begins>>>\n{"question":"Who was it?"}\n<<<${FENCE} question ends>>>`,
    );
  },
);

test("there are no tools, whatever the profile and the kind", () => {
  for (const config of PRESETS) {
    for (const kind of KINDS) {
      const { text } = testRequest(RECORDS, { kind, config });
      expect(text).not.toMatch(/"tools?"|"tool_choice"|"mcp_servers"|"container"|"thinking"/);
      expect(text).not.toMatch(/"temperature"|"top_p"|"top_k"/);
    }
  }
});

test("what a server may not take is sent only when its profile says so", () => {
  const full = testRequest(RECORDS);
  expect(full.body.output_config).toMatchObject({ effort: "low", format: { type: "json_schema" } });
  expect(full.text).toContain("cache_control");
  const plain = testRequest(RECORDS, { config: { model: "m", profile: { ...profile, ...bare } } });
  expect(Object.keys(plain.body).toSorted()).toEqual([
    "max_tokens",
    "messages",
    "model",
    "stream",
    "system",
  ]);
  expect(plain.text).not.toContain("cache_control");
  expect(plain.body.system[1]?.text).toContain('"additionalProperties":false');
});

test("the last constant system block and the end of the evidence are the two breakpoints", () => {
  const marked = ({ body }: ReturnType<typeof testRequest>) =>
    [...body.system, ...body.messages.flatMap(({ content }) => content)].flatMap((block, at) =>
      block.cache_control ? [at] : [],
    );
  const first = testRequest(RECORDS);
  expect(first.body.system[1]?.text).toBe(PSEUDONYM_NOTE);
  expect(marked(first)).toEqual([1, 3]);
  // nothing goes on in the conversation of an answer, so nothing is written for it
  expect(marked(testRequest(RECORDS, { kind: "answer", question: "?" }))).toEqual([1]);
  const other = testRequest([testRecord(9)], { fence: "other", canary: "other" });
  expect(other.body.system.slice(0, 2)).toEqual(first.body.system.slice(0, 2));
});

test("the same input is the same bytes, and the question is redacted like evidence", () => {
  const redactor = { redact: (text: string) => text.replaceAll("j.doe", "USER_1") };
  const over = { kind: "answer", question: "Did j.doe\u202E log on?", redactor } as const;
  const request = testRequest(RECORDS, over);
  expect(testRequest(structuredClone(RECORDS), over).text).toBe(request.text);
  expect(request.text).not.toContain("j.doe");
  expect(request.body.messages[0]?.content[1]?.text).toContain("Did USER_1 log on?");
});

test("what may be said of a request beforehand: its size between two bounds", () => {
  const request = testRequest(RECORDS);
  expect(request.fewestTokens).toBeLessThan(request.estimatedTokens);
  expect(request.estimatedTokens).toBeLessThan(request.mostTokens);
  expect(request.params).toEqual({
    layout: LAYOUT,
    maxTokens: 16_000,
    schema: "enforced",
    effort: "low",
    caches: true,
    pseudonyms: true,
  });
  expect(request.shownIds).toEqual(["id-1", "id-2"]);
});

test("a request of this layout is these very bytes, or stored runs could not be rebuilt", () => {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const fields = { host: "ws-014", "process.command_line": `cmd /c ${"x".repeat(600)}\u202e` };
  const records = [...RECORDS, testRecord(3, { fields }), testRecord(4, { time: null })];
  const local = { model: "m", profile: { ...profile, ...bare } };
  const question = "Who was it?";
  expect({
    layout: LAYOUT,
    summary: sha256(testRequest(records).text),
    local: sha256(testRequest(records, { config: local, withheld: 2, capped: true }).text),
    answer: sha256(testRequest(records, { kind: "answer", question }).text),
    repair: sha256(repairOf().repair.text),
  }).toEqual({
    layout: 1,
    summary: "76497a63ab39bb86794b36b808456e82d1e26756c4e42b6982239f01b266a81b",
    local: "ba4beecf5cdb5aaa632d0878c1d7223e72b39d5c121fdb8e74b0716078cea125",
    answer: "40d833fc9e72ceea44a72c07a1349e38acf341feffb5550708e4bdf70df03922",
    repair: "9016737eef7df9e39baf54e0d036a9969cd22c5fc68dd3fe9c23ecce4f7d6f3f",
  });
});

test("canonical JSON is JSON with sorted keys", () => {
  const value = { b: [1, { d: null, c: "\u2028" }], a: undefined, A: true };
  expect(canonicalJson(value)).toBe('{"A":true,"b":[1,{"c":"\u2028","d":null}]}');
});

const CHECK: ClaimCheck = {
  check: "quote",
  effect: "unsupported",
  said: '"j.doe did it"',
  found: "not in E1 of ws-014",
  where: ["E1"],
};

function repairOf(over: Partial<RepairInput> = {}) {
  const first = testRequest(RECORDS);
  const claim: DraftClaim = {
    text: "j.doe did it.",
    kind: "observation",
    polarity: "affirmed",
    citations: [{ id: "E1", quote: "j.doe did it" }],
    predicates: [],
  };
  const repair = buildRepair({
    config: testPreset(),
    prompts: LATEST,
    first: { request: first.text, answer: '{"claims":[]}\n', fence: FENCE, canary: CANARY },
    failed: [{ claim, checks: [CHECK] }],
    withheld: 0,
    redactor: { redact: (text) => text.replaceAll("j.doe", "USER_1") },
    ...over,
  });
  return { first, repair };
}

test("a repair goes on in the same conversation: the first request is its beginning, byte for byte", () => {
  const { first, repair } = repairOf();
  const prefix = first.text.slice(0, first.text.indexOf('}],"output_config"'));
  expect(repair.text.startsWith(prefix)).toBe(true);
  expect(repair.body.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  expect(repair.body.messages[1]?.content[0]?.text).toBe('{"claims":[]}');
  const [instruction, block] = repair.body.messages[2]!.content;
  expect(instruction?.text).toBe(promptFor("repair", LATEST).text);
  expect(block?.text.split("\n")[1]).toBe(
    '{"claim":{"citations":[{"id":"E1","quote":"USER_1 did it"}],"kind":"observation","polarity":"affirmed","predicates":[],' +
      '"text":"USER_1 did it."},"failed":[{"check":"quote","found":"not in E1 of ws-014","said":"\\"USER_1 did it\\""}]}',
  );
});

test("what was found in the records is not told when some of them are withheld", () => {
  expect(repairOf({ withheld: 1 }).repair.text).not.toContain('found\\":');
});

test("the repair is read from the provider's cache up to the end of the evidence", async () => {
  fake = await startFakeModel({ script: () => ({ type: "claims", claims: [] }) });
  const config = { ...testPreset(), baseUrl: fake.url };
  const { first, repair } = repairOf();
  const provider = openModel(config, "k");
  const [once, again] = [await provider.stream(first), await provider.stream(repair)];
  expect(once.usage?.["cache_read_input_tokens"]).toBe(0);
  expect(once.usage?.["cache_creation_input_tokens"]).toBeGreaterThan(1000);
  expect(again.usage?.["cache_read_input_tokens"]).toBe(
    once.usage?.["cache_creation_input_tokens"],
  );
});

test("an answer is repaired when it is whole, untainted, of a usable length, and the profile says so", () => {
  const answer = { text: '{"claims":[]}', isComplete: true, canary: "kept" } as const;
  expect(mayRepair(answer, { repairs: true })).toBe(true);
  expect(mayRepair(answer, { repairs: false })).toBe(false);
  expect(mayRepair({ ...answer, isComplete: false }, { repairs: true })).toBe(false);
  expect(mayRepair({ ...answer, canary: "leaked" }, { repairs: true })).toBe(false);
  expect(mayRepair({ ...answer, text: " " }, { repairs: true })).toBe(false);
  expect(mayRepair({ ...answer, text: "x".repeat(300_000) }, { repairs: true })).toBe(false);
});
