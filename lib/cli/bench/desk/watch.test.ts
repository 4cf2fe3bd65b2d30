import { expect, test } from "vitest";
import { nextPaint } from "./watch.ts";

const of = (...times: number[]) => times.map((ms) => ({ name: `${ms}`, ms }));

test("interaction to next paint is the slowest of few, and leaves out one of every fifty of many", () => {
  expect(nextPaint(of(16, 300, 24)).ms).toBe(300);
  const many = of(300, 200, ...Array.from({ length: 48 }, () => 16));
  expect(nextPaint(many).ms).toBe(200);
  expect(nextPaint(many.slice(0, 49)).ms).toBe(300);
  expect(nextPaint([]).ms).toBeNaN();
});
