import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutValues, newCutter } from "./cut.ts";
import { HeldBytes } from "./split-held.ts";
import { cutBody, splitBody, splitNdjsonStream } from "./split.ts";
import type { RawRecord } from "./split.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const MB = 1_000_000;

describe("the cost of one long record", () => {
  function movedFor(size: number, chunkSize: number): number {
    const held = new HeldBytes();
    const chunk = new Uint8Array(chunkSize);
    for (let sent = 0; sent < size; sent += chunkSize) held.append(chunk);
    return held.moved;
  }

  it("is in proportion to its size, however small the pieces", () => {
    for (const piece of [100, 16_384]) {
      expect(movedFor(4 * MB, piece)).toBeLessThan(2 * 4 * MB);
      expect(movedFor(16 * MB, piece)).toBeLessThan(2 * 16 * MB);
    }
  });

  it("is in proportion to what passes when a little is always held back", () => {
    const held = new HeldBytes();
    for (let sent = 0; sent < 16 * MB; sent += 1_000) {
      held.append(new Uint8Array(1_000));
      if (held.length > 40_000) held.drop(1_000);
    }
    expect(held.moved).toBeLessThan(2 * 16 * MB);
  });

  it.each([
    ["a string", '{"a":"', "x"],
    ["nested lists", '{"a":', "[ "],
    ["what is no record", "", "junk "],
    ["broken lines", '{"a":,', "\nxxxxxxx"],
    ["a broken record before a long one", '[{"a":1,\n{"b":"', "y"],
  ])("%s is read on from where reading stopped", (_name, head, piece) => {
    const cutter = newCutter(true, 4 * MB);
    const held = new HeldBytes();
    held.append(encode(head));
    for (let round = 0; round < 50; round += 1) {
      held.append(encode(piece.repeat(100)));
      const cutting = cutValues(cutter, held.bytes(), false);
      const step = cutting.next();
      expect(step.done).toBe(true);
      held.drop(step.value as number);
      const broken = cutter.pending?.broken;
      const next = broken?.next === "none" ? null : broken?.next;
      const readTo = broken?.line?.from ?? next?.read ?? cutter.pending?.read;
      expect(readTo).toBeGreaterThan(held.length - piece.length - 1);
    }
  });
});

describe("records are cut when they are asked for", () => {
  /** How many views of the body exist after `count` records were taken. */
  function viewsMade(body: Uint8Array, count: number): number {
    let views = 0;
    const counted = Object.defineProperty(body, "subarray", {
      value: (from: number, to: number) => {
        views += 1;
        return Uint8Array.prototype.subarray.call(body, from, to);
      },
    });
    let taken = 0;
    for (const record of cutBody(counted)) {
      expect(record.error).toBeUndefined();
      taken += 1;
      if (taken === count) break;
    }
    return views;
  }

  it("of an array, no more than were taken", () => {
    const numbers = `[${"1,".repeat(2 * MB)}1]`;
    expect(viewsMade(encode(numbers), 10)).toBeLessThan(40);
  });

  it("of a wrapper and of an incident's alerts as well", () => {
    for (const [head, tail] of [
      ['{"value":[', "]}"],
      ['{"incidentWebUrl":"u","alerts":[', "]}"],
      ['[{"incidentWebUrl":"u","alerts":[', "]}]"],
    ]) {
      const body = encode(`${head}${'{"a":1},'.repeat(100_000)}{}${tail}`);
      expect(viewsMade(body, 10)).toBeLessThan(100);
    }
  });
});

describe("a stream gives what the whole body gives", () => {
  const alert = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value));
  const pretty = fc
    .dictionary(fc.string(), fc.jsonValue())
    .map((value) => JSON.stringify(value, null, 2));
  const broken = fc.constantFrom(
    '{"a":,}',
    '{"b":"x',
    "junk",
    '{"c":1',
    '{\n  "d": 1,\n  {"e":2},\n}',
    "[1,2",
    "]",
    "}",
  );
  const list = fc.array(fc.oneof(alert, broken), { maxLength: 6 });
  const container = list.chain((items) =>
    fc.constantFrom(
      `[${items.join(",")}]`,
      `[\n  ${items.join(",\n  ")}\n]`,
      `{"value":[${items.join(" , ")}]}`,
    ),
  );
  const part = fc.oneof({ weight: 4, arbitrary: alert }, pretty, broken, container);
  const between = fc.constantFrom("\n", "\n", "\r\n", " ", ",\n", "\n  ", "");
  const soup = fc.string({ unit: fc.constantFrom(...'[]{}{}"",:\\ \n\n1a\u00e9'), maxLength: 80 });
  const text = fc.oneof(
    fc.array(fc.tuple(part, between), { maxLength: 8 }).map((parts) => parts.flat().join("")),
    soup,
    soup.map((tail) => `{"a":1}\n${tail}`),
  );
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });

  async function* chunked(body: Uint8Array, sizes: number[]): AsyncIterable<Uint8Array> {
    for (let at = 0, n = 0; at < body.length; n += 1) {
      const size = sizes[n % sizes.length]!;
      yield body.slice(at, at + size);
      at += size;
    }
  }

  const shown = ({ index, bytes, error, line }: RawRecord) => [
    index,
    Buffer.from(bytes).toString("latin1"),
    error,
    line,
  ];

  it("byte for byte, whatever the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(text, cuts, async (body, sizes) => {
        const streamed: RawRecord[] = [];
        for await (const record of splitNdjsonStream(chunked(encode(body), sizes)))
          streamed.push(record);
        expect(streamed.map(shown)).toEqual(splitBody(encode(body)).map(shown));
      }),
      { numRuns: 500 },
    );
  }, 30_000);
});
