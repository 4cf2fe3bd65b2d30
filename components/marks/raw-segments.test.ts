import { describe, expect, test } from "vitest";
import { findHits, rawSegments } from "./raw-segments.ts";

describe("the cuts of a raw record", () => {
  test("join to the record exactly, whatever is marked and searched", () => {
    const raw = '{"a": "\u202Eevil", "b": 9007199254740993}\r\n';
    const hits = findHits(raw, "e");
    const segments = rawSegments(raw, { start: 7, end: 12 }, hits);
    expect(segments.map((segment) => segment.text).join("")).toBe(raw);
    expect(segments.map((segment) => segment.start)).toEqual(
      segments.map((_, i) => segments.slice(0, i).reduce((n, s) => n + s.text.length, 0)),
    );
  });

  test("mark the cited span and nothing else", () => {
    const marked = rawSegments("one two three", { start: 4, end: 7 }, []).filter((s) => s.marked);
    expect(marked.map((segment) => segment.text)).toEqual(["two"]);
  });

  test("keep a hit inside the mark as both", () => {
    const both = rawSegments("one two three", { start: 4, end: 7 }, [{ start: 5, end: 6 }]);
    expect(both.find((segment) => segment.hit === 0)).toMatchObject({ text: "w", marked: true });
  });

  test("survive a span outside the text", () => {
    const segments = rawSegments("short", { start: 3, end: 99 }, []);
    expect(segments.map((segment) => segment.text).join("")).toBe("short");
  });

  test("are one piece when nothing is marked, and none for an empty record", () => {
    expect(rawSegments("abc", null, [])).toHaveLength(1);
    expect(rawSegments("", null, [])).toEqual([]);
  });
});

describe("search in a raw record", () => {
  test("takes the words literally and ignores case", () => {
    expect(findHits("a.b A.B axb", "a.b")).toEqual([
      { start: 0, end: 3 },
      { start: 4, end: 7 },
    ]);
  });

  test("finds nothing for nothing and stops at the most", () => {
    expect(findHits("aaaa", "")).toEqual([]);
    expect(findHits("aaaa", "a", 2)).toHaveLength(2);
  });
});
