import { afterEach, expect, test } from "vitest";
import {
  startFakeModel,
  type Answer,
  type FakeModel,
  type FakeRequest,
  type ServerTraits,
} from "#e2e/fake-model/server.ts";
import { shownRecords } from "#e2e/fake-model/claims-from-evidence.ts";
import { probeRequest, readProbe } from "./probe.ts";
import { openModel } from "./provider.ts";
import { CANARY, FENCE, testClaim, testPreset } from "./testing.ts";

let fake: FakeModel | null = null;
afterEach(async () => {
  await fake?.close();
  fake = null;
});

/** What a model that follows says: the token of the first and the last record it is shown. */
function honest(request: FakeRequest): Answer & { type: "claims" } {
  const records = shownRecords(request);
  const ends = [records[0], records.at(-1)].flatMap((record) => record ?? []);
  const claims = ends.flatMap(({ id, raw }) => {
    const token = /token (\w+)/.exec(raw ?? "")?.[1];
    return token ? [testClaim(`It holds ${token}.`, { citations: [{ id, quote: token }] })] : [];
  });
  const isHeld = request.body.output_config?.format !== undefined;
  return { type: "claims", claims, as: isHeld ? "object" : "fenced" };
}

type Case = {
  preset?: string;
  traits?: ServerTraits;
  answer?: (request: FakeRequest) => Answer;
  over?: object;
};

async function probe({ preset = "claude-sonnet-5-5", traits, answer = honest, over }: Case) {
  fake = await startFakeModel({ ...traits, script: answer });
  const known = testPreset(preset);
  const profile = { ...known.profile, ...over };
  const config = { ...known, model: "claude-sonnet-5-5", baseUrl: fake.url, profile };
  const request = probeRequest(config, { fence: FENCE, canary: CANARY });
  const provider = openModel(config, "key");
  const counted = await provider.countTokens(request);
  const result = readProbe({ answer: await provider.stream(request), request, config, counted });
  const bad = result.findings.filter(({ ok }) => !ok).map(({ check }) => check);
  return { ...result, bad, request };
}

test("a good server passes in one call, and every finding is a sentence", async () => {
  const { ok, findings, request } = await probe({});
  expect(ok).toBe(true);
  expect(findings.map(({ check }) => check)).toEqual([
    "answer",
    "schema",
    "evidence",
    "tokens",
    "marker",
    "model",
    "count",
  ]);
  for (const { sentence } of findings) expect(sentence).toMatch(/^The .+\.$/);
  expect(fake?.requests).toHaveLength(1);
  expect(request.estimatedTokens).toBeGreaterThan(6_000);
});

test("a plain server of one's own passes with the schema in the prompt", async () => {
  const { ok, findings } = await probe({ preset: "ollama", traits: { countsTokens: false } });
  expect(findings.filter((one) => !one.ok)).toEqual([]);
  expect(ok).toBe(true);
});

const SPOILT: [string, Case, string[], RegExp][] = [
  [
    "a server that ignores the schema",
    { traits: { ignoresSchema: true } },
    ["schema"],
    /hold its answer to the schema/,
  ],
  [
    "a server that drops the evidence",
    { traits: { dropsBlocks: true } },
    ["evidence", "tokens"],
    /quotes no token of the evidence/,
  ],
  [
    "a server that cuts what is long",
    { traits: { contextTokens: 4096 } },
    ["evidence"],
    /token at the beginning of the evidence: the server cuts/,
  ],
  [
    "a server that cuts nearly all",
    { traits: { contextTokens: 512 } },
    ["evidence", "tokens"],
    /it cut the evidence/,
  ],
  ["a wrong key", { traits: { key: "other" } }, ["answer"], /refuses the key/],
  ["a refusal", { answer: () => ({ type: "refusal" }) }, ["answer"], /refused to answer/],
  [
    "a model that tells its private marker",
    {
      answer: (request) => ({
        type: "claims",
        claims: [...honest(request).claims, testClaim(CANARY)],
      }),
    },
    ["schema", "marker"],
    /repeats the private marker/,
  ],
  [
    "another model than was asked for",
    { answer: (request) => ({ ...honest(request), answeredBy: "claude-haiku-5-5" }) },
    ["model"],
    /answered as claude-haiku-5-5 where claude-sonnet-5-5 was asked for/,
  ],
  [
    "a server that counts no tokens",
    { traits: { countsTokens: false } },
    ["count"],
    /switch counting off/,
  ],
  [
    "prose",
    {
      preset: "ollama",
      traits: { countsTokens: false },
      answer: () => ({ type: "text", text: "Hello!" }),
    },
    ["schema", "evidence"],
    /not in the shape that was asked for/,
  ],
];

test.each(SPOILT)("%s is found out", async (_name, spoilt, checks, sentence) => {
  const { ok, bad, findings } = await probe(spoilt);
  expect(ok).toBe(false);
  expect(bad).toEqual(checks);
  expect(findings.map((one) => one.sentence).join(" ")).toMatch(sentence);
});
