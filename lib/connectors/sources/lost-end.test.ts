import { expect, test } from "vitest";
import { splitBody, splitNdjsonStream } from "./split.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const shapeOf = (text: string) =>
  splitBody(encode(text)).map(({ bytes, error }) => [read(bytes), error === undefined]);

test("a record that lost its end takes no good one with it, however deep that is indented", () => {
  const lost = '{ "aws": {"id":2,\n      "name": "x"\n    }';
  const text = `[\n  {"id":1},\n  ${lost},\n    {\n      "id":3\n    },\n  {"id":4}\n]`;
  expect(shapeOf(text)).toEqual([
    ['{"id":1}', true],
    [lost, false],
    ['{\n      "id":3\n    }', true],
    ['{"id":4}', true],
  ]);
});

test("a part of a broken record is no record", () => {
  const broken = '{\n    "a": 1,\n    {"b":2},\n    "c": 3\n  }';
  expect(shapeOf(`[\n  ${broken},\n  {"id":2}\n]`)).toEqual([
    [broken, false],
    ['{"id":2}', true],
  ]);
});

test("the same bytes as a stream give the same records", async () => {
  const text = '[\n  { "aws": {"id":2},\n    {"id":3},\n  {"id":4}\n]';
  async function* chunks() {
    for (const char of encode(text)) yield Uint8Array.of(char);
  }
  const streamed: [string, boolean][] = [];
  for await (const { bytes, error } of splitNdjsonStream(chunks()))
    streamed.push([read(bytes), error === undefined]);
  expect(streamed).toEqual(shapeOf(text));
});
