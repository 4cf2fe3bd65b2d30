import { expect, test } from "vitest";
import { pagesOf } from "./text-pages.ts";

test("the pages of a text are the text, cut after whole lines", () => {
  const text = Array.from({ length: 40 }, (_, n) => `line ${n}\n`).join("");
  const pages = pagesOf(text, 50);
  expect(pages.length).toBeGreaterThan(3);
  expect(pages.map((page) => page.text).join("")).toBe(text);
  expect(pages.every((page) => page.text.endsWith("\n"))).toBe(true);
  expect(pages.map((page) => text.slice(page.start, page.end))).toEqual(
    pages.map((page) => page.text),
  );
});

test("a line that is too long for a page is cut, and no character is halved", () => {
  const text = "😀".repeat(301);
  const pages = pagesOf(text, 51);
  expect(pages.length).toBeGreaterThan(5);
  expect(pages.map((page) => page.text).join("")).toBe(text);
  expect(pages.every((page) => page.text.isWellFormed())).toBe(true);
});

test("an empty text has no page", () => {
  expect(pagesOf("")).toEqual([]);
});
