import { expect, test } from "vitest";
import { noteLines } from "./note-markdown.ts";

const shown = (text: string) =>
  noteLines(text).map(({ kind, mark, spans }) =>
    [kind, mark, ...spans.map(({ text: words, look }) => `${look}:${words}`)].join("|"),
  );

test.each([
  ["plain words", "Called the owner.", ["text||plain:Called the owner."]],
  ["a heading", "## Next", ["heading||plain:Next"]],
  ["bullets and numbers", "- one\n2. two", ["bullet|•|plain:one", "number|2.|plain:two"]],
  ["a quote", "> said", ["quote||plain:said"]],
  [
    "strong, stressed and code",
    "a **b c** *d* `e*f*`",
    ["text||plain:a |strong:b c|plain: |stress:d|plain: |code:e*f*"],
  ],
  ["a fence", "```\n<b>*x*\n```\nend", ["code||code:<b>*x*", "text||plain:end"]],
  [
    "a link as words and address",
    "[our bank](https://evil.example/x)",
    ["text||plain:our bank (https://evil.example/x)"],
  ],
  ["HTML as it was typed", "<img src=x onerror=y>", ["text||plain:<img src=x onerror=y>"]],
  ["stars that mean nothing", "2*3*4 and ** a **", ["text||plain:2*3*4 and ** a **"]],
  ["empty lines", "a\n\nb", ["text||plain:a", "text|", "text||plain:b"]],
])("%s", (_name, text, expected) => {
  expect(shown(text)).toEqual(expected);
});

test("a long run of marks is read in a moment", () => {
  const text = "**a *`[".repeat(2_000);
  const lines = noteLines(text);
  expect(lines[0]!.spans.map((span) => span.text).join("").length).toBeGreaterThan(2_000);
});
