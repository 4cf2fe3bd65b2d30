import { expect, test } from "vitest";
import { wentTo } from "./went-to.ts";

const split = (way: "out" | "in", number: string, ...places: [number, number][]) => ({
  way,
  other: { number },
  places,
});

test("a place within a span that went leads to where it went, by number or by label", () => {
  const splits = [split("out", "INC-000012", [2, 4], [7, 7]), split("out", "INC-000013", [9, 9])];
  expect(wentTo(splits, 3)).toBe("INC-000012");
  expect(wentTo(splits, "E7")).toBe("INC-000012");
  expect(wentTo(splits, "E9")).toBe("INC-000013");
});

test("what stands here, and what this incident was opened for, went nowhere", () => {
  expect(wentTo([split("out", "INC-000012", [2, 4])], 5)).toBeNull();
  expect(wentTo([split("in", "INC-000001", [2, 4])], 3)).toBeNull();
});
