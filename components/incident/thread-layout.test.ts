import fc from "fast-check";
import { expect, test } from "vitest";
import { threadLayout } from "./thread-layout.ts";

test("lines stand one under another without a gap, and each is found where it stands", () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer({ min: 1, max: 200 })), { minLength: 1, maxLength: 60 }),
      (heights) => {
        const odd = heights.flatMap((height, row) => (height === null ? [] : [row]));
        const layout = threadLayout(heights.length, 32, odd, (row) => heights[row]!);
        let top = 0;
        for (const [row, height] of heights.entries()) {
          expect(layout.top(row)).toBe(top);
          expect(layout.heightOf(row)).toBe(height ?? 32);
          expect(layout.rowAt(top)).toBe(row);
          expect(layout.rowAt(top + (height ?? 32) - 0.5)).toBe(row);
          top += height ?? 32;
        }
        expect(layout.total).toBe(top);
        expect(layout.rowAt(-5)).toBe(0);
        expect(layout.rowAt(top + 5)).toBe(heights.length - 1);
      },
    ),
  );
});
