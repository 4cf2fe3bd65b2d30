import { expect, test } from "vitest";
import type { NewRunEvent } from "#lib/commands/append-run-events.ts";
import { type DraftClaim, UNUSED, type VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { fromStreamed } from "#lib/queries/stored-answer.ts";
import { toStreamed } from "./claim-event.ts";
import { openPump } from "./pump.ts";
import { openRawTexts } from "./raw-texts.ts";

const draft = (text: string): DraftClaim => ({
  text,
  kind: "observation",
  polarity: "affirmed",
  citations: [{ id: "E1", quote: "some words" }],
  predicates: [{ ...UNUSED, op: "count", where: "host=a", cmp: "eq", n: 2 }],
});
const verified = (claim: DraftClaim): VerifiedClaim => ({
  ...claim,
  standing: "partial",
  checks: [{ check: "quote", effect: "supported", said: "a", found: "a", where: ["E1"] }],
  resolved: [{ evidenceId: "r1", position: 1, quote: "some words", start: 3, end: 13 }],
  uncovered: [[0, 2]],
});
const claims = (texts: string[]) =>
  texts.map((text, at) => ({ ok: true, number: at + 1, claim: draft(text) }) as const);

test("claims are stored in the order of the answer, also when an earlier one takes longer to verify", async () => {
  const events: NewRunEvent[] = [];
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pump = openPump({
    async verify(claim) {
      if (claim.text === "a") await gates[0]!.promise;
      return verified(claim);
    },
    store: async (batch) => void events.push(...batch),
    onTrouble: () => undefined,
  });
  for (const item of claims(["a", "b", "c"])) pump.take(item);
  pump.take({ ok: false, number: 4, reason: "text: too long" });
  expect(events).toEqual([]);
  gates[0]!.resolve();
  expect((await pump.drained()).map(({ text }) => text)).toEqual(["a", "b", "c"]);
  expect(events.map(({ kind, data }) => [kind, "ordinal" in data ? data.ordinal : data])).toEqual([
    ["claim", 0],
    ["claim", 1],
    ["claim", 2],
    ["notice", { sentence: "Claim 4 was left out: text: too long." }],
  ]);
});

test("a claim that cannot be checked is told of, and costs no other", async () => {
  const events: NewRunEvent[] = [];
  const pump = openPump({
    verify: async (claim) => (claim.text === "b" ? null : verified(claim)),
    store: async (batch) => void events.push(...batch),
    onTrouble: () => undefined,
  });
  for (const item of claims(["a", "b", "c"])) pump.take(item);
  expect((await pump.drained()).map(({ text }) => text)).toEqual(["a", "c"]);
  expect(events.map(({ kind, data }) => [kind, "ordinal" in data ? data.ordinal : data])).toEqual([
    ["claim", 0],
    ["notice", { sentence: "Claim 2 was left out: it could not be checked." }],
    ["claim", 1],
  ]);
});

test("nothing is stored after what could not be stored, and the trouble is told at once and at the end", async () => {
  const told: unknown[] = [];
  let stores = 0;
  const pump = openPump({
    verify: async (claim) => verified(claim),
    store: async () => {
      stores += 1;
      throw new Error("the run is not ours");
    },
    onTrouble: (error) => told.push((error as Error).message),
  });
  const [first, second] = claims(["a", "b"]);
  pump.take(first!);
  await expect(pump.drained()).rejects.toThrow("not ours");
  pump.take(second!);
  await expect(pump.drained()).rejects.toThrow("not ours");
  expect([stores, told]).toEqual([1, ["the run is not ours"]]);
});

test("a stored event gives back the claim it was made of", () => {
  const claim = verified(draft("a"));
  expect(fromStreamed(JSON.parse(JSON.stringify(toStreamed(claim, 0))))).toEqual(claim);
  const invented = {
    ...claim,
    citations: [{ id: "E99", quote: "x" }],
    resolved: [{ evidenceId: null, position: null, quote: "x", start: null, end: null }],
  };
  expect(fromStreamed(toStreamed(invented, 1))).toEqual(invented);
});

test("raw texts that a claim cites are read once, by label or id; unknown ones are not asked for", async () => {
  const asked: string[][] = [];
  const records = [1, 2, 3].map((position) => ({ id: `r${position}`, position }));
  const texts = openRawTexts(records as never, new Map([["r1", "one"]]), async (ids) => {
    asked.push(ids);
    return new Map(ids.map((id) => [id, `text of ${id}`]));
  });
  const citing = (...ids: string[]) => ({
    ...draft("a"),
    citations: ids.map((id) => ({ id, quote: "x" })),
  });
  await texts.readFor(citing("E1", " e2 ", "r3", "E99"));
  await texts.readFor(citing("E2", "E3"));
  expect(asked).toEqual([["r2", "r3"]]);
  expect(["r1", "r2", "r9"].map(texts.get)).toEqual(["one", "text of r2", null]);
});
