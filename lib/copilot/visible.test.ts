import * as fc from "fast-check";
import { expect, test } from "vitest";
import { displayRuns } from "#lib/domain/evidence/display.ts";
import { countHidden, modelText, withHiddenBack, withoutHidden } from "./visible.ts";

const same = (text: string): string => text;

/** A block of text as a screen shows it. */
function onScreen(text: string): string {
  return displayRuns(text, { lines: true })
    .map((run) => (run.kind === "plain" ? run.text : `\u27E8${run.code}\u27E9`))
    .join("");
}

/** Two hundred strings that hide, reorder or imitate: one or three of each kind of character in the middle of words. */
const HOSTILE = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0xa0),
  ...range(0x200b, 0x200f),
  ...range(0x202a, 0x202e),
  ...range(0x2060, 0x206f),
  ...range(0xfe00, 0xfe0f),
  ...range(0xe0020, 0xe003f),
  ...range(0xe0100, 0xe0110),
  ...[0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180e, 0x2028, 0x2029, 0x2800, 0x3164],
  ...[0xfeff, 0xffa0, 0xfff9, 0xffff, 0xd800, 0xdfff, 0xe000, 0x1bca0, 0x1d173, 0x10fffe],
].flatMap((point) => {
  const char = String.fromCodePoint(point);
  return [`pass${char}word`, `${char}${char}a\n${char}`];
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

test("a model reads what a person reads: nothing that hides is left, each is named", () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(200);
  for (const text of HOSTILE) {
    const shown = modelText(text, same);
    expect(shown).toBe(onScreen(text));
    expect(withoutHidden(shown)).toBe(shown);
    expect(shown.isWellFormed()).toBe(true);
  }
});

test("plain text of any script is left as it is", () => {
  for (const text of ["Пример 例 مثال ñ", "two\nlines\tand a tab", "ok \u{1F600}", ""]) {
    expect(modelText(text, same)).toBe(text);
    expect(countHidden(text)).toBe(0);
  }
});

test("nothing hides from what is replaced behind an invisible character", () => {
  const replace = (text: string): string => text.replaceAll("hunter2", "[secret]");
  expect(modelText("pw hun\u200Bter2\u202E ok", replace)).toBe("pw [secret] ok");
  expect(modelText("pw hunter\u200B3", replace)).toBe("pw hunter\u27E8U+200B\u27E93");
});

test("a quotation gets back the characters that the model was shown by name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const whole = text.toWellFormed();
      fc.pre(!whole.includes("\u27E8"));
      expect(withHiddenBack(modelText(whole, same))).toBe(whole);
    }),
  );
});

test("a mark that names no hidden character stays words", () => {
  expect(withHiddenBack("\u27E8U+0041\u27E9 \u27E8U+110000\u27E9 \u27E8U+20\u27E9")).toBe(
    "\u27E8U+0041\u27E9 \u27E8U+110000\u27E9 \u27E8U+20\u27E9",
  );
});

test("hidden characters are counted", () => {
  expect(countHidden("a\u200Bb\u202E\n\t")).toBe(2);
});
