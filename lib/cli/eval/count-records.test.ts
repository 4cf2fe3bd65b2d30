import { describe, expect, test } from "vitest";
import { containerOf, countRecords, recordLines } from "./count-records.ts";

const bytes = (text: string) => Buffer.from(text);

describe("containerOf", () => {
  test.each([
    ["one object a line, whatever the name", "a.eve.json", '{"a":1}\n{"a":2}\n', "lines"],
    ["one line under an NDJSON name", "a.ndjson", '{"a":1}\n', "lines"],
    ["a packed NDJSON name", "a.ndjson.gz", '{"a":1}\n', "lines"],
    ["one line under a JSON name", "a.json", '{"Records":[]}', "json"],
    ["pretty JSON", "a.json", '{\n  "a": 1\n}\n', "json"],
    ["a broken array", "a.json", '[\n {"a":1},\n', "json"],
    ["nothing", "a.json", "", "json"],
  ])("%s", (_name, path, text, expected) => {
    expect(containerOf(path, bytes(text))).toBe(expected);
  });
});

describe("countRecords", () => {
  test.each([
    ["an array", '[{"a":1},{"a":2}]', 2],
    ["a wrapper", '{"Records":[{},{},{}]}', 3],
    ["raw log entries", '{"raw_logs":{"entries":[{"data":"x"}]}}', 1],
    ["one object", '{"a":[1,2,3]}', 1],
    ["an empty file", "", 0],
    ["a broken file", '[{"a":1}', null],
  ])("%s", (_name, text, expected) => {
    expect(countRecords(bytes(text), "json")).toBe(expected);
  });

  test("a broken line is a record all the same", () => {
    expect(countRecords(bytes('{"a":1}\n{"a":\n{"a":3}'), "lines")).toBe(3);
  });
});

test("recordLines gives the bytes of each line without what stands around them", () => {
  const lines = [...recordLines(bytes(' {"a":1}\r\n\n\t{"b":"\u00e9"} \n'))];
  expect(lines.map(([line, number]) => [line.toString("utf8"), number])).toEqual([
    ['{"a":1}', 1],
    ['{"b":"\u00e9"}', 3],
  ]);
});
