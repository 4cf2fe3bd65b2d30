import { describe, expect, test } from "vitest";
import { displayRuns, hasHidden, visibleText } from "./display.ts";

function shown(text: string, options = {}): string {
  return displayRuns(text, options)
    .map((run) => (run.kind === "plain" ? run.text : `<${run.code}>`))
    .join("");
}

describe("text from evidence is shown without hiding anything", () => {
  const cases: [string, string, string][] = [
    ["plain text is one run", "powershell.exe -enc SQBFAFgA", "powershell.exe -enc SQBFAFgA"],
    ["a right-to-left override is named", "invoice\u202Efdp.exe", "invoice<U+202E>fdp.exe"],
    ["isolates are named", "\u2066a\u2069", "<U+2066>a<U+2069>"],
    ["zero width characters are named", "ad\u200Bmin\u2060\uFEFF", "ad<U+200B>min<U+2060><U+FEFF>"],
    ["a null byte is named", "a\u0000b", "a<U+0000>b"],
    ["terminal escapes are named", "\u001B[31mred\u009B0m", "<U+001B>[31mred<U+009B>0m"],
    ["tag characters are named", "hi\u{E0041}\u{E007F}", "hi<U+E0041><U+E007F>"],
    ["variation selectors are named", "a\uFE0F\u{E0100}", "a<U+FE0F><U+E0100>"],
    ["fillers are named", "\u3164\uFFA0\u115F\u2800", "<U+3164><U+FFA0><U+115F><U+2800>"],
    ["a lone surrogate is named", "x\uD83Dy", "x<U+D83D>y"],
    ["a paired surrogate is text", "ok \u{1F600}", "ok \u{1F600}"],
    ["line separators are named", "a\u2028b\u2029", "a<U+2028>b<U+2029>"],
    ["private use and noncharacters are named", "\uE000\uFFFF", "<U+E000><U+FFFF>"],
    ["line feeds are named in a line", "a\nb\tc", "a<U+000A>b<U+0009>c"],
    ["letters of every script stay", "Пример 例 مثال ñ", "Пример 例 مثال ñ"],
  ];
  test.each(cases)("%s", (_name, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test("line feeds and tabs stay in a block, carriage returns do not", () => {
    expect(shown("a\r\nb\tc", { lines: true })).toBe("a<U+000D>\nb\tc");
  });
});

describe("offsets", () => {
  const text = "ab\u202Ecd\u{1F600}ef\u0000";

  test("runs tile the text exactly", () => {
    for (const cuts of [[], [1], [3, 4], [6], [0, 99, -1, 2], [7, 1, 7]]) {
      let at = 0;
      for (const run of displayRuns(text, { cuts })) {
        expect(run.start).toBe(at);
        expect(run.end).toBeGreaterThan(run.start);
        expect(run.kind === "plain" ? run.text : text.slice(run.start, run.end)).toBe(
          text.slice(run.start, run.end),
        );
        at = run.end;
      }
      expect(at).toBe(text.length);
    }
  });

  test("a run ends at every cut", () => {
    const starts = displayRuns("password spray", { cuts: [9, 4] }).map((run) => run.start);
    expect(starts).toEqual([0, 4, 9]);
  });

  test("a cut never breaks a surrogate pair", () => {
    const runs = displayRuns("a\u{1F600}b", { cuts: [2] });
    expect(runs.map((run) => run.start)).toEqual([0, 1]);
  });
});

test("hasHidden finds what a reader cannot see and ignores ordinary line breaks", () => {
  expect(hasHidden("two\nlines\tand a tab")).toBe(false);
  expect(hasHidden("ad\u200Bmin")).toBe(true);
});

test("text for a title writes out what hides", () => {
  expect(visibleText("invoice\u202Efdp.exe\u200B")).toBe("invoice⟨U+202E⟩fdp.exe⟨U+200B⟩");
  expect(visibleText("plain")).toBe("plain");
});
