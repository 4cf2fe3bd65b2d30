import { describe, expect, test } from "vitest";
import { ENTITY_TYPES } from "#lib/grounding/entities.ts";
import {
  devFailures,
  type Reader,
  scoreSentences,
  type TaggedSentence,
  UNTAGGED_TYPES,
} from "./tagged.ts";
import { readTagged } from "./tagged-file.ts";

/** 0123456789... "user jdoe on ws-1 at 10.0.0.5 twice" */
const SENTENCE: TaggedSentence = {
  id: "a",
  half: "dev",
  text: "user jdoe on ws-1 at 10.0.0.5 twice",
  entities: [
    { type: "user", text: "jdoe", start: 5, end: 9 },
    { type: "host", text: "ws-1", start: 13, end: 17 },
    { type: "ip", text: "10.0.0.5", start: 21, end: 29 },
    { type: "count", text: "twice", start: 30, end: 35 },
  ],
};
const BARE: TaggedSentence = { id: "b", half: "dev", text: "TLS 1.3 is on.", entities: [] };

/** One exact, one too long, one of another type, one unclassified name, one invented in BARE. */
const read: Reader = (text) =>
  text === BARE.text
    ? [{ type: "count", start: 4, end: 7 }]
    : [
        { type: "user", start: 5, end: 9 },
        { type: "name", start: 13, end: 17 },
        { type: "ip", start: 18, end: 29 },
        { type: "vague", start: 30, end: 35 },
      ];

describe("the score of an extractor", () => {
  const { dev, heldOut } = scoreSentences([SENTENCE, BARE], read);

  test("counts a span as exact only with the same type, start and end", () => {
    // tagged 4; found user, ip, vague, count: 4 (the name is left out); exact: user alone
    expect(dev.exact).toMatchObject({
      hits: 1,
      found: 4,
      tagged: 4,
      precision: 0.25,
      recall: 0.25,
    });
    expect(dev.exact.f1).toBeCloseTo(0.25, 10);
  });

  test("counts overlap with the same type as relaxed", () => {
    expect(dev.relaxed).toMatchObject({ hits: 2, found: 4, tagged: 4, f1: 0.5 });
  });

  test("counts what any reading overlaps as seen, names included", () => {
    expect(dev.seen).toMatchObject({ hits: 4, n: 4, share: 1 });
  });

  test("says how many sentences without entities raise alarms", () => {
    expect(dev.bare).toEqual({ sentences: 1, alarmed: 1, alarms: 1 });
  });

  test("is null where nothing is there to divide by", () => {
    const host = dev.byType.find(({ type }) => type === "host");
    expect(host?.exact).toMatchObject({ found: 0, tagged: 1, precision: null, recall: 0, f1: 0 });
    expect(heldOut.exact).toMatchObject({ precision: null, recall: null, f1: null });
  });

  test("states the 95 % Wilson interval of 1 in 4", () => {
    const [low, high] = dev.exact.precisionInterval;
    expect(low).toBeCloseTo(0.0456, 3);
    expect(high).toBeCloseTo(0.6994, 3);
  });

  test("uses each found span once", () => {
    const twice: TaggedSentence = {
      ...SENTENCE,
      entities: [
        { type: "ip", text: "10.0", start: 21, end: 25 },
        { type: "ip", text: "0.5", start: 26, end: 29 },
      ],
    };
    const score = scoreSentences([twice], () => [{ type: "ip", start: 21, end: 29 }]);
    expect(score.dev.relaxed).toMatchObject({ hits: 1, found: 1, tagged: 2 });
  });
});

test("failures list the dev half only", () => {
  const hidden: TaggedSentence = { ...SENTENCE, id: "c", half: "held-out" };
  const failures = devFailures([SENTENCE, hidden], read);
  expect(failures.map(({ id }) => id)).toEqual(["a"]);
  expect(failures[0]?.missed.map(({ text }) => text)).toEqual(["ws-1", "10.0.0.5", "twice"]);
  expect(failures[0]?.wrong.map(({ text }) => text)).toEqual(["at 10.0.0.5", "twice"]);
});

describe("the tagged sentences", () => {
  const sentences = readTagged();

  test("are at least 240, half of them held out by the parity of their line", () => {
    expect(sentences.length).toBeGreaterThanOrEqual(240);
    for (const [at, { half }] of sentences.entries()) {
      expect(half).toBe(at % 2 === 0 ? "dev" : "held-out");
    }
  });

  test("have at least 40 without any entity, and every taggable type somewhere", () => {
    expect(sentences.filter(({ entities }) => entities.length === 0).length).toBeGreaterThan(40);
    const used = new Set(sentences.flatMap(({ entities }) => entities.map(({ type }) => type)));
    const taggable = ENTITY_TYPES.filter((type) => !UNTAGGED_TYPES.has(type));
    expect(taggable.filter((type) => !used.has(type))).toEqual([]);
  });

  test("are different sentences with different ids", () => {
    expect(new Set(sentences.map(({ id }) => id)).size).toBe(sentences.length);
    expect(new Set(sentences.map(({ text }) => text)).size).toBe(sentences.length);
  });

  test("have spans that stand where they say, in order, without overlap", () => {
    for (const { text, entities } of sentences) {
      let before = 0;
      for (const { text: words, start, end, type } of entities) {
        expect(ENTITY_TYPES).toContain(type);
        expect(text.slice(start, end)).toBe(words);
        expect(words.trim()).toBe(words);
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        before = end;
      }
    }
  });
});
